#pragma once

#include "core/weights/encoder_state.h"
#include "core/weights/weight_zoo.h"
#include "ui/jobs/job.h"

#include <QObject>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace rnnscope::ui {

/// A recurrent stack of a file that could be meant.
struct StackOption
{
    struct Head
    {
        std::string name; ///< for weights::Choices
        QString text; ///< "'decoder', 6 out"
    };
    std::string name; ///< for weights::Choices
    QString text; ///< "'model.encoder': LSTM 2×32, 6 in"
    bool tanhOrRelu = false; ///< the file does not tell which
    QString unfit; ///< why it cannot be loaded; empty: it can
    std::vector<Head> heads;
};

/// What has to be said before weight files can be opened. One answer opens all of them.
struct WeightQuestion
{
    std::vector<std::filesystem::path> files; ///< alike, at least one
    std::filesystem::path labels; ///< CSV; may be empty
    weights::Format format = weights::Format::TorchZip;
    std::vector<StackOption> stacks; ///< empty: `flat`
    std::optional<weights::FlatParameters> flat; ///< numbers without names
    std::optional<zoo::Architecture> likely; ///< sizes to begin with, of flat ones
};

/// A published encoder and what its tensors do not tell.
struct EncoderImport
{
    std::shared_ptr<const weights::TensorFile> file;
    weights::EncoderGuess guess;
    std::vector<zoo::Architecture> known; ///< of open zoos
};

/// How files are read; tests give fakes.
struct FileReaders
{
    std::function<Result<std::shared_ptr<const weights::TensorFile>>(const std::filesystem::path&)> open
        = &weights::openTensorFile;
    std::function<Result<weights::Inspection>(const weights::TensorFile&)> inspect = &weights::inspect;
    std::function<Result<weights::WeightZoos>(const std::vector<std::filesystem::path>&,
                                              const weights::WeightZooOptions&, Progress&, std::stop_token)>
        load = &weights::openWeightZoos;
};

/// Files that cannot be opened without a word of the user. Finds out what there is to say, and opens them once it is
/// said. Lives on the GUI thread; files are read in jobs.
class FileQuestions : public QObject
{
    Q_OBJECT
public:
    /// `known`: shapes of what is open, most likely first.
    FileQuestions(JobRunner& opening, std::function<std::vector<zoo::Architecture>()> known, QObject* parent = nullptr);

    void setReaders(FileReaders readers) { m_readers = std::move(readers); }

    /// Those of `refused` that need a choice, alike ones together.
    void ask(const std::vector<weights::Refused>& refused, const std::filesystem::path& labels = {});
    void askEncoder(const std::filesystem::path& path);
    void open(const WeightQuestion& question, const weights::Choices& choices);
    void import(const EncoderImport& question, const weights::EncoderChoices& choices);

Q_SIGNALS:
    void weightsAsked(const WeightQuestion& question);
    void encoderAsked(const EncoderImport& question); ///< has something to answer
    void loaded(const weights::WeightZoos& loaded);
    void imported(std::shared_ptr<const zoo::Checkpoint> checkpoint);
    void failed(const QString& message, const QString& detail);
    void noted(const QString& message);

private:
    void report(const Error& error);

    JobRunner& m_opening;
    std::function<std::vector<zoo::Architecture>()> m_known;
    FileReaders m_readers;
};

/// What the user may choose in a file, as far as it can be told: a stack or sizes. Files with the same text are alike.
std::string likeness(const WeightQuestion& question);
WeightQuestion makeQuestion(const weights::TensorFile& file, const weights::Inspection& inspection);

} // namespace rnnscope::ui
