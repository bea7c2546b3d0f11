#pragma once

#include <QFrame>

class QComboBox;
class QGridLayout;
class QLabel;
class QPushButton;
class QVBoxLayout;

namespace rnnscope::ui {

/// Something to say before files can be opened: a card inside the window with a sentence, fields, what is wrong with
/// them, Open and Dismiss. Enter opens, Escape dismisses.
class QuestionForm : public QFrame
{
    Q_OBJECT
public:
    explicit QuestionForm(const QString& title, QWidget* parent = nullptr);

    void setQueue(int waiting); ///< how many other questions wait
    void focusFirstField();

Q_SIGNALS:
    void accepted();
    void dismissed();

protected:
    enum class Verdict { Neutral, Good, Wrong };

    void setText(const QString& text); ///< muted, under the title; plain
    void setVerdict(Verdict verdict, const QString& text);
    void setReady(bool ready); ///< Open can be pressed
    /// A field with its caption above it, the next in a row that wraps at the window's least width.
    void addField(const QString& caption, QWidget* field, int columns = 1);
    void keyPressEvent(QKeyEvent* event) override;

private:
    QLabel* m_title;
    QLabel* m_text;
    QLabel* m_verdict;
    QLabel* m_queue;
    QGridLayout* m_fields;
    QPushButton* m_open;
    QPushButton* m_dismiss;
    int m_column = 0;
    int m_row = 0;
};

/// A chooser that may be narrower than its longest entry.
QComboBox* narrowChooser(const char* name, const QString& accessibleName);

} // namespace rnnscope::ui
