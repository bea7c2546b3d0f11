#include "ui/panels/sizes_form.h"

#include "ui/models/encoder_answers.h"
#include "ui/models/flat_sizes.h"
#include "ui/panels/stack_form.h"
#include "ui/plots/text.h"

#include <QCheckBox>
#include <QComboBox>
#include <QSpinBox>

#include <utility>

namespace rnnscope::ui {

namespace {

constexpr int kLargestSize = 1 << 16;

QString title(const WeightQuestion& question)
{
    const auto number = [](std::size_t value) { return groupedNumber(static_cast<qlonglong>(value)); };
    const auto files = filesTitle(question.files);
    const auto& flat = *question.flat;
    if (flat.networks == 1 || question.files.size() > 1)
        return QObject::tr("%1: %2 numbers without names. What network are they?").arg(files, number(flat.parameters));
    return QObject::tr("%1: %2 rows of %3 numbers without names. What networks are they?")
        .arg(files, number(flat.networks), number(flat.parameters));
}

} // namespace

SizesForm::SizesForm(WeightQuestion question, QWidget* parent)
    : QuestionForm(title(question), parent)
    , m_question(std::move(question))
    , m_likely(m_question.likely.value_or(likelySizes(m_question.flat->parameters, {})))
    , m_cell(narrowChooser("sizesCell", tr("Cell")))
    , m_input(size("sizesInput", tr("Inputs"), m_likely.inputSize))
    , m_hidden(size("sizesHidden", tr("Hidden units"), m_likely.hiddenSize))
    , m_layers(size("sizesLayers", tr("Layers"), m_likely.numLayers))
    , m_output(size("sizesOutput", tr("Outputs"), m_likely.outputSize))
    , m_bias(new QCheckBox(tr("Biases")))
{
    for (const auto cell : {zoo::Cell::Lstm, zoo::Cell::Gru, zoo::Cell::RnnTanh, zoo::Cell::RnnRelu})
        m_cell->addItem(answerTitle("rnn.cell", std::string(zoo::name(cell))), static_cast<int>(cell));
    m_cell->setMinimumContentsLength(0);
    m_cell->setCurrentIndex(m_cell->findData(static_cast<int>(m_likely.cell)));
    m_bias->setObjectName(QStringLiteral("sizesBias"));
    m_bias->setChecked(m_likely.bias);
    m_bias->setToolTip(tr("The recurrent layers have bias_ih and bias_hh"));
    addField(tr("Cell"), m_cell);
    addField(tr("Inputs"), m_input);
    addField(tr("Hidden units"), m_hidden);
    addField(tr("Layers"), m_layers);
    addField(tr("Outputs"), m_output);
    addField({}, m_bias);
    connect(m_cell, &QComboBox::currentIndexChanged, this, &SizesForm::judge);
    connect(m_bias, &QCheckBox::toggled, this, &SizesForm::judge);
    for (auto* box : {m_input, m_hidden, m_layers, m_output})
        connect(box, &QSpinBox::valueChanged, this, &SizesForm::judge);
    judge();
}

QSpinBox* SizesForm::size(const char* name, const QString& title, int value)
{
    auto* box = new QSpinBox;
    box->setObjectName(QString::fromLatin1(name));
    box->setAccessibleName(title);
    box->setRange(1, kLargestSize);
    box->setValue(value);
    return box;
}

zoo::Architecture SizesForm::architecture() const
{
    return {.cell = static_cast<zoo::Cell>(m_cell->currentData().toInt()),
            .inputSize = m_input->value(),
            .hiddenSize = m_hidden->value(),
            .numLayers = m_layers->value(),
            .outputSize = m_output->value(),
            .bias = m_bias->isChecked()};
}

void SizesForm::judge()
{
    const auto verdict = judgeSizes(architecture(), m_question.flat->parameters);
    setVerdict(verdict.fits ? Verdict::Good : Verdict::Wrong, verdict.text);
    setReady(verdict.fits);
}

weights::Choices SizesForm::choices() const
{
    const auto sizes = architecture();
    weights::Choices choices;
    choices.sizes = {.cell = sizes.cell,
                     .input = sizes.inputSize,
                     .hidden = sizes.hiddenSize,
                     .layers = sizes.numLayers,
                     .output = sizes.outputSize,
                     .bias = sizes.bias};
    return choices;
}

} // namespace rnnscope::ui
