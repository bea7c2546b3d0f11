#pragma once

#include <QWidget>

#include <deque>

class QVBoxLayout;

namespace rnnscope::ui {

class QuestionForm;

/// Questions about files, inside the window: one is shown, the others wait for their turn.
class QuestionBar : public QWidget
{
    Q_OBJECT
public:
    explicit QuestionBar(QWidget* parent = nullptr);

    void add(QuestionForm* form); ///< takes it; it goes once it is accepted or dismissed
    int count() const { return static_cast<int>(m_forms.size()); }
    QuestionForm* shown() const { return m_forms.empty() ? nullptr : m_forms.front(); }

private:
    void remove(QuestionForm* form);
    void showFirst();

    std::deque<QuestionForm*> m_forms;
    QVBoxLayout* m_layout;
};

} // namespace rnnscope::ui
