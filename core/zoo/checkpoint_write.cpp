#include "core/zoo/checkpoint.h"
#include "core/zoo/hdf5_writer.h"

#include <nlohmann/json.hpp>

namespace rnnscope::zoo {

namespace {

using hdf5::Store;
using hdf5::Writer;

struct Target
{
    const fs::path& path;
    Store tensors; ///< float16 or float32
};

void writeState(const Writer& parent, const std::string& name, const State& state, const Target& target)
{
    const Writer group = parent.group(name);
    for (const auto& [tensorName, tensor] : state) {
        hdf5::checkName("tensor", tensorName, target.path);
        const std::vector<std::size_t> shape(tensor.shape.begin(), tensor.shape.end());
        std::size_t entries = 1;
        for (const std::size_t size : shape)
            entries *= size;
        if (entries != tensor.values.size())
            hdf5::raise(Errc::ShapeMismatch,
                        fmt::format("cannot write {}: the tensor {} has {} values, its shape asks for {}",
                                    target.path.string(), tensorName, tensor.values.size(), entries));
        group.array<float>(tensorName, target.tensors, shape, tensor.values);
    }
}

void writeList(const Writer& group, const std::string& name, const std::vector<double>& values)
{
    if (!values.empty())
        group.array<double>(name, Store::Float64, std::vector {values.size()}, values);
}

void writeHead(const Writer& heads, const Head& head, const Target& target)
{
    hdf5::checkName("property", head.property, target.path);
    const Writer group = heads.group(head.property);
    group.text("kind", name(head.kind));
    group.text("unit", head.unit);
    if (head.kind == PropertyKind::Circular)
        group.real("period", head.period);
    if (!head.labels.empty())
        group.texts("labels", head.labels);
    for (std::size_t column = 0; column < head.classes.size(); ++column)
        writeList(group, fmt::format("classes_{}", column), head.classes[column]);
    writeList(group, "mean", head.mean);
    writeList(group, "scale", head.scale);
    writeState(group, "state", head.state, target);
    const Calibration& calibration = head.calibration;
    if (calibration.scores.size() != calibration.groups.size())
        hdf5::raise(Errc::ShapeMismatch,
                    fmt::format("cannot write {}: the head for {} has {} calibration scores of {} networks",
                                target.path.string(), head.property, calibration.scores.size(),
                                calibration.groups.size()));
    writeList(group, "calibration_scores", calibration.scores);
    if (!calibration.groups.empty())
        group.array<std::int64_t>("calibration_groups", Store::Int64, std::vector {calibration.groups.size()},
                                  calibration.groups);
}

void writeConstant(const Writer& training, const ConstantBaseline& constant)
{
    training.integer("constant_steps", static_cast<std::int64_t>(constant.steps));
    training.real("constant_train_loss", constant.train);
    training.real("constant_validation_loss", constant.validation);
    training.real("constant_calibration_loss", constant.calibration);
    training.real("constant_ood_loss", constant.ood);
}

void writeTraining(const Writer& file, const TrainingRecord& record, const std::optional<ConstantBaseline>& constant)
{
    const Writer group = file.group("training");
    group.text("criterion", record.criterion);
    writeList(group, "step", record.step);
    writeList(group, "train_loss", record.trainLoss);
    writeList(group, "validation_loss", record.validationLoss);
    writeList(group, "ood_loss", record.oodLoss);
    const auto runs = [&](const char* name, const std::vector<std::int64_t>& ids) {
        group.array<std::int64_t>(name, Store::Int64, std::vector {ids.size()}, ids);
    };
    runs("train", record.splits.train);
    runs("validation", record.splits.validation);
    runs("calibration", record.splits.calibration);
    runs("ood", record.splits.ood);
    if (constant)
        writeConstant(group, *constant);
}

void writeReference(const Writer& file, const Checkpoint& checkpoint, const Target& target)
{
    const Matrix& embedding = checkpoint.referenceEmbedding;
    const auto expectRows = [&](const char* what, std::size_t rows) {
        if (rows != embedding.rows)
            hdf5::raise(Errc::ShapeMismatch,
                        fmt::format("cannot write {}: {} reference {} for {} embeddings", target.path.string(), rows,
                                    what, embedding.rows));
    };
    const Writer group = file.group("reference");
    group.array<float>("embedding", target.tensors, std::vector {embedding.rows, embedding.columns}, embedding.values);
    if (!checkpoint.referenceSplits.empty()) {
        expectRows("splits", checkpoint.referenceSplits.size());
        std::vector<std::int64_t> splits;
        for (const Split split : checkpoint.referenceSplits)
            splits.push_back(static_cast<std::int64_t>(split));
        group.array<std::int64_t>("split", Store::Int8, std::vector {splits.size()}, splits);
    }
    if (!checkpoint.referenceRuns.empty()) {
        expectRows("runs", checkpoint.referenceRuns.size());
        group.array<std::int64_t>("run", Store::Int64, std::vector {checkpoint.referenceRuns.size()},
                                  checkpoint.referenceRuns);
    }
}

/// Names are "<module>/<tensor>/first" and "…/second".
void writeMoments(const Writer& resume, const State& moments, const Target& target)
{
    const Writer group = resume.group("moments");
    std::map<std::string, std::map<std::string, State>> modules;
    for (const auto& [name, tensor] : moments) {
        const std::size_t module = name.find('/');
        const std::size_t moment = name.rfind('/');
        if (module == std::string::npos || moment == module)
            hdf5::raise(Errc::BadValue,
                        fmt::format("cannot write {}: '{}' names no moment of a tensor", target.path.string(), name));
        modules[name.substr(0, module)][name.substr(module + 1, moment - module - 1)].emplace(name.substr(moment + 1),
                                                                                              tensor);
    }
    for (const auto& [module, tensors] : modules) {
        hdf5::checkName("module", module, target.path);
        const Writer part = group.group(module);
        for (const auto& [tensor, both] : tensors) {
            hdf5::checkName("tensor", tensor, target.path);
            writeState(part, tensor, both, target);
        }
    }
}

void writeResume(const Writer& file, const ResumeState& resume, const fs::path& path)
{
    const Target target {.path = path, .tensors = Store::Float32};
    const Writer group = file.group("resume");
    group.integer("step", static_cast<std::int64_t>(resume.step));
    group.text("options", resume.options);
    group.real("best_loss", resume.bestLoss);
    group.integer("best_step", static_cast<std::int64_t>(resume.bestStep));
    group.integer("evaluations_since_best", static_cast<std::int64_t>(resume.evaluationsSinceBest));
    group.real("loss_sum", resume.lossSum);
    group.integer("loss_count", static_cast<std::int64_t>(resume.lossCount));
    writeState(group, "encoder_state", resume.encoder, target);
    writeState(group, "emulator_state", resume.emulator, target);
    writeMoments(group, resume.moments, target);
}

void writeFile(const Checkpoint& checkpoint, const fs::path& part, const Target& target)
{
    const bool small = target.tensors == Store::Float16 && !checkpoint.resume; // else it is written again and again
    Writer file = Writer::createFile(part, target.path, small ? hdf5::Packing::Deflated : hdf5::Packing::Plain);
    file.text("format", "rnn-encoder");
    file.integer("version", 1);
    file.text("encoder", name(checkpoint.config.kind));
    file.text("config", toJson(checkpoint.config).dump());
    file.text("provenance", checkpoint.provenance);
    file.text("zoo_fingerprint", checkpoint.zooFingerprint);
    writeState(file, "encoder_state", checkpoint.encoder, target);
    if (!checkpoint.emulator.empty()) {
        const nlohmann::json emulator = {{"hidden_size", checkpoint.emulatorConfig.hiddenSize},
                                         {"num_layers", checkpoint.emulatorConfig.numLayers},
                                         {"only_condition_bos", checkpoint.emulatorConfig.onlyConditionBos}};
        file.text("emulator_config", emulator.dump());
        writeState(file, "emulator_state", checkpoint.emulator, target);
    }
    if (!checkpoint.heads.empty()) {
        const Writer heads = file.group("heads");
        for (const Head& head : checkpoint.heads)
            writeHead(heads, head, target);
    }
    if (checkpoint.training || checkpoint.constant)
        writeTraining(file, checkpoint.training.value_or(TrainingRecord {}), checkpoint.constant);
    if (!checkpoint.referenceEmbedding.empty())
        writeReference(file, checkpoint, target);
    if (checkpoint.resume)
        writeResume(file, *checkpoint.resume, target.path);
    file.close();
}

} // namespace

Result<void> writeCheckpoint(const Checkpoint& checkpoint, const fs::path& path, const WriteCheckpointOptions& options)
{
    const Target target {.path = path, .tensors = options.half ? Store::Float16 : Store::Float32};
    return replaceFile(
        path, [&](const fs::path& part) { return hdf5::guarded(path, [&] { writeFile(checkpoint, part, target); }); });
}

} // namespace rnnscope::zoo
