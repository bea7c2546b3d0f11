#include "core/nn/batch_gradient.h"
#include "core/nn/emulator.h"
#include "core/nn/losses.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace {

using namespace rnnscope;

class BatchGradient : public testing::TestWithParam<int>
{
protected:
    BatchGradient() { torch::manual_seed(3); }

    at::Tensor loss(std::int64_t first, std::int64_t count)
    {
        const at::Tensor emulated = emulator.forward(embedding.narrow(0, first, count), inputs.narrow(0, first, count));
        return nn::losses(nn::Criterion::TotalVariation, emulated, logits.narrow(0, first, count)).sum();
    }

    double run(int threads)
    {
        return nn::batchGradient(parameters, 7, threads,
                                 [this](std::int64_t first, std::int64_t count, int) { return loss(first, count); });
    }

    std::vector<at::Tensor> gradients() const
    {
        std::vector<at::Tensor> all;
        for (const at::Tensor& parameter : parameters)
            all.push_back(parameter.grad());
        return all;
    }

    nn::Emulator emulator {{.hiddenSize = 8, .numLayers = 2, .onlyConditionBos = true}, 3, 4, 5};
    at::Tensor unused = at::ones({2}).requires_grad_();
    std::vector<at::Tensor> parameters = [this] {
        auto all = emulator.parameters();
        all.push_back(unused);
        return all;
    }();
    at::Tensor embedding = at::randn({7, 3});
    at::Tensor inputs = at::randn({7, 6, 4});
    at::Tensor logits = at::randn({7, 6, 5});
};

TEST_P(BatchGradient, IsThatOfTheMeanOverTheBatch)
{
    const at::Tensor mean = loss(0, 7) / 7;
    mean.backward();
    const auto expected = gradients();
    EXPECT_NEAR(run(GetParam()), mean.item<double>(), 1e-6);
    const auto found = gradients();
    for (std::size_t i = 0; i + 1 < found.size(); ++i)
        EXPECT_LE((found[i] - expected[i]).abs().max().item<double>(),
                  1e-6 + 1e-5 * expected[i].abs().max().item<double>());
    EXPECT_FALSE(unused.grad().defined());
}

TEST_P(BatchGradient, IsTheSameBitForBitEveryTime)
{
    const double value = run(GetParam());
    const auto expected = gradients();
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(run(GetParam()), value);
        const auto found = gradients();
        for (std::size_t p = 0; p + 1 < found.size(); ++p)
            EXPECT_TRUE(at::equal(found[p], expected[p])) << p;
    }
}

TEST_P(BatchGradient, CutsExamplesWithoutGapsOrOverlaps)
{
    std::vector<int> seen(7, 0);
    const at::Tensor one = at::ones({}).requires_grad_();
    const auto count = [&](std::int64_t first, std::int64_t size, int) {
        for (std::int64_t i = first; i < first + size; ++i)
            ++seen[static_cast<std::size_t>(i)];
        return one * static_cast<double>(size);
    };
    EXPECT_EQ(nn::batchGradient({one}, 7, GetParam(), count), 1.0);
    EXPECT_EQ(seen, std::vector<int>(7, 1));
    EXPECT_EQ(one.grad().item<double>(), 1.0);
}

TEST_P(BatchGradient, GivesEveryParameterMemoryOfItsOwn)
{
    // Clipping works in place: a shared gradient would be clipped twice.
    const at::Tensor a = at::ones({3}).requires_grad_();
    const at::Tensor b = at::ones({3}).requires_grad_();
    const auto sum = [&](std::int64_t, std::int64_t count, int) { return (a + b).sum() * static_cast<double>(count); };
    for (int step = 0; step < 2; ++step) {
        nn::batchGradient({a, b}, 7, GetParam(), sum);
        a.grad().mul_(2.0);
        EXPECT_EQ(b.grad()[0].item<double>(), 1.0);
    }
}

TEST_P(BatchGradient, RethrowsWhatAShardThrows)
{
    const auto broken = [&](std::int64_t first, std::int64_t count, int) -> at::Tensor {
        if (first + count == 7)
            throw std::runtime_error("shard is broken");
        return loss(first, count);
    };
    EXPECT_THROW(nn::batchGradient(parameters, 7, GetParam(), broken), std::runtime_error);
}

TEST_P(BatchGradient, LeavesTheNumberOfThreadsAsItWas)
{
    const int before = at::get_num_threads();
    at::set_num_threads(2);
    run(GetParam());
    EXPECT_EQ(at::get_num_threads(), 2);
    at::set_num_threads(before);
}

INSTANTIATE_TEST_SUITE_P(Threads, BatchGradient, testing::Values(1, 2, 3, 20));

} // namespace
