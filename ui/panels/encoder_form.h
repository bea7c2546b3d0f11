#pragma once

#include "ui/models/encoder_answers.h"
#include "ui/models/file_questions.h"
#include "ui/panels/question_form.h"

#include <vector>

namespace rnnscope::ui {

/// What the tensors of a published encoder do not tell: a field for every question, filled with the likely answer.
class EncoderForm : public QuestionForm
{
    Q_OBJECT
public:
    explicit EncoderForm(EncoderImport question, QWidget* parent = nullptr);
    const EncoderImport& question() const { return m_import; }
    weights::EncoderChoices choices() const; ///< as the fields say now

private:
    void addQuestion(const weights::EncoderQuestion& question, const std::string& likely);
    std::vector<EncoderAnswer> answers() const;
    void judge();

    EncoderImport m_import;
    std::vector<QWidget*> m_fields; ///< choosers and number boxes, one per question
};

} // namespace rnnscope::ui
