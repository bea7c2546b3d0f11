#pragma once

#include "core/nn/buffer_pool.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <vector>

namespace rnnscope::nn {

/// The emulator between its embedding's projection and its read-out.
struct EmulatorInput
{
    at::Tensor inputs; ///< [N, T, I]; no gradient
    at::Tensor embedding; ///< [N, H], projected; added to the projected inputs
    bool onlyFirstStep = true; ///< where it is added
    at::Tensor projectionWeight; ///< [H, I]
    at::Tensor projectionBias; ///< [H]
    std::vector<at::Tensor> lstm; ///< weight_ih, weight_hh, bias_ih, bias_hh of every layer
};

/// float32 tensors on the CPU, recorded by autograd, from zero state: what emulatedHidden() is for.
bool canEmulateFused(const EmulatorInput& input);

/// -> [N, T, H], the last layer's hidden states; the same as PyTorch's LSTM. Differentiable once. The first layer's
/// input weights are multiplied by the projection beforehand, so that layer reads the I inputs instead of H.
at::Tensor emulatedHidden(const EmulatorInput& input, const std::shared_ptr<BufferPool>& pool);

} // namespace rnnscope::nn
