#include "core/prediction/embedding_file.h"

#include "core/base/file.h"
#include "core/prediction/embedding_csv.h"
#include "core/zoo/property_hdf5.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace rnnscope::prediction {

namespace {

using zoo::hdf5::Store;
using zoo::hdf5::Writer;

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

struct TraceDatasets
{
    Writer inputs;
    Writer outputs;
    std::size_t inputRow = 0; ///< floats per network
    std::size_t outputRow = 0;
    std::vector<bool> written; ///< [N]
};

void writePrediction(const Writer& parent, const Prediction& prediction)
{
    const Writer group = parent.group(prediction.property);
    const std::size_t rows = prediction.rows();
    std::vector<std::size_t> shape {rows};
    if (prediction.columns != 1 || !prediction.classes.empty())
        shape.push_back(prediction.columns);
    group.array<double>("value", Store::Float64, shape, prediction.values);
    group.text("kind", zoo::name(prediction.kind));
    group.text("unit", prediction.unit);
    if (prediction.kind == zoo::PropertyKind::Circular)
        group.real("period", prediction.period);
    if (!prediction.labels.empty())
        group.texts("labels", prediction.labels);
    if (prediction.calibrated())
        group.real("level", prediction.level);
    if (!prediction.lower.empty()) {
        group.array<double>("lower", Store::Float64, shape, prediction.lower);
        group.array<double>("upper", Store::Float64, shape, prediction.upper);
    }
    if (prediction.classes.empty())
        return;
    const std::size_t most = prediction.maxClasses();
    std::vector<double> padded;
    for (auto classes : prediction.classes) {
        classes.resize(most, std::nan(""));
        padded.insert(padded.end(), classes.begin(), classes.end());
    }
    group.reals("classes", std::vector {prediction.classes.size(), most}, padded); // [K, C], padded with NaN
    const std::vector<std::size_t> everyClass {rows, prediction.columns, most};
    group.array<float>("probabilities", Store::Float32, everyClass, prediction.probabilities);
    if (prediction.inSet.empty())
        return;
    const std::vector<std::int64_t> inSet(prediction.inSet.begin(), prediction.inSet.end());
    group.array<std::int64_t>("set", Store::Int8, everyClass, inSet); // 1: the set holds the class
}

void writeMask(const Writer& file, const std::string& name, const std::vector<std::uint8_t>& mask)
{
    const std::vector<std::int64_t> numbers(mask.begin(), mask.end());
    if (!mask.empty())
        file.array<std::int64_t>(name, Store::Int8, std::vector {mask.size()}, numbers);
}

Result<void> checkSummary(const EmbeddingSummary& summary, std::size_t rows, const fs::path& target)
{
    const auto wrong = [&](const std::string& what, std::size_t found) {
        return fail(Errc::ShapeMismatch,
                    fmt::format("cannot write {}: {} has {} rows, expected {}", target.string(), what, found, rows));
    };
    if (!summary.projection.empty() && (summary.projection.rows != rows || summary.projection.columns != 2))
        return wrong("the projection", summary.projection.rows);
    if (!summary.splits.empty() && summary.splits.size() != rows)
        return wrong("the split", summary.splits.size());
    if (!summary.trust.empty() && summary.trust.size() != rows)
        return wrong("the trust", summary.trust.size());
    for (const std::size_t size :
         {summary.names.size(), summary.zoos.size(), summary.selected.size(), summary.shown.size()})
        if (size != 0 && size != rows)
            return wrong("what is said of the networks", size);
    for (const Prediction& prediction : summary.predictions) {
        zoo::hdf5::checkName("property", prediction.property, target);
        const std::size_t values = rows * prediction.columns;
        const std::size_t entries = values * prediction.maxClasses();
        const auto fits
            = [](const auto& optional, std::size_t size) { return optional.empty() || optional.size() == size; };
        if (prediction.rows() != rows || prediction.probabilities.size() != entries || !fits(prediction.lower, values)
            || prediction.upper.size() != prediction.lower.size() || !fits(prediction.inSet, entries))
            return wrong(fmt::format("the prediction of '{}'", prediction.property), prediction.rows());
    }
    return {};
}

} // namespace

struct EmbeddingWriter::Private
{
    PendingFile pending;
    EmbeddingSource source;
    bool csv = false;
    std::optional<Writer> file;
    std::optional<TraceDatasets> traces;
    Matrix raw; ///< [N, D], NaN where not appended
    bool rawKnown = true; ///< every time something was appended
    Matrix embedding;

    void createFile();
    void appendTraces(std::size_t first, std::size_t count, const TraceView& view);
    void fillTraceGaps() const;
    void writeSummary(const EmbeddingSummary& summary);
};

void EmbeddingWriter::Private::createFile()
{
    file = Writer::createFile(pending.path(), pending.target());
    file->text("format", "rnn-embedding");
    file->integer("version", 1);
    file->text("zoo", source.zoo->name);
    file->text("zoo_fingerprint", source.zooFingerprint);
    file->text("checkpoint", source.checkpoint->path.filename().string());
    file->text("checkpoint_fingerprint", source.checkpointFingerprint);
    file->text("encoder", zoo::name(source.checkpoint->config.kind));
}

void EmbeddingWriter::Private::appendTraces(std::size_t first, std::size_t count, const TraceView& view)
{
    if (!traces) {
        const std::size_t networks = source.zoo->size;
        const std::vector<std::size_t> in {networks, view.steps, view.parallel, view.inputSize};
        const std::vector<std::size_t> out {networks, view.steps, view.parallel, view.outputSize};
        const std::size_t probes = view.steps * view.parallel;
        zoo::hdf5::checkSpace(pending.target(), networks * probes * (view.inputSize + view.outputSize) * sizeof(float));
        const Writer group = file->group("probing");
        traces = TraceDatasets {.inputs = group.dataset("inputs", Store::Float32, in),
                                .outputs = group.dataset("outputs", Store::Float32, out),
                                .inputRow = probes * view.inputSize,
                                .outputRow = probes * view.outputSize,
                                .written = std::vector<bool>(networks, false)};
    }
    if (view.inputs.size() != count * traces->inputRow || view.outputs.size() != count * traces->outputRow)
        zoo::hdf5::raise(
            Errc::ShapeMismatch,
            fmt::format("cannot write {}: the probes of networks {} to {} have another shape than the first",
                        pending.target().string(), first, first + count));
    traces->inputs.writeRows(first, view.inputs);
    traces->outputs.writeRows(first, view.outputs);
    std::fill_n(traces->written.begin() + static_cast<std::ptrdiff_t>(first), count, true);
}

void EmbeddingWriter::Private::fillTraceGaps() const
{
    if (!traces)
        return;
    const std::vector<float> in(traces->inputRow, kNaN);
    const std::vector<float> out(traces->outputRow, kNaN);
    for (std::size_t row = 0; row < traces->written.size(); ++row) {
        if (traces->written[row])
            continue;
        traces->inputs.writeRows(row, std::span<const float>(in));
        traces->outputs.writeRows(row, std::span<const float>(out));
    }
}

void EmbeddingWriter::Private::writeSummary(const EmbeddingSummary& summary)
{
    fillTraceGaps();
    traces.reset();
    const std::vector<std::size_t> shape {embedding.rows, embedding.columns};
    file->array<float>("embedding", Store::Float32, shape, embedding.values);
    if (rawKnown)
        file->array<float>("embedding_raw", Store::Float32, shape, raw.values);
    if (!summary.projection.empty())
        file->group("projection")
            .array<float>(summary.projectionName, Store::Float32, std::vector<std::size_t> {summary.projection.rows, 2},
                          summary.projection.values);
    if (!summary.predictions.empty()) {
        const Writer group = file->group("predictions");
        for (const Prediction& prediction : summary.predictions)
            writePrediction(group, prediction);
    }
    {
        const Writer group = file->group("properties");
        for (const zoo::Property& property : source.zoo->properties)
            zoo::hdf5::writeProperty(group, property, {});
    }
    if (!summary.trust.empty())
        file->array<double>("trust", Store::Float64, std::vector {summary.trust.size()}, summary.trust);
    std::vector<std::int64_t> numbers;
    for (const zoo::Split split : summary.splits)
        numbers.push_back(static_cast<std::int64_t>(split));
    if (!numbers.empty())
        file->array<std::int64_t>("split", Store::Int8, std::vector {numbers.size()}, numbers);
    numbers.assign(summary.failed.begin(), summary.failed.end());
    file->array<std::int64_t>("failed", Store::Int64, std::vector {numbers.size()}, numbers);
    if (!summary.names.empty())
        file->textArray("network_name", summary.names);
    if (!summary.zoos.empty())
        file->textArray("network_zoo", summary.zoos);
    writeMask(*file, "selected", summary.selected);
    writeMask(*file, "shown", summary.shown);
    if (!summary.device.empty()) {
        file->text("device", summary.device);
        file->real("seconds", summary.seconds);
    }
    if (!summary.precision.empty())
        file->text("precision", summary.precision);
    file->close();
}

EmbeddingWriter::EmbeddingWriter(std::unique_ptr<Private> d)
    : m_d(std::move(d))
{
}

EmbeddingWriter::EmbeddingWriter(EmbeddingWriter&&) noexcept = default;
EmbeddingWriter& EmbeddingWriter::operator=(EmbeddingWriter&&) noexcept = default;
EmbeddingWriter::~EmbeddingWriter() = default;

Result<EmbeddingWriter> EmbeddingWriter::open(const fs::path& path, EmbeddingSource source)
{
    auto pending = PendingFile::create(path);
    if (!pending)
        return forward(pending);
    const std::size_t networks = source.zoo->size;
    const auto dimension = static_cast<std::size_t>(source.checkpoint->config.embeddingSize);
    auto d = std::make_unique<Private>(Private {.pending = std::move(*pending),
                                                .source = std::move(source),
                                                .csv = path.extension() == ".csv",
                                                .file = {},
                                                .traces = {},
                                                .raw = Matrix(networks, dimension, kNaN),
                                                .embedding = Matrix(networks, dimension, kNaN)});
    if (!d->csv)
        if (const auto created = zoo::hdf5::guarded(path, [&] { d->createFile(); }); !created)
            return forward(created);
    return EmbeddingWriter(std::move(d));
}

Result<void> EmbeddingWriter::append(std::size_t first, const Matrix& raw, const Matrix& embedding,
                                     const TraceView& traces)
{
    const Matrix& all = m_d->embedding;
    const bool known = !raw.values.empty();
    const bool fits = (!known || (raw.rows == embedding.rows && raw.columns == all.columns))
        && embedding.columns == all.columns && first <= all.rows && embedding.rows <= all.rows - first;
    if (!fits)
        return fail(Errc::ShapeMismatch,
                    fmt::format("cannot write {}: networks {} to {} came with {} numbers each, expected {} of {}",
                                m_d->pending.target().string(), first, first + embedding.rows,
                                known ? raw.columns : embedding.columns, all.columns, all.rows));
    const auto offset = static_cast<std::ptrdiff_t>(first * all.columns);
    std::copy(raw.values.begin(), raw.values.end(), m_d->raw.values.begin() + offset);
    m_d->rawKnown = m_d->rawKnown && known;
    std::copy(embedding.values.begin(), embedding.values.end(), m_d->embedding.values.begin() + offset);
    if (m_d->csv || traces.steps == 0)
        return {};
    return zoo::hdf5::guarded(m_d->pending.target(), [&] { m_d->appendTraces(first, embedding.rows, traces); });
}

Result<void> EmbeddingWriter::finish(const EmbeddingSummary& summary)
{
    const fs::path& target = m_d->pending.target();
    auto written
        = zoo::hdf5::guarded(target, [&] { zoo::hdf5::unwrap(checkSummary(summary, m_d->source.zoo->size, target)); });
    if (written && m_d->csv)
        written = writeEmbeddingCsv(m_d->pending.path(), target, *m_d->source.zoo, m_d->embedding, summary);
    else if (written)
        written = zoo::hdf5::guarded(target, [&] { m_d->writeSummary(summary); });
    return written ? m_d->pending.commit() : written;
}

} // namespace rnnscope::prediction
