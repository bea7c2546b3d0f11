#include "core/nn/dropout.h"

#include <ATen/Context.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty_like.h>

namespace rnnscope::nn {

namespace {

thread_local at::Generator* t_generator = nullptr;

at::Tensor keptEntries(const at::Tensor& x, double kept)
{
    const at::NoGradGuard untracked;
    const at::Tensor mask = at::empty_like(x);
    if (t_generator != nullptr)
        mask.bernoulli_(kept, *t_generator);
    else
        mask.bernoulli_(kept);
    return mask.div_(kept);
}

} // namespace

DropoutScope::DropoutScope(std::uint64_t seed, c10::Device device)
    : m_generator(at::globalContext().defaultGenerator(device).clone())
    , m_outer(t_generator)
{
    m_generator.set_current_seed(seed);
    t_generator = &m_generator;
}

DropoutScope::~DropoutScope()
{
    t_generator = m_outer;
}

at::Tensor dropout(const at::Tensor& x, double probability)
{
    if (probability >= 1.0)
        return x * 0.0;
    return x * keptEntries(x, 1.0 - probability);
}

} // namespace rnnscope::nn
