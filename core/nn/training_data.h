#pragma once

#include "core/base/result.h"
#include "core/zoo/zoo.h"

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace rnnscope::nn {

/// One recorded sequence of one network.
struct Example
{
    std::size_t row = 0;
    std::size_t sequence = 0;
};

struct TrainingBatch
{
    std::vector<Example> examples; ///< B
    at::Tensor parameters; ///< [B, P]
    at::Tensor inputs; ///< [B, T', I]; tokens one-hot, without the last one
    at::Tensor logits; ///< [B, T', O]
    at::Tensor nextTokens; ///< [B, T'] int64, what follows each input; undefined unless inputs are tokens

    std::int64_t size() const { return static_cast<std::int64_t>(examples.size()); }
    /// Examples [first, first + count), sharing memory.
    TrainingBatch narrow(std::int64_t first, std::int64_t count) const;
    TrainingBatch to(c10::Device device) const;
};

/// What a batch is made of; the other tensors stay undefined.
enum class Reads { Networks, Rollouts, NetworksAndRollouts };

/// A zoo that can be trained on: it has roll-outs and their shape fits its architecture.
Result<void> checkTrainable(const zoo::Zoo& zoo);

/// Tokens are fed as they are stored, as the authors do (reference README 23).
Result<TrainingBatch> readBatch(const zoo::Zoo& zoo, std::span<const Example> examples,
                                Reads reads = Reads::NetworksAndRollouts);

} // namespace rnnscope::nn
