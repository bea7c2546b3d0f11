#pragma once

#include "ui/models/file_questions.h"
#include "ui/panels/question_form.h"

class QCheckBox;
class QComboBox;
class QSpinBox;

namespace rnnscope::ui {

/// What network a file of numbers without names is; says at once whether the sizes have as many parameters.
class SizesForm : public QuestionForm
{
    Q_OBJECT
public:
    explicit SizesForm(WeightQuestion question, QWidget* parent = nullptr);
    const WeightQuestion& question() const { return m_question; }
    weights::Choices choices() const; ///< as the fields say now

private:
    QSpinBox* size(const char* name, const QString& title, int value);
    zoo::Architecture architecture() const;
    void judge();

    WeightQuestion m_question;
    zoo::Architecture m_likely; ///< what the fields begin with
    QComboBox* m_cell;
    QSpinBox* m_input;
    QSpinBox* m_hidden;
    QSpinBox* m_layers;
    QSpinBox* m_output;
    QCheckBox* m_bias;
};

} // namespace rnnscope::ui
