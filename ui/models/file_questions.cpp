#include "ui/models/file_questions.h"

#include "core/weights/load_choice.h"
#include "ui/models/flat_sizes.h"
#include "ui/models/labels.h"
#include "ui/models/opening.h"

#include <map>
#include <utility>

namespace rnnscope::ui {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestName = 48;
constexpr std::size_t kLongestNote = 200;

/// "'encoder.lstm': LSTM 2×32, 6 in"
QString describeStack(const weights::RecurrentStack& stack)
{
    const auto what = QString::fromStdString(stack.description());
    if (stack.name.empty())
        return what;
    return QStringLiteral("'%1': %2").arg(plainText(stack.name, kLongestName), what);
}

QString describeHead(const weights::LinearHead& head)
{
    const auto outputs = QObject::tr("%1 out").arg(head.outputSize);
    if (head.name.empty())
        return outputs;
    return QStringLiteral("'%1', %2").arg(plainText(head.name, kLongestName), outputs);
}

/// The name by which loadWeights() takes it.
std::string optionName(const std::string& name)
{
    return name.empty() ? "." : name;
}

StackOption optionOf(const weights::RecurrentStack& stack)
{
    StackOption option {.name = optionName(stack.name),
                        .text = describeStack(stack),
                        .tanhOrRelu = stack.tanhOrRelu,
                        .unfit = plainText(stack.unfit, kLongestNote),
                        .heads = {}};
    for (const auto& head : stack.heads)
        option.heads.push_back({.name = optionName(head.name), .text = describeHead(head)});
    if (option.heads.empty() && option.unfit.isEmpty())
        option.unfit = QObject::tr("has no linear read-out");
    return option;
}

/// The questions of a batch of files, in order of their first file.
Result<std::vector<WeightQuestion>> questionsOf(const std::vector<fs::path>& files, const FileReaders& readers,
                                                JobContext& context)
{
    std::vector<WeightQuestion> questions;
    std::map<std::string, std::size_t> known;
    context.begin("Looking into files", files.size());
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (context.stop().stop_requested())
            return cancelled("opening files");
        const auto file = readers.open(files[i]);
        if (!file)
            return forward(file);
        const auto inspection = readers.inspect(**file);
        if (!inspection)
            return forward(inspection);
        auto question = makeQuestion(**file, *inspection);
        const auto [at, fresh] = known.try_emplace(likeness(question), questions.size());
        if (fresh)
            questions.push_back(std::move(question));
        else
            questions[at->second].files.push_back(files[i]);
        context.update(i + 1);
    }
    return questions;
}

/// Few files are opened one by one, so that each can be closed by itself; those of a folder with labels together.
std::vector<std::vector<fs::path>> batchesOf(const WeightQuestion& question)
{
    if (question.files.size() > kMostStars || !question.labels.empty())
        return {question.files};
    std::vector<std::vector<fs::path>> batches;
    for (const auto& file : question.files)
        batches.push_back({file});
    return batches;
}

} // namespace

WeightQuestion makeQuestion(const weights::TensorFile& file, const weights::Inspection& inspection)
{
    WeightQuestion question {.files = {file.path()},
                             .labels = {},
                             .format = file.format(),
                             .stacks = {},
                             .flat = inspection.flat,
                             .likely = {}};
    if (inspection.flat)
        question.likely = weights::sizesOfList(file, *inspection.flat);
    else
        for (const auto& stack : inspection.stacks)
            question.stacks.push_back(optionOf(stack));
    return question;
}

std::string likeness(const WeightQuestion& question)
{
    if (question.flat)
        return "flat " + std::to_string(question.flat->parameters)
            + (question.likely ? question.likely->description() : std::string());
    std::string text;
    const auto add = [&text](const std::string& name, const QString& what) {
        text += std::to_string(name.size()) + ' ' + name + what.toStdString() + '\n';
    };
    for (const auto& stack : question.stacks) {
        add(stack.name, stack.text + stack.unfit);
        for (const auto& head : stack.heads)
            add(head.name, head.text);
    }
    return text;
}

FileQuestions::FileQuestions(JobRunner& opening, std::function<std::vector<zoo::Architecture>()> known, QObject* parent)
    : QObject(parent)
    , m_opening(opening)
    , m_known(std::move(known))
{
}

void FileQuestions::report(const Error& error)
{
    if (error.code != Errc::Cancelled)
        Q_EMIT failed(QString::fromStdString(error.message), QString::fromStdString(error.detail));
}

void FileQuestions::ask(const std::vector<weights::Refused>& refused, const fs::path& labels)
{
    std::vector<fs::path> files;
    for (const auto& each : refused)
        if (each.error.code == Errc::NeedsChoice)
            files.push_back(each.file);
    if (files.empty())
        return;
    using Answer = Result<std::vector<WeightQuestion>>;
    m_opening.run(
        this, {},
        [files, readers = m_readers](JobContext& context) -> Answer { return questionsOf(files, readers, context); },
        [this, labels](Answer&& questions) {
            if (!questions)
                return report(questions.error());
            for (auto& question : *questions) {
                question.labels = labels;
                if (question.flat && !question.likely)
                    question.likely = likelySizes(question.flat->parameters, m_known());
                Q_EMIT weightsAsked(question);
            }
        });
}

void FileQuestions::askEncoder(const fs::path& path)
{
    using Answer = Result<EncoderImport>;
    const auto look = [path, readers = m_readers](JobContext& context) -> Answer {
        context.begin("Looking into files", 1);
        const auto file = readers.open(path);
        if (!file)
            return forward(file);
        auto guess = weights::guessEncoder(**file, {});
        if (!guess)
            return forward(guess);
        return EncoderImport {.file = *file, .guess = *std::move(guess), .known = {}};
    };
    m_opening.run(this, {}, look, [this](Answer&& question) {
        if (!question)
            return report(question.error());
        question->known = m_known();
        if (!question->guess.questions.empty()) {
            Q_EMIT encoderAsked(*question);
            return;
        }
        for (const auto& note : question->guess.notes)
            Q_EMIT noted(plainText(question->file->path().filename().string()) + QStringLiteral(": ")
                         + plainText(note, kLongestNote));
        import(*question, {});
    });
}

void FileQuestions::open(const WeightQuestion& question, const weights::Choices& choices)
{
    using Answer = Result<std::vector<weights::WeightZoos>>;
    weights::WeightZooOptions options;
    options.choices = choices;
    options.labels = question.labels;
    const auto batches = batchesOf(question);
    m_opening.run(
        this, {},
        [batches, options, readers = m_readers](JobContext& context) -> Answer {
            std::vector<weights::WeightZoos> all;
            for (const auto& files : batches) {
                auto zoos = readers.load(files, options, context, context.stop());
                if (!zoos)
                    return forward(zoos);
                all.push_back(*std::move(zoos));
            }
            return all;
        },
        [this](const Answer& answer) {
            if (!answer)
                return report(answer.error());
            for (const auto& each : *answer)
                Q_EMIT loaded(each);
        });
}

void FileQuestions::import(const EncoderImport& question, const weights::EncoderChoices& choices)
{
    using Answer = Result<std::shared_ptr<const zoo::Checkpoint>>;
    m_opening.run(
        this, {},
        [file = question.file, choices](JobContext& context) -> Answer {
            context.begin("Importing the encoder", 1);
            auto checkpoint = weights::importEncoder(*file, choices);
            if (!checkpoint)
                return forward(checkpoint);
            return std::make_shared<const zoo::Checkpoint>(*std::move(checkpoint));
        },
        [this](const Answer& answer) {
            if (answer)
                Q_EMIT imported(*answer);
            else
                report(answer.error());
        });
}

} // namespace rnnscope::ui
