#include "core/nn/dropout.h"

#include "core/rnn/kernels.h"

#include <ATen/Context.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/ones.h>

namespace rnnscope::nn {

namespace {

thread_local at::Generator* t_generator = nullptr;

at::Tensor keptEntries(const at::Tensor& x, double kept)
{
    const at::NoGradGuard untracked;
    if (x.is_cpu() && x.scalar_type() == at::kFloat) {
        const at::Tensor mask = at::ones(x.sizes(), x.options());
        constexpr double kRange = 4294967296.0;
        rnn::bestKernels().dropout({.values = mask.data_ptr<float>(),
                                    .count = mask.numel(),
                                    .seed = static_cast<std::uint32_t>(dropoutSeed()),
                                    .dropped = static_cast<std::uint32_t>((1.0 - kept) * kRange),
                                    .scale = static_cast<float>(1.0 / kept)});
        return mask;
    }
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

std::int64_t dropoutSeed()
{
    const at::NoGradGuard untracked;
    const at::Tensor seed = at::empty({}, at::TensorOptions(at::kLong));
    if (t_generator != nullptr && t_generator->device().is_cpu())
        seed.random_(*t_generator);
    else
        seed.random_();
    return seed.item<std::int64_t>();
}

at::Tensor dropout(const at::Tensor& x, double probability)
{
    if (probability >= 1.0)
        return x * 0.0;
    return x * keptEntries(x, 1.0 - probability);
}

} // namespace rnnscope::nn
