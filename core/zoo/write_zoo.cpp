#include "core/base/file.h"
#include "core/zoo/property_hdf5.h"
#include "core/zoo/zoo.h"

#include <algorithm>
#include <numeric>

namespace rnnscope::zoo {

namespace {

using hdf5::raise;
using hdf5::Store;
using hdf5::unwrap;
using hdf5::Writer;

constexpr std::size_t kBlockFloats = std::size_t {1} << 20; // in memory at once

/// What is written: the zoo, its rows, and who is told.
struct Job
{
    const Zoo& zoo;
    std::vector<std::size_t> rows;
    std::size_t sequences = 0; ///< roll-outs kept per network
    bool half = false;
    bool checksums = false;
    Progress& progress;
    std::stop_token stop;
};

void stopIfAsked(const Job& job)
{
    if (job.stop.stop_requested())
        throw hdf5::Failure {cancelled("writing the zoo").value()};
}

/// Length of the stretch of consecutive rows from index `first`, at most `most`.
std::size_t stretch(const std::vector<std::size_t>& rows, std::size_t first, std::size_t most)
{
    std::size_t count = 1;
    while (count < most && first + count < rows.size() && rows[first + count] == rows[first] + count)
        ++count;
    return count;
}

void writeParameters(const Job& job, const Writer& file)
{
    const std::size_t columns = job.zoo.architecture.parameterCount();
    const std::size_t most = std::max<std::size_t>(1, kBlockFloats / columns);
    const std::vector<std::size_t> shape {job.rows.size(), columns};
    const Writer dataset = file.dataset("parameters", job.half ? Store::Float16 : Store::Float32, shape);
    std::vector<float> block(std::min(most, job.rows.size()) * columns);
    for (std::size_t first = 0; first < job.rows.size();) {
        stopIfAsked(job);
        const std::size_t count = stretch(job.rows, first, most);
        const auto values = std::span(block).first(count * columns);
        unwrap(job.zoo.parameters->read(job.rows[first], count, values));
        dataset.writeRows(first, std::span<const float>(values));
        first += count;
        job.progress.update(first);
    }
}

void writeRollouts(const Job& job, const Writer& file)
{
    if (job.sequences == 0)
        return;
    const RolloutShape from = job.zoo.rollouts->shape();
    const std::size_t networks = job.rows.size();
    std::vector<std::size_t> inputShape {networks, job.sequences, from.inputSteps};
    if (!from.tokens())
        inputShape.push_back(from.inputSize);
    const std::vector<std::size_t> logitShape {networks, job.sequences, from.logitSteps, from.outputSize};
    const Writer group = file.group("rollouts");
    const Writer inputs = group.dataset("inputs", from.tokens() ? Store::Int16 : Store::Float16, inputShape);
    const Writer logits = group.dataset("logits", Store::Float16, logitShape);
    std::vector<float> inputValues(job.sequences * from.inputValues());
    std::vector<float> logitValues(job.sequences * from.logitValues());
    for (std::size_t i = 0; i < networks; ++i) {
        stopIfAsked(job);
        unwrap(job.zoo.rollouts->readInputs(job.rows[i], 0, job.sequences, inputValues));
        unwrap(job.zoo.rollouts->readLogits(job.rows[i], 0, job.sequences, logitValues));
        inputs.writeRows(i, std::span<const float>(inputValues));
        logits.writeRows(i, std::span<const float>(logitValues));
        job.progress.update(networks + i + 1);
    }
}

void writeHeader(const Zoo& zoo, const std::string& provenance, const Writer& file)
{
    file.text("format", "rnn-zoo");
    file.integer("version", 1);
    file.text("name", zoo.name);
    file.text("task_family", name(zoo.family));
    file.text("provenance", provenance);
    const Writer group = file.group("architecture");
    group.text("cell", name(zoo.architecture.cell));
    group.integer("input_size", zoo.architecture.inputSize);
    group.integer("hidden_size", zoo.architecture.hiddenSize);
    group.integer("num_layers", zoo.architecture.numLayers);
    group.integer("output_size", zoo.architecture.outputSize);
    group.boolean("bias", zoo.architecture.bias);
    group.text("head", "linear");
}

/// Bytes of the large datasets.
std::size_t expectedBytes(const Job& job)
{
    const std::size_t parameters = job.zoo.architecture.parameterCount() * (job.half ? 2 : 4);
    if (job.sequences == 0)
        return job.rows.size() * parameters;
    const RolloutShape shape = job.zoo.rollouts->shape();
    return job.rows.size() * (parameters + job.sequences * 2 * (shape.inputValues() + shape.logitValues()));
}

Result<void> writeFile(const Job& job, const std::string& provenance, const fs::path& path, const fs::path& target)
{
    return hdf5::guarded(target, [&] {
        hdf5::checkSpace(target, expectedBytes(job));
        Writer file = Writer::createFile(path, target, job.checksums ? hdf5::Packing::Checksums : hdf5::Packing::Plain);
        writeHeader(job.zoo, provenance, file);
        const bool everyRow = job.rows.size() == job.zoo.size && stretch(job.rows, 0, job.zoo.size) == job.zoo.size;
        const std::span<const std::size_t> chosen = everyRow && job.rows.front() == 0
            ? std::span<const std::size_t>()
            : std::span<const std::size_t>(job.rows);
        {
            const Writer group = file.group("properties");
            for (const Property& property : job.zoo.properties)
                hdf5::writeProperty(group, property, chosen);
        }
        writeParameters(job, file);
        writeRollouts(job, file);
        stopIfAsked(job);
        file.close();
    });
}

Result<void> checkJob(const Job& job, const fs::path& path)
{
    if (job.rows.empty())
        return fail(Errc::BadValue, fmt::format("cannot write {}: there are no networks to write", path.string()));
    for (const std::size_t row : job.rows)
        if (row >= job.zoo.size)
            return fail(
                Errc::BadValue,
                fmt::format("cannot write {}: there is no network {} among {}", path.string(), row, job.zoo.size));
    return hdf5::guarded(path, [&] {
        for (const Property& property : job.zoo.properties) {
            hdf5::checkName("property", property.name, path);
            if (property.rows() != job.zoo.size)
                raise(Errc::ShapeMismatch,
                      fmt::format("cannot write {}: property '{}' has {} rows, expected {}", path.string(),
                                  property.name, property.rows(), job.zoo.size));
        }
    });
}

} // namespace

Result<void> writeZoo(const Zoo& zoo, const fs::path& path, const WriteZooOptions& options, Progress& progress,
                      std::stop_token stop)
{
    Job job {.zoo = zoo,
             .rows = options.rows,
             .sequences = zoo.rollouts ? std::min(options.rolloutSequences, zoo.rollouts->shape().sequences) : 0,
             .half = options.halfParameters || zoo.parameters->isHalf(),
             .checksums = options.checksums,
             .progress = progress,
             .stop = std::move(stop)};
    if (job.rows.empty()) {
        job.rows.resize(zoo.size);
        std::iota(job.rows.begin(), job.rows.end(), std::size_t {0});
    }
    if (const auto checked = checkJob(job, path); !checked)
        return checked;
    const std::string& provenance = options.provenance.empty() ? zoo.provenance : options.provenance;
    progress.begin(fmt::format("writing {}", path.filename().string()), job.rows.size() * (job.sequences == 0 ? 1 : 2));
    return replaceFile(path, [&](const fs::path& part) { return writeFile(job, provenance, part, path); });
}

} // namespace rnnscope::zoo
