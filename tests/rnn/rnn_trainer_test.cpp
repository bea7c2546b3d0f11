#include "core/rnn/group_trainer.h"
#include "core/rnn/rnn_trainer.h"
#include "rnn/reference_rnn.h"

#include <cmath>
#include <gmock/gmock.h>
#include <limits>
#include <random>

namespace {

using namespace rnnscope::rnn;
using rnnscope::test::ReferenceRnn;

constexpr std::size_t kSteps = 6;

struct Case
{
    const char* name;
    Shape shape;
    bool tokens;
};

/// Sequences as they are, for a slow and simple forward pass.
struct Sequences
{
    std::vector<int> tokens; ///< [B, T]
    std::vector<float> features; ///< [B, T, I]
    std::vector<int> labels; ///< [B, T]
    std::vector<float> weights; ///< [B]
};

/// Some that share their beginnings, as long as the others differ from each other at once.
Sequences randomSequences(const Case& c, std::uint32_t seed)
{
    constexpr std::size_t kCount = 7;
    std::mt19937 random(seed);
    std::normal_distribution<float> normal;
    Sequences s;
    const std::size_t inputs = c.shape.inputSize;
    for (std::size_t b = 0; b < kCount; ++b) {
        s.weights.push_back(static_cast<float>(1 + random() % 4));
        for (std::size_t t = 0; t < kSteps; ++t) {
            const bool shared = b > 0 && b < 4 && t < b;
            s.tokens.push_back(shared ? s.tokens[t] : static_cast<int>(random() % inputs));
            for (std::size_t i = 0; i < inputs; ++i)
                s.features.push_back(shared ? s.features[t * inputs + i] : normal(random));
            s.labels.push_back(static_cast<int>(random() % c.shape.outputSize) - (t == 2 ? 1 : 0)); // some unasked
        }
    }
    return s;
}

PrefixBatch batchOf(const Case& c, const Sequences& s)
{
    PrefixBatch batch;
    if (c.tokens)
        makePrefixes(LabelledTokens {kSteps, c.shape.outputSize, s.tokens, s.labels, s.weights}, batch);
    else
        makePrefixes(LabelledFeatures {kSteps, c.shape.outputSize, c.shape.inputSize, s.features, s.labels, s.weights},
                     batch);
    return batch;
}

double referenceLoss(const Case& c, const Sequences& s, const std::vector<double>& parameters)
{
    double sum = 0.0;
    double total = 0.0;
    for (std::size_t b = 0; b < s.weights.size(); ++b) {
        ReferenceRnn network(c.shape, parameters);
        const auto weight = static_cast<double>(s.weights[b]);
        total += weight;
        for (std::size_t t = 0; t < kSteps; ++t) {
            std::vector<double> input(c.shape.inputSize);
            for (std::size_t i = 0; i < input.size(); ++i)
                input[i] = c.tokens ? (static_cast<int>(i) == s.tokens[b * kSteps + t] ? 1.0 : 0.0)
                                    : static_cast<double>(s.features[(b * kSteps + t) * input.size() + i]);
            const std::vector<double> logits = network.step(input);
            double normaliser = 0.0;
            for (const double logit : logits)
                normaliser += std::exp(logit);
            if (const int label = s.labels[b * kSteps + t]; label >= 0)
                sum += weight * (std::log(normaliser) - logits[static_cast<std::size_t>(label)]);
        }
    }
    return sum / total / static_cast<double>(kSteps);
}

std::vector<float> randomParameters(const Shape& shape, std::uint32_t seed)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0.0F, 0.4F);
    std::vector<float> parameters(shape.parameterCount());
    for (float& value : parameters)
        value = normal(random);
    return parameters;
}

class Trainer : public testing::TestWithParam<Case>
{
};

TEST_P(Trainer, GradientsAreThoseOfDifferencesInDouble)
{
    const Case& c = GetParam();
    const Sequences sequences = randomSequences(c, 3);
    const PrefixBatch batch = batchOf(c, sequences);
    const std::vector<float> parameters = randomParameters(c.shape, 4);
    const std::vector<double> exact(parameters.begin(), parameters.end());
    std::vector<double> differences;
    for (std::size_t i = 0; i < exact.size(); ++i) {
        constexpr double kStep = 1e-5;
        std::vector<double> moved = exact;
        moved[i] = exact[i] + kStep;
        const double above = referenceLoss(c, sequences, moved);
        moved[i] = exact[i] - kStep;
        differences.push_back((above - referenceLoss(c, sequences, moved)) / (2.0 * kStep));
    }
    double largest = 0.0;
    for (const double value : differences)
        largest = std::max(largest, std::abs(value));
    for (const Kernels* kernels : allKernels()) {
        RnnTrainer trainer(c.shape, parameters, *kernels);
        EXPECT_NEAR(trainer.backward(batch), referenceLoss(c, sequences, exact), 1e-6) << kernels->name;
        for (std::size_t i = 0; i < exact.size(); ++i)
            ASSERT_NEAR(trainer.gradient()[i], differences[i], 1e-5 * largest) << kernels->name << ", parameter " << i;
    }
}

TEST_P(Trainer, UpdatesAreThoseOfAdamW)
{
    const Case& c = GetParam();
    RnnTrainer trainer(c.shape, randomParameters(c.shape, 5));
    std::vector<double> expected(trainer.parameters().begin(), trainer.parameters().end());
    std::vector<double> mean(expected.size());
    std::vector<double> square(expected.size());
    for (int step = 1; step <= 5; ++step) {
        const AdamW optimiser {.learningRate = 0.01F / static_cast<float>(step), .weightDecay = 0.1F};
        const auto rate = static_cast<double>(optimiser.learningRate);
        trainer.update(batchOf(c, randomSequences(c, 10U + static_cast<std::uint32_t>(step))), optimiser);
        for (std::size_t i = 0; i < expected.size(); ++i) {
            const auto gradient = static_cast<double>(trainer.gradient()[i]);
            mean[i] = 0.9 * mean[i] + 0.1 * gradient;
            square[i] = 0.999 * square[i] + 0.001 * gradient * gradient;
            const double correctedMean = mean[i] / (1.0 - std::pow(0.9, step));
            const double correctedSquare = square[i] / (1.0 - std::pow(0.999, step));
            expected[i] -= rate * 0.1 * expected[i] + rate * correctedMean / (std::sqrt(correctedSquare) + 1e-8);
            ASSERT_NEAR(trainer.parameters()[i], expected[i], 2e-6) << "step " << step << ", parameter " << i;
        }
    }
}

TEST_P(Trainer, SharingPrefixesChangesNothing)
{
    const Case& c = GetParam();
    const Sequences sequences = randomSequences(c, 6);
    const std::vector<float> parameters = randomParameters(c.shape, 7);
    RnnTrainer together(c.shape, parameters);
    together.backward(batchOf(c, sequences));
    std::vector<double> sum(parameters.size());
    double weights = 0.0;
    for (const float weight : sequences.weights)
        weights += static_cast<double>(weight);
    for (std::size_t b = 0; b < sequences.weights.size(); ++b) { // each alone
        const auto part = [&](const auto& values, std::size_t each) {
            return std::vector(values.begin() + static_cast<std::ptrdiff_t>(b * each),
                               values.begin() + static_cast<std::ptrdiff_t>((b + 1) * each));
        };
        const Sequences one {part(sequences.tokens, kSteps), part(sequences.features, kSteps * c.shape.inputSize),
                             part(sequences.labels, kSteps), part(sequences.weights, 1)};
        RnnTrainer alone(c.shape, parameters);
        alone.backward(batchOf(c, one));
        for (std::size_t i = 0; i < sum.size(); ++i)
            sum[i] += static_cast<double>(alone.gradient()[i] * one.weights[0]) / weights;
    }
    for (std::size_t i = 0; i < sum.size(); ++i)
        ASSERT_NEAR(together.gradient()[i], sum[i], 2e-6) << i;
}

TEST_P(Trainer, RepeatsItselfToTheLastBit)
{
    const Case& c = GetParam();
    const std::vector<float> parameters = randomParameters(c.shape, 8);
    RnnTrainer first(c.shape, parameters);
    RnnTrainer second(c.shape, parameters);
    // Larger batches before must not leave anything behind.
    RnnTrainer(c.shape, parameters).backward(batchOf(c, randomSequences(c, 1)));
    second.forward(batchOf(c, randomSequences(c, 2)));
    for (std::uint32_t step = 0; step < 3; ++step) {
        const PrefixBatch batch = batchOf(c, randomSequences(c, step));
        first.update(batch, {});
        second.update(batch, {});
    }
    EXPECT_TRUE(std::ranges::equal(first.parameters(), second.parameters()));
}

TEST_P(Trainer, AnswersAsTheNetworkDoes)
{
    const Case& c = GetParam();
    const std::vector<float> parameters = randomParameters(c.shape, 9);
    const Sequences sequences = randomSequences(c, 9);
    const PrefixBatch batch = batchOf(c, sequences);
    std::vector<float> logits(batch.nodes() * c.shape.outputSize);
    RnnTrainer(c.shape, parameters).forward(batch, logits);
    const std::vector<double> exact(parameters.begin(), parameters.end());
    for (std::size_t leaf = batch.first[kSteps - 1]; leaf < batch.nodes(); ++leaf) {
        std::vector<std::size_t> path {leaf};
        for (std::size_t t = kSteps - 1; t > 0; --t)
            path.insert(path.begin(), batch.parent[path.front()]);
        ReferenceRnn network(c.shape, exact);
        for (const std::size_t node : path) {
            std::vector<double> input(c.shape.inputSize);
            for (std::size_t i = 0; i < input.size(); ++i)
                input[i] = c.tokens ? (static_cast<int>(i) == batch.tokens[node] ? 1.0 : 0.0)
                                    : static_cast<double>(batch.features[node * input.size() + i]);
            const auto expected = network.step(input);
            for (std::size_t o = 0; o < expected.size(); ++o)
                ASSERT_NEAR(logits[node * expected.size() + o], expected[o], 1e-5) << "node " << node;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Cells, Trainer,
                         testing::Values(Case {"lstm", {Cell::Lstm, 6, 8, 2, 6}, true},
                                         Case {"lstmOdd", {Cell::Lstm, 3, 5, 3, 4}, false},
                                         Case {"lstmWide", {Cell::Lstm, 2, 19, 1, 3}, true},
                                         Case {"gru", {Cell::Gru, 5, 6, 2, 3}, true},
                                         Case {"gruFeatures", {Cell::Gru, 16, 8, 1, 10}, false},
                                         Case {"gruBare", {Cell::Gru, 3, 7, 2, 2, false}, false},
                                         Case {"tanh", {Cell::RnnTanh, 4, 9, 2, 5}, true},
                                         Case {"tanhFeatures", {Cell::RnnTanh, 2, 16, 3, 4}, false},
                                         Case {"lstmBare", {Cell::Lstm, 4, 6, 2, 4, false}, true}),
                         [](const auto& parameter) { return std::string(parameter.param.name); });

TEST(RnnTrainer, KeepsNanToOneNetwork)
{
    const Case c {"", {Cell::Lstm, 6, 8, 2, 6}, true};
    std::vector<float> parameters = randomParameters(c.shape, 1);
    parameters[7] = std::numeric_limits<float>::quiet_NaN();
    RnnTrainer trainer(c.shape, parameters);
    EXPECT_TRUE(std::isnan(trainer.update(batchOf(c, randomSequences(c, 1)), {})));
    EXPECT_TRUE(std::isnan(trainer.parameters()[0]));
}

TEST(RnnTrainer, LearnsASmallLanguage)
{
    const Case c {"", {Cell::Gru, 3, 8, 1, 3}, true};
    const std::vector<int> tokens {0, 1, 2, 0, 1, 2, 0};
    const std::vector<int> labels {1, 2, 0, 1, 2, 0, 1};
    PrefixBatch batch;
    makePrefixes(LabelledTokens {7, 3, tokens, labels, {}}, batch);
    RnnTrainer trainer(c.shape, randomParameters(c.shape, 2));
    for (int step = 0; step < 300; ++step)
        trainer.update(batch, {.learningRate = 0.02F});
    EXPECT_LT(trainer.forward(batch), 0.05);
}

TEST(RnnTrainer, CountsTheProductsOfThePaperShape)
{
    std::vector<int> tokens(41, 0);
    PrefixBatch batch;
    makePrefixes(LabelledTokens {41, 6, tokens, tokens, {}}, batch);
    // Two layers of 4 x 32 gates, 32 inputs each from the step before and, the upper, from below; a read-out of 6.
    const double expected = 2.0 * 3.0 * (40.0 * 128 * 32 * 2 + 41.0 * 128 * 32 + 41.0 * 32 * 6);
    EXPECT_DOUBLE_EQ(RnnTrainer::productFlops({Cell::Lstm, 6, 32, 2, 6}, batch), expected);
}

TEST(GroupTrainer, OnTheCpuIsOneNetwork)
{
    const Case c {"", {Cell::RnnTanh, 4, 5, 1, 3}, true};
    const std::vector<float> parameters = randomParameters(c.shape, 3);
    const PrefixBatch batch = batchOf(c, randomSequences(c, 3));
    const TrainerKind kind = cpuTrainers(2);
    EXPECT_EQ(kind.groupSize, 1U);
    EXPECT_EQ(kind.groupsAtOnce, 2);
    const auto group = kind.make(c.shape, parameters);
    ASSERT_TRUE(group);
    RnnTrainer alone(c.shape, parameters);
    const AdamW optimiser {.learningRate = 0.1F};
    ASSERT_TRUE((*group)->update(std::span(&batch, 1), std::span(&optimiser, 1)));
    alone.update(batch, optimiser);
    std::vector<float> read(parameters.size());
    ASSERT_TRUE((*group)->read(0, read));
    EXPECT_TRUE(std::ranges::equal(read, alone.parameters()));
    EXPECT_FALSE(std::ranges::equal(read, parameters));
}

} // namespace
