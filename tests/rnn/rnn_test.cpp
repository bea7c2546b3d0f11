#include "core/base/cpu_features.h"
#include "core/rnn/rnn.h"
#include "core/rnn/step_kernel.h"
#include "rnn/reference_rnn.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <random>

namespace {

using namespace rnnscope;
using rnn::Cell;
using rnn::Rnn;
using rnn::RnnState;
using rnn::Shape;

struct Case
{
    std::string name;
    Shape shape;
};

std::vector<float> normal(std::size_t count, float deviation, unsigned seed)
{
    std::mt19937 twister(seed);
    std::normal_distribution<float> distribution(0.0F, deviation);
    std::vector<float> values(count);
    for (float& value : values)
        value = distribution(twister);
    return values;
}

/// `x` [T, Q, I] -> logits [T, Q, O].
std::vector<float> run(const Rnn& network, std::size_t sequences, const std::vector<float>& x, RnnState& state)
{
    const std::size_t in = sequences * network.shape().inputSize;
    const std::size_t out = sequences * network.shape().outputSize;
    std::vector<float> logits(x.size() / in * out);
    for (std::size_t t = 0; t * in < x.size(); ++t)
        network.step(std::span(x).subspan(t * in, in), state, std::span(logits).subspan(t * out, out));
    return logits;
}

class RnnOfAnyShape : public testing::TestWithParam<Case>
{
protected:
    static constexpr std::size_t kSteps = 7;
    const Shape shape = GetParam().shape;
    /// Weights about as large as trained ones.
    const std::vector<float> parameters = normal(shape.parameterCount(), 0.4F, 7);
    const Rnn network {shape, parameters};

    std::vector<float> inputs(std::size_t sequences) const
    {
        return normal(kSteps * sequences * shape.inputSize, 1.0F, 11);
    }
};

TEST_P(RnnOfAnyShape, AnswersAsTheEquationsSay)
{
    const auto x = inputs(1);
    RnnState state = network.zeroState(1);
    const auto logits = run(network, 1, x, state);
    test::ReferenceRnn reference(shape, std::vector<double>(parameters.begin(), parameters.end()));
    for (std::size_t t = 0; t < kSteps; ++t) {
        const auto first = x.begin() + static_cast<std::ptrdiff_t>(t * shape.inputSize);
        const auto expected = reference.step({first, first + static_cast<std::ptrdiff_t>(shape.inputSize)});
        for (std::size_t o = 0; o < shape.outputSize; ++o) {
            const double scale = std::max(1.0, std::abs(expected[o]));
            EXPECT_NEAR(static_cast<double>(logits[t * shape.outputSize + o]), expected[o], 1e-5 * scale);
        }
    }
}

TEST_P(RnnOfAnyShape, SequenceAloneAnswersAsInABatchBitForBit)
{
    constexpr std::size_t kBatch = 21; // two and a half tiles of either width
    const auto x = inputs(kBatch);
    RnnState together = network.zeroState(kBatch);
    const auto all = run(network, kBatch, x, together);
    for (std::size_t q = 0; q < kBatch; ++q) {
        std::vector<float> own;
        for (std::size_t t = 0; t < kSteps; ++t)
            for (std::size_t i = 0; i < shape.inputSize; ++i)
                own.push_back(x[(t * kBatch + q) * shape.inputSize + i]);
        RnnState state = network.zeroState(1);
        const auto alone = run(network, 1, own, state);
        for (std::size_t t = 0; t < kSteps; ++t)
            for (std::size_t o = 0; o < shape.outputSize; ++o)
                ASSERT_EQ(alone[t * shape.outputSize + o], all[(t * kBatch + q) * shape.outputSize + o]) << q;
        const auto lastState = together.hidden(shape.numLayers - 1, q);
        EXPECT_TRUE(std::equal(lastState.begin(), lastState.end(), state.hidden(shape.numLayers - 1, 0).begin()));
    }
}

TEST_P(RnnOfAnyShape, TokensAnswerAsOneHotInputs)
{
    constexpr std::size_t kBatch = 5;
    RnnState byToken = network.zeroState(kBatch);
    RnnState byProduct = network.zeroState(kBatch);
    std::vector<float> fromTokens(kBatch * shape.outputSize);
    std::vector<float> fromProducts(fromTokens.size());
    for (std::size_t t = 0; t < kSteps; ++t) {
        std::vector<int> tokens(kBatch);
        std::vector<float> oneHot(kBatch * shape.inputSize);
        for (std::size_t q = 0; q < kBatch; ++q) {
            tokens[q] = static_cast<int>((t * 3 + q) % shape.inputSize);
            oneHot[q * shape.inputSize + static_cast<std::size_t>(tokens[q])] = 1.0F;
        }
        network.step(tokens, byToken, fromTokens);
        network.step(oneHot, byProduct, fromProducts);
        EXPECT_EQ(fromTokens, fromProducts);
    }
}

TEST_P(RnnOfAnyShape, ResetSequenceStartsAnewAndLeavesTheOthers)
{
    const auto x = inputs(2);
    RnnState fresh = network.zeroState(2);
    const auto first = run(network, 2, x, fresh);
    const auto onward = run(network, 2, x, fresh);
    RnnState mixed = network.zeroState(2);
    run(network, 2, x, mixed);
    mixed.reset(1);
    const auto second = run(network, 2, x, mixed);
    for (std::size_t i = 0; i < second.size(); ++i)
        EXPECT_EQ(second[i], (i / shape.outputSize % 2 == 1 ? first : onward)[i]);
}

TEST_P(RnnOfAnyShape, UnknownWeightsGiveUnknownAnswers)
{
    auto broken = parameters;
    broken.front() = std::numeric_limits<float>::quiet_NaN();
    const Rnn sick(shape, broken);
    RnnState state = sick.zeroState(1);
    const auto logits = run(sick, 1, inputs(1), state);
    EXPECT_TRUE(std::isnan(logits.back()));
}

INSTANTIATE_TEST_SUITE_P(Cells, RnnOfAnyShape,
                         testing::Values(Case {"lstm", {Cell::Lstm, 3, 7, 2, 5, true}},
                                         Case {"lstm_without_bias", {Cell::Lstm, 6, 33, 1, 2, false}},
                                         Case {"lstm_of_the_paper", {Cell::Lstm, 6, 32, 2, 6, true}},
                                         Case {"gru", {Cell::Gru, 3, 9, 2, 5, true}},
                                         Case {"gru_without_bias", {Cell::Gru, 5, 16, 3, 1, false}},
                                         Case {"tanh", {Cell::RnnTanh, 3, 7, 2, 11, true}},
                                         Case {"tanh_without_bias", {Cell::RnnTanh, 1, 1, 1, 1, false}},
                                         Case {"relu", {Cell::RnnRelu, 3, 7, 2, 5, true}},
                                         Case {"relu_deep", {Cell::RnnRelu, 2, 3, 4, 2, true}}),
                         [](const auto& tested) { return tested.param.name; });

TEST(Rnn, SaturatedGatesStayFinite)
{
    const Shape shape {Cell::Lstm, 2, 4, 2, 3, true};
    const Rnn network(shape, normal(shape.parameterCount(), 1e4F, 3));
    RnnState state = network.zeroState(2);
    for (const float logit : run(network, 2, normal(40, 100.0F, 5), state))
        EXPECT_TRUE(std::isfinite(logit));
}

/// Those that this processor has beside the plain ones.
std::vector<const rnn::StepKernels*> fastStepKernels()
{
    std::vector<const rnn::StepKernels*> all;
#if defined(__x86_64__)
    if (cpuFeatures().avx2)
        all.push_back(&rnn::kAvx2Kernels);
    if (cpuFeatures().avx2 && cpuFeatures().avx512)
        all.push_back(&rnn::kAvx512Kernels);
#endif
    return all;
}

/// What a step makes of the cell and the hidden state, one after the other.
rnn::AlignedFloats stepped(void (*kernel)(const rnn::LayerStep&), rnn::LayerStep step, const rnn::AlignedFloats& cell)
{
    rnn::AlignedFloats result = cell;
    result.resize(2 * cell.size());
    step.cell = result.data();
    step.next = result.data() + cell.size();
    kernel(step);
    return result;
}

constexpr std::size_t kUnits = 8; // of a layer that has nothing but a bias

/// The same, of a layer whose weights and hidden state are 0 and whose cells are `before`.
rnn::AlignedFloats steppedByBias(void (*kernel)(const rnn::LayerStep&), const rnn::AlignedFloats& bias,
                                 std::size_t sequences, float before)
{
    const rnn::AlignedFloats nothing(4 * kUnits), hidden(sequences * kUnits);
    const rnn::LayerStep step {.inputs = 1,
                               .units = 1,
                               .stride = kUnits,
                               .sequences = sequences,
                               .inputWeight = nothing.data(),
                               .hiddenWeight = nothing.data(),
                               .bias = bias.data(),
                               .x = nothing.data(),
                               .xStride = 1,
                               .tokens = nullptr,
                               .hidden = hidden.data()};
    return stepped(kernel, step, rnn::AlignedFloats(sequences * kUnits, before));
}

TEST(StepKernels, AgreeWithEachOther)
{
    constexpr std::size_t kWide = 16, kInputs = 3, kMost = 9;
    const auto aligned = [](std::size_t count, unsigned seed) {
        const auto values = normal(count, 0.5F, seed);
        return rnn::AlignedFloats(values.begin(), values.end());
    };
    const auto input = aligned(kWide * kInputs * 4, 1), recurrent = aligned(kWide * kWide * 4, 2);
    const auto bias = aligned(kWide * 4, 3), x = aligned(kMost * kInputs, 4);
    const auto hidden = aligned(kMost * kWide, 5), cell = aligned(kMost * kWide, 6);
    for (auto kernel : {&rnn::StepKernels::lstm, &rnn::StepKernels::gru, &rnn::StepKernels::tanh,
                        &rnn::StepKernels::relu, &rnn::StepKernels::linear})
        for (std::size_t sequences = 1; sequences <= kMost; ++sequences) {
            const rnn::LayerStep step {.inputs = kInputs,
                                       .units = kWide,
                                       .stride = kWide,
                                       .sequences = sequences,
                                       .inputWeight = input.data(),
                                       .hiddenWeight = recurrent.data(),
                                       .bias = bias.data(),
                                       .x = x.data(),
                                       .xStride = kInputs,
                                       .tokens = nullptr,
                                       .hidden = hidden.data()};
            const auto plain = stepped(rnn::kPlainKernels.*kernel, step, cell);
            const auto all = fastStepKernels();
            for (const rnn::StepKernels* kernels : all) {
                const auto fast = stepped(kernels->*kernel, step, cell);
                for (std::size_t i = 0; i < plain.size(); ++i)
                    ASSERT_NEAR(plain[i], fast[i], 2e-6F);
                EXPECT_EQ(fast, stepped(all.front()->*kernel, step, cell)) << "other bits, " << sequences << " at once";
            }
        }
}

TEST(StepKernels, GatesAndCellsMayBeAnything)
{
    const std::array<double, 6> values {-200.0, -50.0, -2.0, 0.01, 30.0, 200.0};
    const auto sigmoid = [](double v) { return 1.0 / (1.0 + std::exp(-v)); };
    auto all = fastStepKernels();
    all.push_back(&rnn::kPlainKernels);
    for (const rnn::StepKernels* kernels : all)
        for (const double i : values)
            for (const double candidate : values)
                for (const double o : values)
                    for (const double before : values) {
                        rnn::AlignedFloats bias(4 * kUnits);
                        std::fill_n(bias.begin(), kUnits, static_cast<float>(i));
                        std::fill_n(bias.begin() + kUnits, kUnits, 20.0F);
                        std::fill_n(bias.begin() + 2 * kUnits, kUnits, static_cast<float>(candidate));
                        std::fill_n(bias.begin() + 3 * kUnits, kUnits, static_cast<float>(o));
                        const auto result = steppedByBias(kernels->lstm, bias, 1, static_cast<float>(before));
                        const double cell = sigmoid(20.0) * before + sigmoid(i) * std::tanh(candidate);
                        ASSERT_NEAR(result[0], cell, 1e-6 * (1.0 + std::abs(cell))) << i << " " << candidate;
                        ASSERT_NEAR(result[kUnits], sigmoid(o) * std::tanh(cell), 5e-7) << o << " " << cell;
                    }
}

TEST(StepKernels, KeepNan)
{
    auto all = fastStepKernels();
    all.push_back(&rnn::kPlainKernels);
    for (const rnn::StepKernels* kernels : all)
        for (auto kernel : {&rnn::StepKernels::lstm, &rnn::StepKernels::gru, &rnn::StepKernels::tanh,
                            &rnn::StepKernels::relu, &rnn::StepKernels::linear}) {
            const rnn::AlignedFloats bias(4 * kUnits, std::nanf(""));
            const auto result = steppedByBias(kernels->*kernel, bias, 2, 0.0F);
            EXPECT_TRUE(std::isnan(result[2 * kUnits]) && std::isnan(result[3 * kUnits]));
        }
}

} // namespace
