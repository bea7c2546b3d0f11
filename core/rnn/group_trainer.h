#pragma once

#include "core/base/result.h"
#include "core/rnn/rnn_trainer.h"

#include <functional>
#include <memory>
#include <span>

namespace rnnscope::rnn {

/// G networks of one shape that learn side by side, each on batches of its own: one network in a core's cache, or
/// hundreds by batched products on a GPU.
class GroupTrainer
{
public:
    virtual ~GroupTrainer() = default;
    virtual std::size_t size() const = 0; ///< G
    /// A step of AdamW for every network. `batches` [G], all with the same number of steps.
    virtual Result<void> update(std::span<const PrefixBatch> batches, std::span<const AdamW> optimisers) = 0;
    /// Network i as it is now, into `parameters` [P].
    virtual Result<void> read(std::size_t i, std::span<float> parameters) = 0;
};

/// Where networks learn. `make` gets the first parameters [G, P].
struct TrainerKind
{
    std::size_t groupSize = 1; ///< networks to ask for at once; fewer are accepted
    int groupsAtOnce = 1; ///< threads that may each drive a group; 1 where one device does the work
    std::function<Result<std::unique_ptr<GroupTrainer>>(const Shape& shape, std::span<const float> parameters)> make;
};

/// One network a group, by RnnTrainer, on `threads` cores.
TrainerKind cpuTrainers(int threads);

} // namespace rnnscope::rnn
