#pragma once

#include <QString>
#include <QWidget>

#include <functional>

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
    /// A note with one thing to do about it; the message goes once it is done.
    void showOffer(const QString& message, const QString& action, std::function<void()> act);
    int count() const;
    void dismissAll();

private:
    struct Message
    {
        QString severity; ///< "error" or "note"
        QString text;
        QString detail;
        QString action; ///< of the button; empty: none
        std::function<void()> act;
    };
    void add(const Message& message);
    void remove(QWidget* row);

    QVBoxLayout* m_rows;
};

} // namespace rnnscope::ui
