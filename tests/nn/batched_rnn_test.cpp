#include "core/nn/batched_rnn.h"
#include "nn/golden.h"
#include "nn/torch_rnn.h"

#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

namespace rnnscope {

namespace {

TEST(GoldenRnnForward, OutputsAndStatesAreTheAuthors)
{
    const test::Golden golden("rnn_forward.h5");
    const at::NoGradGuard frozen;
    for (const std::string& group : golden.children("/")) {
        const zoo::Architecture rnn = golden.architecture(group);
        const nn::BatchedRnn networks(rnn, golden.tensor(group + "/parameters"));
        const at::Tensor inputs = golden.tensor(group + "/inputs").unsqueeze(1);
        for (const std::string start : {"zero_state", "given_state"}) {
            SCOPED_TRACE(group + " " + start);
            nn::RnnState state = networks.zeroState(1);
            for (int layer = 0; layer < rnn.numLayers && start == "given_state"; ++layer) {
                const auto l = static_cast<std::size_t>(layer);
                state.hidden[l] = golden.tensor(group + "/h0").select(1, layer).unsqueeze(1);
                state.cell[l] = golden.tensor(group + "/c0").select(1, layer).unsqueeze(1);
            }
            const std::string expected = group + "/" + start;
            const at::Tensor outputs = networks.forward(inputs, state);
            EXPECT_LE(test::largestDifference(outputs.squeeze(1), golden.tensor(expected + "/outputs")), 1e-5);
            EXPECT_LE(test::largestDifference(at::cat(state.hidden, 1), golden.tensor(expected + "/h_n")), 1e-5);
            EXPECT_LE(test::largestDifference(at::cat(state.cell, 1), golden.tensor(expected + "/c_n")), 1e-5);
        }
    }
}

struct Shape
{
    std::string name;
    zoo::Architecture rnn;
};

class BatchedRnnAgainstTorch : public testing::TestWithParam<Shape>
{
protected:
    void SetUp() override { torch::manual_seed(7); }
    /// Networks with weights about as large as trained ones.
    torch::Tensor parameters(std::int64_t networks) const
    {
        return at::randn({networks, static_cast<std::int64_t>(rnn.parameterCount())}) * 0.4;
    }
    const zoo::Architecture rnn = GetParam().rnn;
};

TEST_P(BatchedRnnAgainstTorch, EveryNetworkAnswersAsTorchsModule)
{
    const at::NoGradGuard frozen;
    const torch::Tensor weights = parameters(3);
    const torch::Tensor inputs = at::randn({3, 2, 6, rnn.inputSize});
    const nn::BatchedRnn networks(rnn, weights);
    nn::RnnState state = networks.zeroState(2);
    const torch::Tensor outputs = networks.forward(inputs, state);
    for (std::int64_t n = 0; n < 3; ++n)
        EXPECT_LE(test::largestDifference(outputs[n], test::TorchRnn(rnn, weights[n]).forward(inputs[n])), 1e-5);
}

TEST_P(BatchedRnnAgainstTorch, SteppingGivesWhatWholeSequencesGive)
{
    const at::NoGradGuard frozen;
    const torch::Tensor inputs = at::randn({3, 2, 6, rnn.inputSize});
    const nn::BatchedRnn networks(rnn, parameters(3));
    nn::RnnState whole = networks.zeroState(2);
    const torch::Tensor outputs = networks.forward(inputs, whole);
    nn::RnnState stepped = networks.zeroState(2);
    for (std::int64_t t = 0; t < inputs.size(2); ++t)
        EXPECT_LE(test::largestDifference(networks.step(inputs.select(2, t), stepped), outputs.select(2, t)), 1e-5);
    EXPECT_LE(test::largestDifference(at::cat(stepped.hidden, 1), at::cat(whole.hidden, 1)), 1e-5);
}

TEST_P(BatchedRnnAgainstTorch, GradientsReachWeightsAndInputsByBothWays)
{
    const auto gradients = [&](bool stepping) {
        torch::manual_seed(11);
        torch::Tensor weights = parameters(2).requires_grad_();
        torch::Tensor inputs = at::randn({2, 3, 4, rnn.inputSize}).requires_grad_();
        const nn::BatchedRnn networks(rnn, weights);
        nn::RnnState state = networks.zeroState(3);
        torch::Tensor sum = at::zeros({});
        if (!stepping)
            sum = networks.forward(inputs, state).square().sum();
        else
            for (std::int64_t t = 0; t < inputs.size(2); ++t)
                sum = sum + networks.step(inputs.select(2, t), state).square().sum();
        sum.backward();
        return std::pair {weights.grad(), inputs.grad()};
    };
    const auto whole = gradients(false);
    const auto stepped = gradients(true);
    EXPECT_TRUE(whole.first.isfinite().all().item<bool>());
    EXPECT_GT(whole.first.abs().sum().item<double>(), 0.0);
    EXPECT_TRUE(at::allclose(whole.first, stepped.first, 1e-4, 1e-5));
    EXPECT_TRUE(at::allclose(whole.second, stepped.second, 1e-4, 1e-5));
}

TEST_P(BatchedRnnAgainstTorch, NetworkAloneAnswersAsInABatch)
{
    const at::NoGradGuard frozen;
    const torch::Tensor weights = parameters(4);
    const torch::Tensor inputs = at::randn({4, 1, 5, rnn.inputSize});
    nn::RnnState all = nn::BatchedRnn(rnn, weights).zeroState(1);
    const torch::Tensor together = nn::BatchedRnn(rnn, weights).forward(inputs, all);
    const nn::BatchedRnn one(rnn, weights.narrow(0, 2, 1));
    nn::RnnState state = one.zeroState(1);
    EXPECT_LE(test::largestDifference(one.forward(inputs.narrow(0, 2, 1), state), together.narrow(0, 2, 1)), 1e-5);
}

std::vector<Shape> shapes()
{
    using zoo::Cell;
    return {{"lstm", {Cell::Lstm, 3, 7, 2, 5, true}},    {"lstm_without_bias", {Cell::Lstm, 6, 4, 1, 2, false}},
            {"gru", {Cell::Gru, 3, 7, 2, 5, true}},      {"gru_without_bias", {Cell::Gru, 5, 4, 3, 1, false}},
            {"tanh", {Cell::RnnTanh, 3, 7, 2, 5, true}}, {"tanh_without_bias", {Cell::RnnTanh, 1, 1, 1, 1, false}},
            {"relu", {Cell::RnnRelu, 3, 7, 2, 5, true}}, {"relu_deep", {Cell::RnnRelu, 2, 3, 4, 2, true}}};
}

INSTANTIATE_TEST_SUITE_P(Cells, BatchedRnnAgainstTorch, testing::ValuesIn(shapes()),
                         [](const auto& tested) { return tested.param.name; });

} // namespace

} // namespace rnnscope
