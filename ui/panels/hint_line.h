#pragma once

#include <QWidget>

namespace rnnscope::ui {

class Hints;

/// One muted line below a pane that says what to do there, and a button that takes it away. Goes once its hint is
/// finished.
class HintLine : public QWidget
{
    Q_OBJECT
public:
    HintLine(Hints& hints, const QString& id, const QString& text, QWidget* parent = nullptr);

    const QString& text() const { return m_text; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_text;
};

} // namespace rnnscope::ui
