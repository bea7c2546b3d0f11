#include "core/rnn/gates.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace {

using namespace rnnscope;
using rnn::Cell;
using rnn::Gates;
using rnn::Rnn;
using rnn::Shape;

std::vector<float> normal(std::size_t count, float deviation, unsigned seed)
{
    std::mt19937 twister(seed);
    std::normal_distribution<float> distribution(0.0F, deviation);
    std::vector<float> values(count);
    for (float& value : values)
        value = distribution(twister);
    return values;
}

struct GatesOfAnyCell : testing::TestWithParam<Shape>
{
    const Shape shape = GetParam();
    const std::vector<float> parameters = normal(shape.parameterCount(), 0.4F, 7);
    const Gates gates {shape, parameters};
    const Rnn network {shape, parameters};

    /// What the cell makes of its gates. `hidden` and `cell` are those before the step.
    float newState(std::span<const float> gate, std::size_t unit, float hidden, float cell) const
    {
        const auto of = [&](std::size_t index) { return static_cast<double>(gate[index * shape.hiddenSize + unit]); };
        const auto before = static_cast<double>(hidden);
        switch (shape.cell) {
        case Cell::Lstm:
            return static_cast<float>(of(3) * std::tanh(of(1) * static_cast<double>(cell) + of(0) * of(2)));
        case Cell::Gru:
            return static_cast<float>((1.0 - of(1)) * of(2) + of(1) * before);
        case Cell::RnnTanh:
        case Cell::RnnRelu:
            break;
        }
        return gate[unit];
    }
};

/// Step for step and layer for layer, from the states of the kernels themselves.
TEST_P(GatesOfAnyCell, MakeTheStatesThatTheKernelsMake)
{
    constexpr std::size_t kSteps = 30;
    constexpr std::size_t kSequences = 2;
    auto state = network.zeroState(kSequences);
    std::vector<float> logits(kSequences * shape.outputSize);
    std::vector<float> gate(shape.gates() * shape.hiddenSize);
    for (unsigned step = 0; step < kSteps; ++step) {
        const auto x = normal(kSequences * shape.inputSize, 1.0F, 11 + step);
        auto before = state;
        network.step(x, state, logits);
        for (std::size_t q = 0; q < kSequences; ++q)
            for (std::size_t l = 0; l < shape.numLayers; ++l) {
                const auto read = l == 0 ? std::span(x).subspan(q * shape.inputSize, shape.inputSize)
                                         : std::span<const float>(state.hidden(l - 1, q));
                gates.at(l, read, before.hidden(l, q), gate);
                for (std::size_t unit = 0; unit < shape.hiddenSize; ++unit) {
                    const float cell = shape.cell == Cell::Lstm ? before.cell(l, q)[unit] : 0.0F;
                    ASSERT_NEAR(newState(gate, unit, before.hidden(l, q)[unit], cell), state.hidden(l, q)[unit], 1e-6)
                        << "step " << step << ", layer " << l << ", unit " << unit;
                }
            }
    }
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, GatesOfAnyCell,
    testing::Values(
        Shape {.cell = Cell::Lstm, .inputSize = 6, .hiddenSize = 32, .numLayers = 2, .outputSize = 6},
        Shape {.cell = Cell::Gru, .inputSize = 5, .hiddenSize = 11, .numLayers = 2, .outputSize = 3},
        Shape {.cell = Cell::RnnTanh, .inputSize = 3, .hiddenSize = 8, .numLayers = 1, .outputSize = 2},
        Shape {.cell = Cell::Lstm, .inputSize = 3, .hiddenSize = 5, .numLayers = 3, .outputSize = 2, .bias = false},
        Shape {.cell = Cell::Gru, .inputSize = 3, .hiddenSize = 5, .numLayers = 1, .outputSize = 2, .bias = false}));

} // namespace
