#pragma once

#include "core/rnn/group_trainer.h"

#include <c10/core/Device.h>

#include <cstddef>

namespace rnnscope::nn {

struct BatchedTrainerOptions
{
    std::size_t groupSize = 0; ///< networks to ask for at once; 0: 512 on a GPU, 64 on the CPU
    std::size_t slice = 0; ///< networks worked on together; 0: all on a GPU, on the CPU as many as stay in its cache
};

/// Trains groups of networks by batched products on `device`: one upload an update and nothing that waits for it.
/// What a batch needs for intermediate results is taken for a slice of the group; when memory runs out the slice is
/// halved, for good. Device when not even one network fits. float32; the same numbers on the CPU device.
rnn::TrainerKind batchedTrainers(c10::Device device, const BatchedTrainerOptions& options = {});

} // namespace rnnscope::nn
