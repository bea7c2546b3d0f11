#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <cstdint>

namespace rnnscope::nn {

/// While one lives, dropout() on this thread draws from a generator with this seed, not from Torch's own one, which
/// all threads share: so a training step is the same whatever ran before and beside it. They nest.
class DropoutScope
{
public:
    DropoutScope(std::uint64_t seed, c10::Device device);
    ~DropoutScope();
    DropoutScope(const DropoutScope&) = delete;
    DropoutScope& operator=(const DropoutScope&) = delete;

private:
    at::Generator m_generator;
    at::Generator* m_outer;
};

/// A seed from the generator dropout() draws from.
std::int64_t dropoutSeed();

/// Zeroes each entry with this probability and scales the others up, as nn.Dropout does while training.
at::Tensor dropout(const at::Tensor& x, double probability);

} // namespace rnnscope::nn
