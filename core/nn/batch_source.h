#pragma once

#include "core/nn/training_set.h"

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <thread>

namespace rnnscope::nn {

struct BatchOptions
{
    std::size_t batch = 64; ///< networks, one sequence each
    std::uint64_t seed = 1;
    Reads reads = Reads::NetworksAndRollouts;
    bool permute = false; ///< one permutation of the hidden units a layer, shared by the batch (reference README 17)
};

/// The batch of step `step` (from 0): which networks and sequences it has depends on seed and step only.
Result<TrainingBatch> drawBatch(const TrainingSet& set, const BatchOptions& options, std::size_t step);

/// Other unit orders in all networks of a batch that is only evaluated; `part` tells the batches of a step apart.
void permuteForEvaluation(const TrainingSet& set, const BatchOptions& options, std::size_t step, std::size_t part,
                          TrainingBatch& batch);

/// Batches of consecutive steps, the next two of them read ahead on a thread of its own, so that reading does not keep
/// the products waiting.
class BatchSource
{
public:
    /// Steps [first, end).
    BatchSource(std::shared_ptr<const TrainingSet> set, const BatchOptions& options, std::size_t first,
                std::size_t end);
    ~BatchSource();
    BatchSource(const BatchSource&) = delete;
    BatchSource& operator=(const BatchSource&) = delete;

    /// Of the next step; what went wrong while reading it is told here. Not after the last step or an error.
    Result<TrainingBatch> next();

private:
    void readAhead(const std::stop_token& stop, std::size_t first, std::size_t end);

    std::shared_ptr<const TrainingSet> m_set;
    BatchOptions m_options;
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::deque<Result<TrainingBatch>> m_ready;
    std::jthread m_reader; ///< last: it uses the others
};

} // namespace rnnscope::nn
