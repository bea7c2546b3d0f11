#include "ui/panels/encoder_form.h"

#include "ui/models/labels.h"

#include <QComboBox>
#include <QSpinBox>

#include <algorithm>
#include <utility>

namespace rnnscope::ui {

namespace {

constexpr int kLargestSize = 1 << 14;
constexpr std::size_t kLongestSentence = 240;

QString kindTitle(zoo::EncoderKind kind)
{
    const auto title = zoo::title(kind);
    return QString::fromUtf8(title);
}

QString title(const EncoderImport& import)
{
    const bool either = std::any_of(import.guess.questions.begin(), import.guess.questions.end(),
                                    [](const auto& question) { return question.key == "encoder"; });
    const auto file = plainText(import.file->path().filename().string());
    if (either)
        return QObject::tr("%1 holds a published encoder. It does not tell:").arg(file);
    return QObject::tr("%1 holds a published encoder (%2). It does not tell:")
        .arg(file, kindTitle(import.guess.config.kind));
}

QString whatItReads(const zoo::EncoderConfig& config)
{
    if (config.probing())
        return QObject::tr("any network of %1 inputs and %2 outputs")
            .arg(config.rnn.inputSize)
            .arg(config.rnn.outputSize);
    return QString::fromStdString(config.rnn.description());
}

QString sentence(const std::string& text)
{
    auto line = plainText(text, kLongestSentence);
    if (!line.isEmpty())
        line[0] = line[0].toUpper();
    return line;
}

} // namespace

EncoderForm::EncoderForm(EncoderImport question, QWidget* parent)
    : QuestionForm(title(question), parent)
    , m_import(std::move(question))
{
    const auto likely = likelyAnswers(*m_import.file, m_import.guess, m_import.known);
    for (std::size_t i = 0; i < m_import.guess.questions.size(); ++i)
        addQuestion(m_import.guess.questions[i], likely[i].value);
    QStringList notes;
    for (const auto& note : m_import.guess.notes)
        notes << sentence(note);
    setText(notes.join(QLatin1Char('\n')));
    judge();
}

void EncoderForm::addQuestion(const weights::EncoderQuestion& question, const std::string& likely)
{
    const auto objectName = "encoder:" + question.key;
    QWidget* field = nullptr;
    if (asksForNumber(question)) {
        auto* box = new QSpinBox;
        box->setObjectName(QString::fromStdString(objectName));
        box->setRange(1, kLargestSize);
        box->setValue(QString::fromStdString(likely).toInt());
        connect(box, &QSpinBox::valueChanged, this, &EncoderForm::judge);
        field = box;
    } else {
        auto* chooser = narrowChooser(objectName.c_str(), {});
        chooser->setMinimumContentsLength(0);
        for (const auto& answer : question.answers)
            chooser->addItem(answerTitle(question.key, answer), QString::fromStdString(answer));
        chooser->setCurrentIndex(std::max(chooser->findData(QString::fromStdString(likely)), 0));
        connect(chooser, &QComboBox::currentIndexChanged, this, &EncoderForm::judge);
        field = chooser;
    }
    field->setAccessibleName(sentence(question.question));
    field->setToolTip(sentence(question.question).toHtmlEscaped());
    m_fields.push_back(field);
    addField(questionTitle(question.key), field, question.key == "encoder" ? 2 : 1);
}

std::vector<EncoderAnswer> EncoderForm::answers() const
{
    std::vector<EncoderAnswer> answers;
    for (std::size_t i = 0; i < m_fields.size(); ++i) {
        const auto* chooser = qobject_cast<const QComboBox*>(m_fields[i]);
        const auto* box = qobject_cast<const QSpinBox*>(m_fields[i]);
        answers.push_back(
            {m_import.guess.questions[i].key,
             chooser != nullptr ? chooser->currentData().toString().toStdString() : std::to_string(box->value())});
    }
    return answers;
}

weights::EncoderChoices EncoderForm::choices() const
{
    return choicesOf(answers());
}

void EncoderForm::judge()
{
    const auto whole = weights::guessEncoder(*m_import.file, choices());
    const bool complete = whole && whole->questions.empty();
    setReady(complete);
    if (!whole)
        setVerdict(Verdict::Wrong, sentence(whole.error().message));
    else if (!complete)
        setVerdict(Verdict::Wrong, sentence(whole->questions.front().question));
    else
        setVerdict(Verdict::Good, tr("%1, reads %2 ✓").arg(kindTitle(whole->config.kind), whatItReads(whole->config)));
}

} // namespace rnnscope::ui
