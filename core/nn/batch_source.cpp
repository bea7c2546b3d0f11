#include "core/nn/batch_source.h"

#include "core/nn/devices.h"
#include "core/nn/permutation.h"
#include "core/nn/random_stream.h"

#include <random>

namespace rnnscope::nn {

namespace {

constexpr std::size_t kReadAhead = 2;

void permute(const TrainingSet& set, std::uint64_t seed, TrainingBatch& batch)
{
    std::mt19937_64 random(seed);
    const zoo::Architecture& rnn = set.zoo->architecture;
    batch.parameters = permuteHiddenUnits(batch.parameters, rnn, randomPermutations(rnn, random));
}

} // namespace

Result<TrainingBatch> drawBatch(const TrainingSet& set, const BatchOptions& options, std::size_t step)
{
    const std::vector<std::size_t> rows = set.rows(zoo::Split::Training);
    const std::size_t sequences
        = options.reads == Reads::NetworksAndRollouts ? set.zoo->rollouts->shape().sequences : 1;
    std::mt19937_64 random(streamSeed(options.seed, Draw::Examples, step));
    std::vector<Example> examples(options.batch);
    for (Example& example : examples) { // distributions of the standard library differ between libraries
        example.row = rows[random() % rows.size()];
        example.sequence = random() % sequences;
    }
    auto batch = readBatch(*set.zoo, examples, options.reads);
    if (batch && options.permute)
        permute(set, streamSeed(options.seed, Draw::Permutation, step), *batch);
    return batch;
}

void permuteForEvaluation(const TrainingSet& set, const BatchOptions& options, std::size_t step, std::size_t part,
                          TrainingBatch& batch)
{
    if (options.permute)
        permute(set, streamSeed(options.seed, Draw::EvaluationPermutation, step, part), batch);
}

BatchSource::BatchSource(std::shared_ptr<const TrainingSet> set, const BatchOptions& options, std::size_t first,
                         std::size_t end)
    : m_set(std::move(set))
    , m_options(options)
    , m_reader([this, first, end](const std::stop_token& stop) { readAhead(stop, first, end); })
{
}

BatchSource::~BatchSource() = default;

Result<TrainingBatch> BatchSource::next()
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return !m_ready.empty(); });
    Result<TrainingBatch> batch = std::move(m_ready.front());
    m_ready.pop_front();
    lock.unlock();
    m_changed.notify_all();
    return batch;
}

void BatchSource::readAhead(const std::stop_token& stop, std::size_t first, std::size_t end)
{
    for (std::size_t step = first; step < end; ++step) {
        Result<TrainingBatch> batch = [&]() -> Result<TrainingBatch> {
            try {
                return drawBatch(*m_set, m_options, step);
            } catch (const std::exception& error) {
                return fail(Errc::Io, "a batch could not be read: " + firstLine(error), error.what());
            }
        }();
        const bool failed = !batch;
        std::unique_lock lock(m_mutex);
        if (!m_changed.wait(lock, stop, [this] { return m_ready.size() < kReadAhead; }))
            return;
        m_ready.push_back(std::move(batch));
        lock.unlock();
        m_changed.notify_all();
        if (failed)
            return;
    }
}

} // namespace rnnscope::nn
