#include "core/nn/batch_gradient.h"
#include "core/nn/emulator.h"
#include "nn/golden.h"

#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <limits>
#include <stdexcept>
#include <tuple>

namespace rnnscope {

namespace {

struct EmulatorCase
{
    int layers;
    int hidden;
    bool onlyConditionBos;
    std::int64_t networks;
    std::int64_t steps;
};

/// The emulator's own forward and backward passes against PyTorch's.
class FusedEmulator : public testing::TestWithParam<EmulatorCase>
{
protected:
    static constexpr std::int64_t kInputs = 6;
    static constexpr std::int64_t kOutputs = 5;
    static constexpr std::int64_t kEmbedding = 4;

    FusedEmulator() { torch::manual_seed(11); }

    /// Outputs, then the gradients of the embedding and of every parameter.
    std::vector<at::Tensor> run(std::optional<nn::Emulator::State>* state)
    {
        const at::Tensor tracked = embedding.detach().requires_grad_();
        const at::Tensor out = emulator.forward(tracked, inputs, state);
        std::vector<at::Tensor> wanted {tracked};
        for (const at::Tensor& parameter : emulator.parameters())
            wanted.push_back(parameter);
        auto all = torch::autograd::grad({(out * weights).sum()}, wanted);
        all.insert(all.begin(), out.detach());
        return all;
    }

    nn::Emulator emulator {{.hiddenSize = GetParam().hidden,
                            .numLayers = GetParam().layers,
                            .onlyConditionBos = GetParam().onlyConditionBos},
                           kEmbedding,
                           kInputs,
                           kOutputs};
    at::Tensor embedding = at::randn({GetParam().networks, kEmbedding});
    at::Tensor inputs = at::randn({GetParam().networks, GetParam().steps, kInputs});
    at::Tensor weights = at::randn({GetParam().networks, GetParam().steps, kOutputs});
};

TEST_P(FusedEmulator, HasTheOutputsAndGradientsOfPyTorch)
{
    std::optional<nn::Emulator::State> state; // asking for the last state takes PyTorch's path
    const auto expected = run(&state);
    ASSERT_TRUE(state.has_value());
    const auto found = run(nullptr);
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const double scale = std::max(1e-3, expected[i].abs().max().item<double>());
        EXPECT_LE(test::largestDifference(found[i], expected[i]), 1e-4 * scale) << i;
    }
}

TEST_P(FusedEmulator, LeavesNothingBehindForTheNextStep)
{
    const auto first = run(nullptr);
    const auto second = run(nullptr);
    for (std::size_t i = 0; i < first.size(); ++i)
        EXPECT_TRUE(at::equal(first[i], second[i])) << i;
}

INSTANTIATE_TEST_SUITE_P(Sizes, FusedEmulator,
                         testing::Values(EmulatorCase {1, 8, true, 3, 5}, EmulatorCase {2, 16, true, 9, 7},
                                         EmulatorCase {2, 16, false, 9, 7}, EmulatorCase {3, 13, true, 2, 4},
                                         EmulatorCase {3, 13, false, 1, 4}, EmulatorCase {2, 33, true, 4, 1},
                                         EmulatorCase {2, 128, true, 32, 41}));

TEST(FusedEmulator, RefusesToRunBackwardsTwice)
{
    nn::Emulator emulator({.hiddenSize = 4, .numLayers = 1, .onlyConditionBos = true}, 3, 4, 2);
    const at::Tensor loss = emulator.forward(at::ones({2, 3}), at::ones({2, 3, 4})).sum();
    loss.backward({}, true);
    EXPECT_THROW(loss.backward(), std::exception);
}

TEST(FusedEmulator, PassesNanOn)
{
    nn::Emulator emulator({.hiddenSize = 4, .numLayers = 2, .onlyConditionBos = true}, 3, 4, 2);
    const at::Tensor embedding = at::full({2, 3}, std::numeric_limits<float>::quiet_NaN());
    const at::Tensor out = emulator.forward(embedding, at::ones({2, 3, 4}));
    EXPECT_TRUE(out.isnan().all().item<bool>());
    out.sum().backward();
    EXPECT_TRUE(emulator.parameters().front().grad().isnan().any().item<bool>());
}

} // namespace

} // namespace rnnscope
