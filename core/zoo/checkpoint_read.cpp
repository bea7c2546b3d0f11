#include "core/zoo/checkpoint.h"
#include "core/zoo/file_kind.h"
#include "core/zoo/hdf5_dataset.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace rnnscope::zoo {

namespace {

using hdf5::Dataset;
using hdf5::Node;
using hdf5::raise;

nlohmann::json parseJson(const Node& node, const std::string& attribute)
{
    auto json = nlohmann::json::parse(node.text(attribute), nullptr, false);
    if (!json.is_object())
        raise(Errc::BadFormat, fmt::format("the attribute '{}' of {} is not a JSON object", attribute, node.where()));
    return json;
}

Tensor readTensor(const Node& group, const std::string& name)
{
    const Dataset dataset(group, name);
    if (dataset.isText() || dataset.isInteger())
        raise(Errc::BadFormat, fmt::format("the tensor {} holds no floats", dataset.where()));
    Tensor tensor;
    tensor.shape.assign(dataset.shape().begin(), dataset.shape().end());
    tensor.values = dataset.readFloats();
    if (!std::all_of(tensor.values.begin(), tensor.values.end(), [](float value) { return std::isfinite(value); }))
        raise(Errc::BadValue, fmt::format("the tensor {} has values that are NaN or infinite", dataset.where()));
    return tensor;
}

State readState(const Node& parent, const std::string& name)
{
    const Node group = parent.group(name);
    State state;
    for (const std::string& tensor : group.members())
        state.emplace(tensor, readTensor(group, tensor));
    return state;
}

std::vector<double> readList(const Node& group, const std::string& name)
{
    if (!group.has(name))
        return {};
    const Dataset dataset(group, name);
    if (dataset.shape().size() != 1)
        raise(Errc::ShapeMismatch,
              fmt::format("{} has shape {}, expected one dimension", dataset.where(), describeShape(dataset.shape())));
    return dataset.readDoubles();
}

std::vector<std::int64_t> readRuns(const Node& group, const std::string& name)
{
    if (!group.has(name))
        return {};
    const Dataset dataset(group, name);
    if (dataset.shape().size() != 1 || !dataset.isInteger())
        raise(Errc::BadFormat, dataset.where() + " is not a list of run ids");
    return dataset.readIntegers();
}

Calibration readCalibration(const Node& head)
{
    Calibration calibration {.scores = readList(head, "calibration_scores"), .groups = {}};
    if (head.has("calibration_groups"))
        calibration.groups = readRuns(head, "calibration_groups");
    if (calibration.scores.size() != calibration.groups.size())
        raise(Errc::ShapeMismatch,
              fmt::format("{} has {} calibration scores of {} networks, expected as many", head.where(),
                          calibration.scores.size(), calibration.groups.size()));
    for (const double score : calibration.scores)
        if (!(score >= 0.0)) // infinite: a class that the head does not know
            raise(
                Errc::BadValue,
                fmt::format("{} has the calibration score {}, expected none below 0 and no NaN", head.where(), score));
    return calibration;
}

Head readHead(const Node& heads, const std::string& property)
{
    const Node group = heads.group(property);
    Head head;
    head.property = property;
    const auto kind = propertyKindFromName(group.text("kind"));
    if (!kind)
        raise(Errc::BadFormat, fmt::format("{}: {}", group.where(), kind.error().message));
    head.kind = *kind;
    if (group.hasAttribute("unit"))
        head.unit = group.text("unit");
    if (group.hasAttribute("period"))
        head.period = group.real("period");
    if (head.kind == PropertyKind::Circular && !(head.period > 0.0 && std::isfinite(head.period)))
        raise(Errc::BadFormat, group.where() + " is circular but its attribute 'period' is missing or not positive");
    if (group.hasAttribute("labels"))
        head.labels = group.texts("labels");
    for (std::size_t column = 0; group.has(fmt::format("classes_{}", column)); ++column)
        head.classes.push_back(readList(group, fmt::format("classes_{}", column)));
    head.mean = readList(group, "mean");
    head.scale = readList(group, "scale");
    if (head.mean.size() != head.scale.size())
        raise(Errc::ShapeMismatch,
              fmt::format("{} has {} means and {} scales, expected as many", group.where(), head.mean.size(),
                          head.scale.size()));
    head.state = readState(group, "state");
    head.calibration = readCalibration(group);
    return head;
}

TrainingRecord readTraining(const Node& group)
{
    TrainingRecord record;
    if (group.hasAttribute("criterion"))
        record.criterion = group.text("criterion");
    record.step = readList(group, "step");
    record.trainLoss = readList(group, "train_loss");
    record.validationLoss = readList(group, "validation_loss");
    record.oodLoss = readList(group, "ood_loss");
    const auto fill = [&](const char* name, std::vector<double>& values) {
        if (values.empty())
            values.assign(record.step.size(), std::nan(""));
        if (values.size() != record.step.size())
            raise(Errc::ShapeMismatch,
                  fmt::format("{} of {} has {} entries, expected {} like 'step'", name, group.where(), values.size(),
                              record.step.size()));
    };
    fill("train_loss", record.trainLoss);
    fill("validation_loss", record.validationLoss);
    fill("ood_loss", record.oodLoss);
    record.splits = {.train = readRuns(group, "train"),
                     .validation = readRuns(group, "validation"),
                     .calibration = readRuns(group, "calibration"),
                     .ood = readRuns(group, "ood")};
    return record;
}

/// A count in an attribute: not negative.
std::size_t readCount(const Node& node, const std::string& name)
{
    const std::int64_t value = node.integer(name);
    if (value < 0)
        raise(Errc::BadFormat,
              fmt::format("the attribute '{}' of {} is {}, expected 0 or more", name, node.where(), value));
    return static_cast<std::size_t>(value);
}

std::optional<ConstantBaseline> readConstant(const Node& training)
{
    if (!training.hasAttribute("constant_steps"))
        return {};
    const auto loss
        = [&](const std::string& name) { return training.hasAttribute(name) ? training.real(name) : std::nan(""); };
    return ConstantBaseline {.steps = readCount(training, "constant_steps"),
                             .train = loss("constant_train_loss"),
                             .validation = loss("constant_validation_loss"),
                             .calibration = loss("constant_calibration_loss"),
                             .ood = loss("constant_ood_loss")};
}

Matrix readEmbedding(const Node& group, int embeddingSize)
{
    Matrix matrix;
    if (!group.has("embedding"))
        return matrix;
    const Dataset dataset(group, "embedding");
    const auto& shape = dataset.shape();
    if (shape.size() != 2 || shape[1] != static_cast<std::size_t>(embeddingSize))
        raise(Errc::ShapeMismatch,
              fmt::format("{} has shape {}, expected rows of {} numbers", dataset.where(), describeShape(shape),
                          embeddingSize));
    matrix.rows = shape[0];
    matrix.columns = shape[1];
    matrix.values = dataset.readFloats();
    return matrix;
}

/// One integer for each of `rows` networks; none when absent.
std::vector<std::int64_t> readPerNetwork(const Node& group, const std::string& name, std::size_t rows)
{
    std::vector<std::int64_t> values = readRuns(group, name);
    if (group.has(name) && values.size() != rows)
        raise(Errc::ShapeMismatch,
              fmt::format("{} of {} has {} entries, expected {} like the embedding's rows", name, group.where(),
                          values.size(), rows));
    return values;
}

void readReference(const Node& group, Checkpoint& checkpoint)
{
    checkpoint.referenceEmbedding = readEmbedding(group, checkpoint.config.embeddingSize);
    const std::size_t rows = checkpoint.referenceEmbedding.rows;
    for (const std::int64_t split : readPerNetwork(group, "split", rows)) {
        if (split < static_cast<std::int64_t>(Split::Unknown) || split > static_cast<std::int64_t>(Split::Ood))
            raise(Errc::BadFormat, fmt::format("the splits of {} hold {}, expected -1 to 3", group.where(), split));
        checkpoint.referenceSplits.push_back(static_cast<Split>(split));
    }
    checkpoint.referenceRuns = readPerNetwork(group, "run", rows);
}

State readMoments(const Node& resume)
{
    State moments;
    const Node group = resume.group("moments");
    for (const std::string& module : group.members()) {
        const Node part = group.group(module);
        for (const std::string& tensor : part.members())
            for (auto& [moment, values] : readState(part, tensor))
                moments.emplace(fmt::format("{}/{}/{}", module, tensor, moment), std::move(values));
    }
    return moments;
}

ResumeState readResume(const Node& group)
{
    ResumeState resume;
    resume.step = readCount(group, "step");
    resume.options = group.text("options");
    resume.encoder = readState(group, "encoder_state");
    resume.emulator = readState(group, "emulator_state");
    resume.moments = readMoments(group);
    resume.bestLoss = group.real("best_loss");
    resume.bestStep = readCount(group, "best_step");
    resume.evaluationsSinceBest = readCount(group, "evaluations_since_best");
    resume.lossSum = group.real("loss_sum");
    resume.lossCount = readCount(group, "loss_count");
    if (std::isnan(resume.bestLoss) || !std::isfinite(resume.lossSum))
        raise(Errc::BadValue, fmt::format("the losses of {} are not finite", group.where()));
    if (resume.bestStep > resume.step || resume.lossCount > resume.step)
        raise(Errc::BadFormat,
              fmt::format("{} is at step {}, its best step is {} and its losses are of {} steps", group.where(),
                          resume.step, resume.bestStep, resume.lossCount));
    return resume;
}

EmulatorConfig readEmulatorConfig(const Node& file)
{
    EmulatorConfig config;
    const auto json = parseJson(file, "emulator_config");
    const auto size = [&](const char* key, int& value) {
        constexpr int kLargest = 1 << 14;
        if (!json.contains(key))
            return;
        if (!json[key].is_number_integer() || json[key] < 1 || json[key] > kLargest)
            raise(Errc::BadFormat,
                  fmt::format("the emulator's config key '{}' of {} is {}, expected 1 to {}", key, file.where(),
                              json[key].dump().substr(0, 40), kLargest));
        value = json[key].get<int>();
    };
    size("hidden_size", config.hiddenSize);
    size("num_layers", config.numLayers);
    if (const auto found = json.find("only_condition_bos"); found != json.end()) {
        if (!found->is_boolean())
            raise(
                Errc::BadFormat,
                fmt::format("the emulator's config key 'only_condition_bos' of {} is not true or false", file.where()));
        config.onlyConditionBos = found->get<bool>();
    }
    return config;
}

EncoderConfig readConfig(const Node& file)
{
    const auto kind = encoderKindFromName(file.text("encoder"));
    if (!kind)
        raise(Errc::BadFormat, fmt::format("{}: {}", file.where(), kind.error().message));
    const auto config = encoderConfigFromJson(*kind, parseJson(file, "config"));
    if (!config)
        raise(config.error().code, fmt::format("{}: {}", file.where(), config.error().message));
    return *config;
}

std::shared_ptr<const Checkpoint> readCheckpoint(const fs::path& path)
{
    const Node file = Node::openFile(path);
    file.expectFormat("rnn-encoder", 1);
    auto checkpoint = std::make_shared<Checkpoint>();
    checkpoint->path = path;
    checkpoint->config = readConfig(file);
    if (file.hasAttribute("provenance"))
        checkpoint->provenance = file.text("provenance");
    if (file.hasAttribute("zoo_fingerprint"))
        checkpoint->zooFingerprint = file.text("zoo_fingerprint");
    checkpoint->encoder = readState(file, "encoder_state");
    if (file.hasAttribute("emulator_config"))
        checkpoint->emulatorConfig = readEmulatorConfig(file);
    if (file.has("emulator_state"))
        checkpoint->emulator = readState(file, "emulator_state");
    if (file.has("heads")) {
        const Node heads = file.group("heads");
        for (const std::string& property : heads.members())
            checkpoint->heads.push_back(readHead(heads, property));
    }
    if (file.has("training")) {
        const Node training = file.group("training");
        checkpoint->training = readTraining(training);
        checkpoint->constant = readConstant(training);
    }
    if (file.has("reference"))
        readReference(file.group("reference"), *checkpoint);
    if (file.has("resume"))
        checkpoint->resume = readResume(file.group("resume"));
    return checkpoint;
}

} // namespace

Result<std::shared_ptr<const Checkpoint>> openCheckpoint(const fs::path& path)
{
    const auto kind = fileKind(path);
    if (!kind)
        return forward(kind);
    if (*kind != FileKind::Checkpoint)
        return fail(Errc::BadFormat, path.string() + " is a zoo, not an encoder checkpoint");
    return hdf5::guarded(path, [&] { return readCheckpoint(path); });
}

} // namespace rnnscope::zoo
