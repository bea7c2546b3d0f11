#pragma once

#include <ATen/core/Tensor.h>

#include <memory>

namespace rnnscope::nn {

/// Memory for what a training step records, kept from step to step: fresh pages cost more than the arithmetic on
/// them. May be used by several threads at once; its tensors may outlive it.
class BufferPool
{
public:
    BufferPool();
    /// float32 on the CPU, without gaps, not initialised.
    at::Tensor take(at::IntArrayRef shape);

    std::shared_ptr<float> take(std::size_t count);
    void clear(); ///< frees what nobody uses

private:
    struct Blocks;
    std::shared_ptr<Blocks> m_blocks;
};

} // namespace rnnscope::nn
