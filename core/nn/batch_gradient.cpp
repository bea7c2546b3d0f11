#include "core/nn/batch_gradient.h"

#include "core/nn/single_threaded.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
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

/// Adds the shards in their order. Not in place: gradients of different parameters may be the same tensor.
at::Tensor sumOfGradients(const std::vector<Shard>& shards, std::size_t parameter)
{
    at::Tensor sum;
    for (const Shard& shard : shards) {
        const at::Tensor& gradient = shard.gradients[parameter];
        if (gradient.defined())
            sum = sum.defined() ? sum + gradient : gradient;
    }
    return sum;
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
    for (std::size_t i = 0; i < parameters.size(); ++i)
        at::Tensor(parameters[i]).mutable_grad() = sumOfGradients(shards, i);
    return sum / static_cast<double>(examples);
}

} // namespace rnnscope::nn
