#include "core/nn/batched_trainer.h"
#include "core/nn/group_gradient.h"
#include "core/nn/padded_batch.h"
#include "core/nn/torch_engine.h"
#include "core/rnn/rnn_trainer.h"
#include "core/tasks/run_networks.h"
#include "nn/golden.h"
#include "nn/torch_rnn.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/optim/adamw.h>

#include <cmath>
#include <limits>
#include <random>

// Gradients and optimiser steps of networks in the making, ours against LibTorch's autograd in double.

namespace rnnscope {

namespace {

struct Tested
{
    std::string name;
    zoo::Architecture rnn;
    bool tokens = true;
    bool weighted = false;
};

/// Sequences as they come, and as a forest.
struct Sequences
{
    at::Tensor inputs; ///< [B, T, I] float64
    at::Tensor labels; ///< [B, T] int64, negative where nothing is asked
    at::Tensor weights; ///< [B] float64
    rnn::PrefixBatch batch;
};

template <typename T>
std::span<const T> spanOf(const at::Tensor& tensor)
{
    return {tensor.data_ptr<T>(), static_cast<std::size_t>(tensor.numel())};
}

/// B sequences of 7 steps that share beginnings of all lengths; one stands there twice.
Sequences sequencesFor(const Tested& tested, std::int64_t count, int seed)
{
    constexpr std::int64_t kSteps = 7;
    torch::manual_seed(seed);
    const std::int64_t inputs = tested.rnn.inputSize;
    at::Tensor tokens = at::randint(inputs, {count, kSteps}, at::kInt);
    at::Tensor features = at::randn({count, kSteps, inputs});
    for (std::int64_t s = 1; s < count; ++s) {
        const std::int64_t shared = s == 1 ? kSteps : s % kSteps;
        tokens[s].narrow(0, 0, shared).copy_(tokens[s - 1].narrow(0, 0, shared));
        features[s].narrow(0, 0, shared).copy_(features[s - 1].narrow(0, 0, shared));
    }
    const at::Tensor labels = at::randint(-1, tested.rnn.outputSize, {count, kSteps}, at::kInt);
    const at::Tensor weights = tested.weighted ? at::rand({count}) + 0.1 : at::ones({count});
    Sequences made {.inputs = tested.tokens ? at::one_hot(tokens.to(at::kLong), inputs) : features,
                    .labels = labels.to(at::kLong),
                    .weights = weights.to(at::kDouble),
                    .batch = {}};
    made.inputs = made.inputs.to(at::kDouble);
    const auto given = tested.weighted ? spanOf<float>(weights) : std::span<const float>();
    const auto classes = static_cast<std::size_t>(tested.rnn.outputSize);
    if (tested.tokens)
        rnn::makePrefixes({kSteps, classes, spanOf<int>(tokens), spanOf<int>(labels), given}, made.batch);
    else
        rnn::makePrefixes(
            {kSteps, classes, static_cast<std::size_t>(inputs), spanOf<float>(features), spanOf<int>(labels), given},
            made.batch);
    return made;
}

at::Tensor lossOf(test::TorchRnn& network, const Sequences& sequences)
{
    const at::Tensor logProbabilities = network.forward(sequences.inputs).log_softmax(2);
    const at::Tensor asked = (sequences.labels >= 0).to(at::kDouble);
    const at::Tensor each = -logProbabilities.gather(2, sequences.labels.clamp_min(0).unsqueeze(2)).squeeze(2) * asked;
    return (each.mean(1) * sequences.weights).sum() / sequences.weights.sum();
}

at::Tensor flat(const std::vector<at::Tensor>& tensors)
{
    std::vector<at::Tensor> all;
    for (const at::Tensor& tensor : tensors)
        all.push_back(tensor.detach().flatten());
    return at::cat(all);
}

struct Reference
{
    double loss = 0.0;
    at::Tensor gradient; ///< [P]
};

Reference autograd(const zoo::Architecture& rnn, const at::Tensor& parameters, const Sequences& sequences)
{
    test::TorchRnn network(rnn, parameters.to(at::kDouble));
    const at::Tensor loss = lossOf(network, sequences);
    loss.backward();
    std::vector<at::Tensor> gradients;
    for (const at::Tensor& parameter : network.parameters())
        gradients.push_back(parameter.grad());
    return {loss.item<double>(), flat(gradients)};
}

/// The largest error of a parameter tensor over its largest entry, over all of them.
double worstError(const zoo::Architecture& rnn, const at::Tensor& ours, const at::Tensor& theirs)
{
    double worst = 0.0;
    for (const zoo::ParameterTensor& tensor : rnn.tensors()) {
        const auto part = [&](const at::Tensor& all) {
            return all.to(at::kDouble)
                .narrow(0, static_cast<std::int64_t>(tensor.offset), static_cast<std::int64_t>(tensor.size()));
        };
        const double error = (part(ours) - part(theirs)).abs().max().item<double>();
        const double size = part(theirs).abs().max().item<double>();
        EXPECT_TRUE(size > 0.0 || error == 0.0) << tensor.name;
        worst = std::max(worst, std::isnan(error) ? 1.0 : size > 0.0 ? error / size : 0.0);
    }
    return worst;
}

at::Tensor tensorOf(std::span<const float> values)
{
    at::Tensor made = at::empty({static_cast<std::int64_t>(values.size())}, at::kFloat);
    std::ranges::copy(values, made.data_ptr<float>());
    return made;
}

class NetworkGradient : public testing::TestWithParam<Tested>
{
protected:
    static constexpr std::int64_t kNetworks = 3;

    void SetUp() override
    {
        torch::manual_seed(3);
        parameters = at::randn({kNetworks, static_cast<std::int64_t>(rnn.parameterCount())}) * 0.4;
        for (int i = 0; i < kNetworks; ++i)
            sequences.push_back(sequencesFor(GetParam(), 5 + i, 20 + i)); // different numbers of leaves
    }
    std::vector<rnn::PrefixBatch> batches() const
    {
        std::vector<rnn::PrefixBatch> all;
        for (const Sequences& ofNetwork : sequences)
            all.push_back(ofNetwork.batch);
        return all;
    }

    const zoo::Architecture rnn = GetParam().rnn;
    const rnn::Shape shape = tasks::shapeOf(GetParam().rnn);
    at::Tensor parameters; ///< [3, P]
    std::vector<Sequences> sequences;
};

TEST_P(NetworkGradient, OfTheTrainerIsAutograds)
{
    for (std::int64_t i = 0; i < kNetworks; ++i) {
        const Sequences& given = sequences[static_cast<std::size_t>(i)];
        const Reference reference = autograd(rnn, parameters[i], given);
        rnn::RnnTrainer trainer(shape, spanOf<float>(parameters[i]));
        EXPECT_NEAR(trainer.backward(given.batch), reference.loss, 2e-6 * reference.loss);
        EXPECT_LE(worstError(rnn, tensorOf(trainer.gradient()), reference.gradient), 1e-5);
    }
}

TEST_P(NetworkGradient, OfAGroupIsAutograds)
{
    const auto size = nn::paddedSize(batches(), shape);
    ASSERT_TRUE(size) << size.error().message;
    const auto sequenceShape = [&](std::size_t width) {
        return std::vector<std::int64_t> {kNetworks, static_cast<std::int64_t>(size->steps),
                                          static_cast<std::int64_t>(size->sequences), static_cast<std::int64_t>(width)};
    };
    const at::Tensor inputs = at::full(sequenceShape(size->width), std::nan(""));
    const at::Tensor targets = at::full(sequenceShape(size->classes), std::nan(""));
    nn::pad(batches(), *size, {inputs.data_ptr<float>(), size->inputs()}, {targets.data_ptr<float>(), size->targets()});
    nn::GroupBatch batch {.tokens = {}, .features = {}, .targets = targets};
    (size->tokens ? batch.tokens : batch.features) = size->tokens ? inputs.squeeze(3) : inputs;
    const at::Tensor gradient = at::full_like(parameters, std::nan(""));
    nn::groupGradient(rnn, parameters, batch, gradient);
    for (std::int64_t i = 0; i < kNetworks; ++i) {
        const Reference reference = autograd(rnn, parameters[i], sequences[static_cast<std::size_t>(i)]);
        EXPECT_LE(worstError(rnn, gradient[i], reference.gradient), 1e-5);
    }
}

class NetworkUpdates : public NetworkGradient
{
protected:
    static constexpr int kUpdates = 20;

    /// Others for every network, and falling. With the usual epsilon an entry whose gradient is next to nothing moves
    /// by the sign of its rounding error, in any implementation.
    static rnn::AdamW adamAt(std::int64_t network, int update)
    {
        return {.learningRate = 1e-3F * static_cast<float>(network + 1) * (1.0F - 0.02F * static_cast<float>(update)),
                .weightDecay = 0.1F * static_cast<float>(network),
                .epsilon = 1e-4F};
    }

    /// [P] after kUpdates of torch::optim::AdamW.
    at::Tensor reference(std::int64_t i) const
    {
        test::TorchRnn network(rnn, parameters[i].to(at::kDouble));
        torch::optim::AdamW optimiser(network.parameters(), torch::optim::AdamWOptions());
        auto& options = static_cast<torch::optim::AdamWOptions&>(optimiser.param_groups()[0].options());
        for (int update = 0; update < kUpdates; ++update) {
            const rnn::AdamW adam = adamAt(i, update);
            options.lr(adam.learningRate).weight_decay(adam.weightDecay).eps(adam.epsilon);
            optimiser.zero_grad();
            lossOf(network, sequences[static_cast<std::size_t>(i)]).backward();
            optimiser.step();
        }
        return flat(network.parameters());
    }

    /// [G, P] after `updates` of networks first, first + 1, …
    at::Tensor trained(const rnn::TrainerKind& kind, std::int64_t first, std::int64_t count,
                       int updates = kUpdates) const
    {
        const at::Tensor start = parameters.narrow(0, first, count);
        auto group = kind.make(shape, spanOf<float>(start));
        EXPECT_TRUE(group);
        const auto all = batches();
        const std::span<const rnn::PrefixBatch> own(all.begin() + first, static_cast<std::size_t>(count));
        for (int update = 0; update < updates; ++update) {
            std::vector<rnn::AdamW> adams;
            for (std::int64_t i = 0; i < count; ++i)
                adams.push_back(adamAt(first + i, update));
            EXPECT_TRUE((*group)->update(own, adams));
        }
        at::Tensor result = at::empty_like(start);
        for (std::int64_t i = 0; i < count; ++i)
            EXPECT_TRUE(
                (*group)->read(static_cast<std::size_t>(i), {result[i].data_ptr<float>(), shape.parameterCount()}));
        return result;
    }
};

TEST_P(NetworkUpdates, OfTheTrainerAreTorchs)
{
    for (std::int64_t i = 0; i < kNetworks; ++i)
        EXPECT_LE(test::largestDifference(trained(rnn::cpuTrainers(1), i, 1)[0].to(at::kDouble), reference(i)), 1e-5);
}

TEST_P(NetworkUpdates, OfAGroupAreTorchs)
{
    const at::Tensor together = trained(nn::batchedTrainers(at::kCPU), 0, kNetworks);
    for (std::int64_t i = 0; i < kNetworks; ++i)
        EXPECT_LE(test::largestDifference(together[i].to(at::kDouble), reference(i)), 1e-5);
}

TEST_P(NetworkUpdates, AreTheSameAloneInAGroupAndInSlices)
{
    const at::Tensor together = trained(nn::batchedTrainers(at::kCPU), 0, kNetworks, 5);
    const at::Tensor sliced = trained(nn::batchedTrainers(at::kCPU, {.slice = 2}), 0, kNetworks, 5);
    EXPECT_LE(test::largestDifference(together, sliced), 2e-6);
    for (std::int64_t i = 0; i < kNetworks; ++i)
        EXPECT_LE(test::largestDifference(together[i], trained(nn::batchedTrainers(at::kCPU), i, 1, 5)[0]), 2e-6);
}

TEST_P(NetworkUpdates, OfABrokenNetworkLeaveTheOthersAlone)
{
    const at::Tensor sound = trained(nn::batchedTrainers(at::kCPU), 0, kNetworks, 3);
    parameters[1][0] = std::numeric_limits<float>::quiet_NaN();
    const at::Tensor beside = trained(nn::batchedTrainers(at::kCPU), 0, kNetworks, 3);
    EXPECT_TRUE(beside[1].isnan().any().item<bool>());
    EXPECT_TRUE(at::equal(beside[0], sound[0]));
    EXPECT_TRUE(at::equal(beside[2], sound[2]));
}

std::vector<Tested> tested()
{
    using enum zoo::Cell;
    return {{"lstm_paper", {Lstm, 6, 32, 2, 6, true}},
            {"lstm_odd", {Lstm, 5, 13, 3, 4, true}, true, true},
            {"lstm_features", {Lstm, 16, 32, 1, 10, true}, false},
            {"lstm_without_bias", {Lstm, 3, 5, 2, 2, false}, false, true},
            {"gru", {Gru, 6, 32, 2, 6, true}},
            {"gru_odd", {Gru, 5, 13, 3, 4, true}, false, true},
            {"gru_without_bias", {Gru, 3, 5, 1, 2, false}, true, true},
            {"tanh", {RnnTanh, 6, 32, 2, 6, true}, true, true},
            {"tanh_odd", {RnnTanh, 5, 13, 3, 4, true}, false},
            {"tanh_without_bias", {RnnTanh, 1, 1, 1, 2, false}},
            {"relu", {RnnRelu, 6, 32, 2, 6, true}, false, true},
            {"relu_odd", {RnnRelu, 5, 13, 3, 4, false}}};
}

const auto kName = [](const auto& info) { return info.param.name; };
INSTANTIATE_TEST_SUITE_P(Cells, NetworkGradient, testing::ValuesIn(tested()), kName);
INSTANTIATE_TEST_SUITE_P(Cells, NetworkUpdates, testing::ValuesIn(tested()), kName);

class BatchedTrainer : public testing::Test
{
protected:
    std::string refusal()
    {
        auto group = nn::batchedTrainers(at::kCPU).make(shape, parameters);
        const std::vector<rnn::AdamW> adams(batches.size());
        const auto done = (*group)->update(batches, adams);
        std::vector<float> after(parameters.size() / 2);
        EXPECT_TRUE((*group)->read(0, after));
        EXPECT_EQ(after, std::vector<float>(after.size(), 0.1F)) << "changed though it was refused";
        return done ? "" : done.error().message;
    }

    const Tested task {"", {zoo::Cell::Gru, 4, 3, 1, 2, true}};
    const rnn::Shape shape = tasks::shapeOf(task.rnn);
    const std::vector<float> parameters = std::vector<float>(2 * shape.parameterCount(), 0.1F);
    std::vector<rnn::PrefixBatch> batches {sequencesFor(task, 4, 1).batch, sequencesFor(task, 4, 2).batch};
};

TEST_F(BatchedTrainer, RefusesATokenOutOfRange)
{
    batches[1].tokens[5] = 4;
    EXPECT_EQ(refusal(), "training batch 1 has a token the network does not know");
}

TEST_F(BatchedTrainer, RefusesAForestWithALooseNode)
{
    batches[1].parent.back() = 0;
    EXPECT_EQ(refusal(), "training batch 1 has a node whose parent is not in the step before");
}

TEST_F(BatchedTrainer, RefusesBatchesOfDifferentLengths)
{
    batches[1].first.pop_back();
    const std::size_t nodes = batches[1].nodes();
    batches[1].parent.resize(nodes);
    batches[1].tokens.resize(nodes);
    batches[1].targets.resize(nodes * shape.outputSize);
    EXPECT_EQ(refusal(), "training batch 1 has another number of steps than the first");
}

TEST_F(BatchedTrainer, RefusesTargetsOfOtherNetworks)
{
    batches[0].targets.pop_back();
    EXPECT_EQ(refusal(), "training batch 0 has targets that do not fit the network's outputs");
}

TEST_F(BatchedTrainer, RefusesABatchTooFew)
{
    batches.pop_back();
    EXPECT_EQ(refusal(), "1 batches and 1 optimisers for a group of 2 networks");
}

TEST_F(BatchedTrainer, RefusesHalfANetwork)
{
    const auto group = nn::batchedTrainers(at::kCPU).make(shape, std::span(parameters).first(parameters.size() - 1));
    ASSERT_FALSE(group);
    EXPECT_EQ(group.error().code, Errc::ShapeMismatch);
}

TEST_F(BatchedTrainer, ComesFromTheEngine)
{
    const auto engine = nn::makeTorchEngine();
    const auto kind = engine->networkTrainers({engine::DeviceChoice::Kind::Cpu, 0});
    ASSERT_TRUE(kind);
    EXPECT_EQ(kind->groupSize, 64U);
    EXPECT_EQ(kind->groupsAtOnce, 1);
    const auto group = kind->make(shape, parameters);
    ASSERT_TRUE(group);
    EXPECT_EQ((*group)->size(), 2U);
    EXPECT_FALSE(engine->networkTrainers({engine::DeviceChoice::Kind::Cuda, 99}));
}

} // namespace

} // namespace rnnscope
