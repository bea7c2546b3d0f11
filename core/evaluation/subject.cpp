#include "core/evaluation/subject.h"

#include "core/evaluation/raw_features.h"
#include "core/tasks/dataset_split.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>

namespace rnnscope::evaluation {

namespace {

bool isPart(zoo::Split split, Part part)
{
    switch (part) {
    case Part::Training:
        return split == zoo::Split::Training;
    case Part::Validation:
        return split == zoo::Split::Validation || split == zoo::Split::Calibration;
    case Part::Ood:
    case Part::Resplits:
        return split == zoo::Split::Ood;
    case Part::Unseen:
        return split == zoo::Split::Unknown;
    }
    return false;
}

Error about(const zoo::Checkpoint& checkpoint, Error error)
{
    const std::string path = checkpoint.path.string();
    if (error.code != Errc::Cancelled && !path.empty() && error.message.find(path) == std::string::npos)
        error.message = fmt::format("{}: {}", path, error.message);
    return error;
}

/// "interactive_probing", and the next one of the same kind that is configured differently "interactive_probing (2)".
class MethodNames
{
public:
    std::string nameOf(const zoo::Checkpoint& checkpoint)
    {
        std::string title(zoo::name(checkpoint.config.kind));
        if (checkpoint.emulator.empty())
            title += " end-to-end";
        const auto& emulator = checkpoint.emulatorConfig;
        const std::string settings = fmt::format("{} {} {} {}", zoo::toJson(checkpoint.config).dump(),
                                                 emulator.hiddenSize, emulator.numLayers, emulator.onlyConditionBos);
        auto& known = m_settings[title];
        const auto found = std::find(known.begin(), known.end(), settings);
        const auto place = static_cast<std::size_t>(found - known.begin());
        if (found == known.end())
            known.push_back(settings);
        return place == 0 ? title : fmt::format("{} ({})", title, place + 1);
    }

private:
    std::map<std::string, std::vector<std::string>> m_settings;
};

Result<Matrix> embed(Workshop& workshop, const zoo::Checkpoint& checkpoint)
{
    auto encoder = workshop.engine.makeEncoder(checkpoint, workshop.options.device);
    if (!encoder)
        return forward(encoder);
    Matrix all(workshop.zoo->size, static_cast<std::size_t>(checkpoint.config.embeddingSize));
    const auto keep = [&](engine::EncodedBlock&& block) -> Result<void> {
        std::copy(block.embedding.values.begin(), block.embedding.values.end(), all.row(block.first).begin());
        return {};
    };
    const auto done = (*encoder)->encode(*workshop.zoo, {}, keep, workshop.progress, workshop.stop);
    if (!done)
        return forward(done);
    return all;
}

/// Trains the constant-embedding baseline at most once for each emulator.
class Constants
{
public:
    Result<std::optional<zoo::ConstantBaseline>> get(Workshop& workshop, const zoo::Checkpoint& checkpoint,
                                                     const std::string& criterion)
    {
        const auto& emulator = checkpoint.emulatorConfig;
        const Key key {emulator.hiddenSize, emulator.numLayers, emulator.onlyConditionBos, criterion};
        if (const auto found = m_known.find(key); found != m_known.end())
            return found->second;
        if (workshop.options.constantSteps == 0)
            return std::optional<zoo::ConstantBaseline> {};
        engine::TrainOptions options;
        options.config = checkpoint.config;
        options.emulator = emulator;
        options.criterion = criterion;
        options.steps = options.constantSteps = workshop.options.constantSteps;
        options.seed = workshop.options.seed;
        options.device = workshop.options.device;
        auto trained = workshop.engine.trainConstant(workshop.zoo, options, workshop.progress, workshop.stop);
        if (!trained)
            return forward(trained);
        return m_known[key] = *trained;
    }

private:
    using Key = std::tuple<int, int, bool, std::string>;
    std::map<Key, zoo::ConstantBaseline> m_known;
};

Result<void> trainHeads(Workshop& workshop, Subject& subject)
{
    auto heads = workshop.engine.trainHeads(*workshop.zoo, subject.embedding, subject.splits,
                                            {.properties = {}, .seed = workshop.options.seed}, workshop.progress,
                                            workshop.stop);
    if (!heads)
        return forward(heads);
    subject.heads = *std::move(heads);
    return {};
}

Result<void> addEmulation(Workshop& workshop, Constants& constants, const zoo::Checkpoint& checkpoint, bool trainedHere,
                          Subject& subject)
{
    if (checkpoint.emulator.empty()) {
        workshop.notes.push_back(fmt::format("{} holds no emulator: no emulation loss", checkpoint.path.string()));
        return {};
    }
    if (!workshop.zoo->rollouts) {
        workshop.notes.push_back(fmt::format("{} has no roll-outs: no emulation losses", workshop.zoo->path.string()));
        return {};
    }
    const std::string trainedFor = checkpoint.training ? checkpoint.training->criterion : zoo::kDefaultCriterion;
    const engine::EmulationOptions options {
        .sequences = workshop.options.sequences,
        .criterion = workshop.options.criterion.empty() ? trainedFor : workshop.options.criterion,
        .device = workshop.options.device};
    auto losses = workshop.engine.emulationLosses(*workshop.zoo, checkpoint, options, workshop.progress, workshop.stop);
    if (!losses)
        return forward(losses);
    subject.emulation = *std::move(losses);
    subject.criterion = options.criterion;
    if (trainedHere && checkpoint.constant && options.criterion == trainedFor) {
        subject.constant = checkpoint.constant;
        return {};
    }
    auto constant = constants.get(workshop, checkpoint, options.criterion);
    if (!constant)
        return forward(constant);
    subject.constant = *constant;
    return {};
}

Result<Subject> encoderSubject(Workshop& workshop, MethodNames& names, Constants& constants,
                               const zoo::Checkpoint& checkpoint, const std::string& fingerprint,
                               const std::vector<zoo::Split>& ownSplits)
{
    if (auto fits = zoo::checkFits(checkpoint.config, workshop.zoo->architecture); !fits)
        return fail(Errc::ShapeMismatch,
                    fmt::format("{} does not fit {}: {}", checkpoint.path.string(), workshop.zoo->path.string(),
                                fits.error().message));
    Subject subject;
    subject.method = names.nameOf(checkpoint);
    auto embedding = embed(workshop, checkpoint);
    if (!embedding)
        return forward(embedding);
    subject.embedding = *std::move(embedding);
    subject.splits = zoo::splitsOf(checkpoint, *workshop.zoo, fingerprint);
    subject.heads = checkpoint.heads;
    const bool trainedHere = !subject.unseen();
    if (subject.heads.empty()) {
        if (!trainedHere)
            subject.splits = ownSplits;
        workshop.notes.push_back(
            fmt::format("{} holds no predictors: they were trained for this table", checkpoint.path.string()));
        if (auto trained = trainHeads(workshop, subject); !trained)
            return forward(trained);
    }
    if (auto added = addEmulation(workshop, constants, checkpoint, trainedHere, subject); !added)
        return forward(added);
    return subject;
}

Subject rawSubject(const std::string& method, Matrix features, const std::vector<zoo::Split>& splits)
{
    Subject subject;
    subject.method = method;
    subject.embedding = std::move(features);
    subject.splits = splits;
    return subject;
}

} // namespace

bool Subject::unseen() const
{
    return std::all_of(splits.begin(), splits.end(), [](zoo::Split split) { return split == zoo::Split::Unknown; });
}

std::vector<std::size_t> rowsOf(const std::vector<zoo::Split>& splits, Part part)
{
    std::vector<std::size_t> rows;
    for (std::size_t row = 0; row < splits.size(); ++row)
        if (isPart(splits[row], part))
            rows.push_back(row);
    return rows;
}

Result<std::vector<Subject>> encoderSubjects(Workshop& workshop, const Checkpoints& checkpoints)
{
    const auto fingerprint = zoo::fingerprint(*workshop.zoo);
    if (!fingerprint)
        return forward(fingerprint);
    const auto plan = tasks::splitZoo(*workshop.zoo);
    if (!plan.note.empty())
        workshop.notes.push_back(plan.note);
    MethodNames names;
    Constants constants;
    std::vector<Subject> subjects;
    for (const auto& checkpoint : checkpoints) {
        auto subject = encoderSubject(workshop, names, constants, *checkpoint, *fingerprint, plan.rows);
        if (!subject)
            return tl::make_unexpected(about(*checkpoint, subject.error()));
        subjects.push_back(*std::move(subject));
    }
    return subjects;
}

Result<std::vector<Subject>> rawSubjects(Workshop& workshop, const std::vector<zoo::Split>& splits)
{
    std::vector<Subject> subjects;
    auto statistics = rawStatistics(*workshop.zoo, splits, workshop.options.threads, workshop.progress, workshop.stop);
    if (!statistics)
        return forward(statistics);
    subjects.push_back(rawSubject("raw statistics", *std::move(statistics), splits));
    auto components = weightComponents(*workshop.zoo, splits, workshop.progress, workshop.stop);
    if (!components)
        return forward(components);
    subjects.push_back(rawSubject("PCA of the weights", *std::move(components), splits));
    for (Subject& subject : subjects)
        if (auto trained = trainHeads(workshop, subject); !trained)
            return forward(trained);
    return subjects;
}

} // namespace rnnscope::evaluation
