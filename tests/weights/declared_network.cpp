#include "weights/declared_network.h"

#include "core/rnn/rnn.h"
#include "core/zoo/hdf5_dataset.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace rnnscope::weights {

namespace {

void append(std::vector<float>& all, const TensorFile& file, const Part& part, std::size_t rows, std::size_t columns,
            std::size_t hidden)
{
    std::vector<float> values;
    if (part.present()) {
        values.resize(file.tensors().at(part.tensor).entries());
        const auto read = file.read(part.tensor, values);
        EXPECT_TRUE(read) << read.error().message;
    }
    for (std::size_t row = 0; row < rows; ++row)
        for (std::size_t column = 0; column < columns; ++column) {
            const std::size_t from = part.gates.empty()
                ? row
                : static_cast<std::size_t>(part.gates.at(row / hidden)) * hidden + row % hidden;
            const std::size_t at = part.transposed ? column * rows + from : from * columns + column;
            all.push_back(part.present() ? values.at(part.offset + at) : 0.0F);
        }
}

rnn::Shape shapeOf(const RecurrentStack& stack)
{
    return {.cell = static_cast<rnn::Cell>(stack.cell),
            .inputSize = static_cast<std::size_t>(stack.inputSize),
            .hiddenSize = static_cast<std::size_t>(stack.hiddenSize),
            .numLayers = stack.layers.size(),
            .outputSize = static_cast<std::size_t>(stack.heads.at(0).outputSize),
            .bias = true};
}

} // namespace

std::vector<float> assembled(const TensorFile& file, const RecurrentStack& stack)
{
    const rnn::Shape shape = shapeOf(stack);
    const std::size_t rows = shape.gates() * shape.hiddenSize;
    std::vector<float> all;
    std::size_t inputs = shape.inputSize;
    for (const StackLayer& layer : stack.layers) {
        append(all, file, layer.weightIh, rows, inputs, shape.hiddenSize);
        append(all, file, layer.weightHh, rows, shape.hiddenSize, shape.hiddenSize);
        append(all, file, layer.biasIh, rows, 1, shape.hiddenSize);
        append(all, file, layer.biasHh, rows, 1, shape.hiddenSize);
        inputs = shape.hiddenSize;
    }
    append(all, file, stack.heads[0].weight, shape.outputSize, shape.hiddenSize, shape.hiddenSize);
    append(all, file, stack.heads[0].bias, shape.outputSize, 1, shape.hiddenSize);
    return all;
}

float largestDifference(const TensorFile& file, const RecurrentStack& stack, const fs::path& expected,
                        const std::string& name)
{
    const auto node = zoo::hdf5::Node::openFile(expected);
    const auto group = node.group(name);
    const zoo::hdf5::Dataset inputs(group, "input");
    const auto input = inputs.readFloats();
    const auto output = zoo::hdf5::Dataset(group, "output").readFloats();
    const rnn::Shape shape = shapeOf(stack);
    EXPECT_EQ(inputs.shape().back(), shape.inputSize);
    const rnn::Rnn network(shape, assembled(file, stack));
    rnn::RnnState state = network.zeroState(1);
    std::vector<float> logits(shape.outputSize);
    float largest = 0.0F;
    EXPECT_EQ(output.size(), inputs.shape()[0] * shape.outputSize);
    for (std::size_t step = 0; step < inputs.shape()[0]; ++step) {
        network.step(std::span(input).subspan(step * shape.inputSize, shape.inputSize), state, logits);
        for (std::size_t i = 0; i < logits.size(); ++i)
            largest = std::max(largest, std::abs(logits[i] - output.at(step * logits.size() + i)));
    }
    return largest;
}

} // namespace rnnscope::weights
