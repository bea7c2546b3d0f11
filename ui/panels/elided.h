#pragma once

#include <QComboBox>
#include <QLabel>

namespace rnnscope::ui {

/// Plain text on one line that ends in "…" where there is no room for all of it; its tool tip has the whole.
class ElidedLabel : public QLabel
{
public:
    explicit ElidedLabel(QWidget* parent = nullptr);
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
};

/// The same of what is chosen.
class ElidedComboBox : public QComboBox
{
public:
    using QComboBox::QComboBox;

protected:
    void paintEvent(QPaintEvent* event) override;
};

} // namespace rnnscope::ui
