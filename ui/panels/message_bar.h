#pragma once

#include <QString>
#include <QWidget>

class QVBoxLayout;

namespace rnnscope::ui {

/// Messages inside the window: one sentence each, details on demand, dismissed one by one. The newest three stay.
class MessageBar : public QWidget
{
    Q_OBJECT
public:
    explicit MessageBar(QWidget* parent = nullptr);

    void showError(const QString& message, const QString& detail = {});
    void showNote(const QString& message);
    int count() const;
    void dismissAll();

private:
    void add(const QString& severity, const QString& message, const QString& detail);

    QVBoxLayout* m_rows;
};

} // namespace rnnscope::ui
