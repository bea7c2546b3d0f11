#include "weights/network_outputs.h"

#include "core/rnn/rnn.h"
#include "core/zoo/hdf5_dataset.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace rnnscope::weights {

namespace {

std::size_t size(int value)
{
    return static_cast<std::size_t>(value);
}

/// One canonical tensor of [blocks * block, columns].
std::vector<float> assemble(const TensorFile& file, const Part& part, std::size_t blocks, std::size_t block,
                            std::size_t columns)
{
    const std::size_t rows = blocks * block;
    std::vector<float> made(rows * columns);
    if (!part.present())
        return made;
    std::vector<float> stored(file.tensors().at(part.tensor).entries());
    EXPECT_TRUE(file.read(part.tensor, stored));
    for (std::size_t row = 0; row < rows; ++row) {
        const std::size_t from = part.gates.empty() ? row : size(part.gates.at(row / block)) * block + row % block;
        for (std::size_t column = 0; column < columns; ++column)
            made[row * columns + column]
                = stored.at(part.offset + (part.transposed ? column * rows + from : from * columns + column));
    }
    return made;
}

} // namespace

Recorded recorded(const fs::path& file, const std::string& name)
{
    const auto group = zoo::hdf5::Node::openFile(file).group(name);
    return {zoo::hdf5::Dataset(group, "input").readFloats(), zoo::hdf5::Dataset(group, "output").readFloats()};
}

std::vector<float> valuesOf(const TensorFile& file, const std::string& name)
{
    const auto& tensors = file.tensors();
    const auto found = std::find_if(tensors.begin(), tensors.end(), [&](const auto& one) { return one.name == name; });
    if (found == tensors.end()) {
        ADD_FAILURE() << "there is no tensor " << name;
        return {};
    }
    std::vector<float> values(found->entries());
    const auto read = file.read(static_cast<std::size_t>(found - tensors.begin()), values);
    EXPECT_TRUE(read) << read.error().message;
    return values;
}

std::vector<float> parametersByName(const TensorFile& file, const zoo::Architecture& architecture,
                                    const std::string& prefix)
{
    std::vector<float> parameters;
    for (const auto& tensor : architecture.tensors()) {
        const auto values = valuesOf(file, (tensor.name.starts_with("linear.") ? "" : prefix) + tensor.name);
        EXPECT_EQ(values.size(), tensor.size()) << tensor.name;
        parameters.insert(parameters.end(), values.begin(), values.end());
    }
    return parameters;
}

zoo::Architecture architectureOf(const RecurrentStack& stack, const LinearHead& head)
{
    return {stack.cell, stack.inputSize, stack.hiddenSize, stack.numLayers(), head.outputSize, stack.bias};
}

std::vector<float> parametersOf(const TensorFile& file, const RecurrentStack& stack, const LinearHead& head)
{
    std::vector<float> parameters;
    const auto add = [&](const Part& part, std::size_t blocks, std::size_t block, std::size_t columns) {
        const auto values = assemble(file, part, blocks, block, columns);
        parameters.insert(parameters.end(), values.begin(), values.end());
    };
    const std::size_t gates = size(architectureOf(stack, head).gates());
    const std::size_t hidden = size(stack.hiddenSize);
    for (const StackLayer& layer : stack.layers) {
        add(layer.weightIh, gates, hidden, &layer == &stack.layers.front() ? size(stack.inputSize) : hidden);
        add(layer.weightHh, gates, hidden, hidden);
        if (stack.bias) {
            add(layer.biasIh, gates, hidden, 1);
            add(layer.biasHh, gates, hidden, 1);
        }
    }
    add(head.weight, 1, size(head.outputSize), hidden);
    add(head.bias, 1, size(head.outputSize), 1);
    return parameters;
}

std::vector<float> run(const zoo::Architecture& architecture, const std::vector<float>& parameters,
                       const std::vector<float>& input)
{
    const rnn::Shape shape {static_cast<rnn::Cell>(architecture.cell),
                            size(architecture.inputSize),
                            size(architecture.hiddenSize),
                            size(architecture.numLayers),
                            size(architecture.outputSize),
                            architecture.bias};
    if (parameters.size() != shape.parameterCount()) {
        ADD_FAILURE() << parameters.size() << " parameters, expected " << shape.parameterCount();
        return {};
    }
    const rnn::Rnn network(shape, parameters);
    auto state = network.zeroState(1);
    std::vector<float> output(input.size() / shape.inputSize * shape.outputSize);
    for (std::size_t step = 0; step * shape.inputSize < input.size(); ++step)
        network.step(std::span(input).subspan(step * shape.inputSize, shape.inputSize), state,
                     std::span(output).subspan(step * shape.outputSize, shape.outputSize));
    return output;
}

float largestDifference(const std::vector<float>& a, const std::vector<float>& b)
{
    float largest = a.size() == b.size() ? 0.0F : std::numeric_limits<float>::infinity();
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
        largest = std::isnan(a[i] - b[i]) ? std::numeric_limits<float>::infinity()
                                          : std::max(largest, std::abs(a[i] - b[i]));
    return largest;
}

} // namespace rnnscope::weights
