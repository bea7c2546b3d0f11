#include "core/rnn/rnn.h"
#include "tasks/golden_file.h"

#include <gtest/gtest.h>

#include <cmath>

namespace {

using namespace rnnscope;
using test::GoldenFile;
using Array = GoldenFile::Array;

constexpr double kTolerance = 1e-5;

std::vector<float> slice(const Array& array, std::size_t first)
{
    const std::size_t size = array.values.size() / array.shape[0];
    const auto begin = array.values.begin() + static_cast<std::ptrdiff_t>(first * size);
    return {begin, begin + static_cast<std::ptrdiff_t>(size)};
}

double largestDifference(std::span<const float> found, std::span<const float> expected)
{
    EXPECT_EQ(found.size(), expected.size());
    double largest = 0.0;
    for (std::size_t i = 0; i < std::min(found.size(), expected.size()); ++i) {
        EXPECT_TRUE(std::isfinite(found[i]));
        largest = std::max(largest, std::abs(static_cast<double>(found[i]) - static_cast<double>(expected[i])));
    }
    return largest;
}

rnn::Shape shapeOf(const GoldenFile& golden, const std::string& group)
{
    const auto size = [&](const char* name) { return static_cast<std::size_t>(golden.attribute(group, name)); };
    rnn::Shape shape;
    shape.inputSize = size("input_size");
    shape.hiddenSize = size("hidden_size");
    shape.outputSize = size("output_size");
    shape.numLayers = golden.array(group + "/h0").shape[1];
    return shape;
}

/// [L, H] of the first sequence.
std::vector<float> states(rnn::RnnState& state, const rnn::Shape& shape, bool cell)
{
    std::vector<float> all;
    for (std::size_t layer = 0; layer < shape.numLayers; ++layer) {
        const auto part = cell ? state.cell(layer, 0) : state.hidden(layer, 0);
        all.insert(all.end(), part.begin(), part.end());
    }
    return all;
}

class GoldenRnn : public testing::TestWithParam<const char*>
{
protected:
    const GoldenFile golden {"rnn_forward.h5"};

    /// The n-th network of a group on its own sequence.
    void expectOutputs(const std::string& group, std::size_t n, bool givenState) const
    {
        const auto shape = shapeOf(golden, group);
        const auto parameters = slice(golden.array(group + "/parameters"), n);
        ASSERT_EQ(parameters.size(), shape.parameterCount());
        const rnn::Rnn network(shape, parameters);
        rnn::RnnState state = network.zeroState(1);
        for (std::size_t i = 0; givenState && i < shape.numLayers * shape.hiddenSize; ++i) {
            state.hidden(i / shape.hiddenSize, 0)[i % shape.hiddenSize] = slice(golden.array(group + "/h0"), n)[i];
            state.cell(i / shape.hiddenSize, 0)[i % shape.hiddenSize] = slice(golden.array(group + "/c0"), n)[i];
        }
        const auto inputs = slice(golden.array(group + "/inputs"), n);
        std::vector<float> outputs;
        std::vector<float> logits(shape.outputSize);
        for (std::size_t t = 0; t < inputs.size(); t += shape.inputSize) {
            network.step(std::span(inputs).subspan(t, shape.inputSize), state, logits);
            outputs.insert(outputs.end(), logits.begin(), logits.end());
        }
        const std::string expected = group + "/" + GetParam();
        EXPECT_LE(largestDifference(outputs, slice(golden.array(expected + "/outputs"), n)), kTolerance);
        EXPECT_LE(largestDifference(states(state, shape, false), slice(golden.array(expected + "/h_n"), n)),
                  kTolerance);
        EXPECT_LE(largestDifference(states(state, shape, true), slice(golden.array(expected + "/c_n"), n)), kTolerance);
    }
};

TEST_P(GoldenRnn, OutputsAndFinalStatesAreTheAuthors)
{
    const auto groups = golden.names();
    EXPECT_GE(groups.size(), 3U);
    for (const std::string& group : groups)
        for (std::size_t n = 0; n < golden.array(group + "/parameters").shape[0]; ++n) {
            SCOPED_TRACE(group + " " + std::to_string(n));
            expectOutputs(group, n, std::string(GetParam()) == "given_state");
        }
}

INSTANTIATE_TEST_SUITE_P(Starts, GoldenRnn, testing::Values("zero_state", "given_state"),
                         [](const auto& start) { return std::string(start.param); });

} // namespace
