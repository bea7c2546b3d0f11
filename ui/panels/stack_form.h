#pragma once

#include "ui/models/file_questions.h"
#include "ui/panels/question_form.h"

class QComboBox;

namespace rnnscope::ui {

/// Which of several recurrent networks in a file is meant, and which linear layer reads it.
class StackForm : public QuestionForm
{
    Q_OBJECT
public:
    explicit StackForm(WeightQuestion question, QWidget* parent = nullptr);
    const WeightQuestion& question() const { return m_question; }
    weights::Choices choices() const; ///< as the fields say now

private:
    void showStack(); ///< its read-outs, and whether it can be loaded
    const StackOption* stack() const;

    WeightQuestion m_question;
    QComboBox* m_stack;
    QComboBox* m_head;
    QComboBox* m_nonlinearity;
};

/// "net.pt", "net.pt and 11 others like it"
QString filesTitle(const std::vector<std::filesystem::path>& files);

} // namespace rnnscope::ui
