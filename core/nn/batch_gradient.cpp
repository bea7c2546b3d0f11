#include "core/nn/batch_gradient.h"

#include "core/base/threads.h"
#include "core/nn/single_threaded.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full_like.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <exception>
#include <thread>

namespace rnnscope::nn {

namespace {

struct Shard
{
    double loss = 0.0; ///< sum over its examples
    std::vector<at::Tensor> gradients; ///< undefined where the loss does not depend on the parameter
    std::exception_ptr error;
};

/// `weight` of the examples' losses in the gradient
void run(Shard& shard, const std::function<at::Tensor()>& loss, double weight,
         const std::vector<at::Tensor>& parameters)
{
    try {
        SingleThreaded::setThisThread();
        const at::AutoGradMode tracked(true);
        const at::Tensor value = loss();
        shard.gradients
            = torch::autograd::grad({value}, parameters, {at::full_like(value, weight)}, c10::nullopt, false, true);
        shard.loss = value.item<double>();
    } catch (...) {
        shard.error = std::current_exception();
    }
}

/// Adds the shards in their order, in the memory of the last step's gradient if there is one. Never in a shard's own:
/// gradients of different parameters may be one tensor, and clipping works in place.
at::Tensor sumOfGradients(const std::vector<Shard>& shards, std::size_t parameter, at::Tensor sum)
{
    bool first = true;
    for (const Shard& shard : shards) {
        const at::Tensor& gradient = shard.gradients[parameter];
        if (!gradient.defined())
            continue;
        if (!sum.defined() || sum.sizes() != gradient.sizes() || !sum.options().type_equal(gradient.options()))
            sum = at::empty(gradient.sizes(), gradient.options());
        if (first)
            sum.copy_(gradient);
        else
            sum.add_(gradient);
        first = false;
    }
    return first ? at::Tensor() : sum;
}

/// Replaces the gradients of [begin, end) of `parameters`.
void setGradients(const std::vector<at::Tensor>& parameters, const std::vector<Shard>& shards, std::size_t begin,
                  std::size_t end)
{
    SingleThreaded::setThisThread();
    const at::NoGradGuard frozen;
    for (std::size_t i = begin; i < end; ++i) {
        at::Tensor parameter = parameters[i];
        parameter.mutable_grad() = sumOfGradients(shards, i, parameter.grad());
    }
}

} // namespace

double batchGradient(const std::vector<at::Tensor>& parameters, std::int64_t examples, int threads,
                     const ShardLoss& loss)
{
    const auto count = std::clamp<std::int64_t>(threads, 1, std::max<std::int64_t>(1, examples));
    std::vector<Shard> shards(static_cast<std::size_t>(count));
    const auto work = [&](std::int64_t index) {
        const std::int64_t first = examples * index / count;
        const std::int64_t size = examples * (index + 1) / count - first;
        run(
            shards[static_cast<std::size_t>(index)], [&] { return loss(first, size, static_cast<int>(index)); },
            1.0 / static_cast<double>(examples), parameters);
    };
    const SingleThreaded products;
    {
        std::vector<std::jthread> helpers;
        for (std::int64_t index = 1; index < count; ++index)
            helpers.emplace_back(work, index);
        work(0);
    }
    double sum = 0.0;
    for (const Shard& shard : shards) {
        if (shard.error)
            std::rethrow_exception(shard.error);
        sum += shard.loss;
    }
    parallelFor(parameters.size(), 1, static_cast<int>(count),
                [&](std::size_t begin, std::size_t end) { setGradients(parameters, shards, begin, end); });
    return sum / static_cast<double>(examples);
}

} // namespace rnnscope::nn
