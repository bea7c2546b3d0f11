#include "core/zoo/architecture.h"

#include <array>
#include <utility>

namespace rnnscope::zoo {

namespace {

constexpr std::array<std::pair<Cell, std::string_view>, 4> kCells {{
    {Cell::Lstm, "lstm"},
    {Cell::Gru, "gru"},
    {Cell::RnnTanh, "rnn_tanh"},
    {Cell::RnnRelu, "rnn_relu"},
}};

constexpr std::array<std::pair<TaskFamily, std::string_view>, 3> kFamilies {{
    {TaskFamily::FormalLanguage, "formal_language"},
    {TaskFamily::SequentialMnist, "sequential_mnist"},
    {TaskFamily::Custom, "custom"},
}};

std::size_t unsignedSize(int value)
{
    return static_cast<std::size_t>(value);
}

} // namespace

std::string_view name(Cell cell)
{
    for (const auto& [value, text] : kCells)
        if (value == cell)
            return text;
    return {};
}

Result<Cell> cellFromName(std::string_view text)
{
    for (const auto& [value, known] : kCells)
        if (known == text)
            return value;
    return fail(Errc::BadFormat, fmt::format("unknown cell '{}', expected lstm, gru, rnn_tanh or rnn_relu", text));
}

std::string_view name(TaskFamily family)
{
    for (const auto& [value, text] : kFamilies)
        if (value == family)
            return text;
    return {};
}

Result<TaskFamily> taskFamilyFromName(std::string_view text)
{
    for (const auto& [value, known] : kFamilies)
        if (known == text)
            return value;
    return fail(Errc::BadFormat,
                fmt::format("unknown task family '{}', expected formal_language, sequential_mnist or custom", text));
}

int Architecture::gates() const
{
    switch (cell) {
    case Cell::Lstm:
        return 4;
    case Cell::Gru:
        return 3;
    case Cell::RnnTanh:
    case Cell::RnnRelu:
        return 1;
    }
    return 1;
}

std::vector<ParameterTensor> Architecture::tensors() const
{
    std::vector<ParameterTensor> found;
    std::size_t offset = 0;
    const auto add = [&](std::string tensorName, std::size_t rows, std::size_t columns) {
        found.push_back({std::move(tensorName), rows, columns, offset});
        offset += rows * columns;
    };
    const std::size_t gateRows = unsignedSize(gates()) * unsignedSize(hiddenSize);
    for (int layer = 0; layer < numLayers; ++layer) {
        add(fmt::format("weight_ih_l{}", layer), gateRows, unsignedSize(layer == 0 ? inputSize : hiddenSize));
        add(fmt::format("weight_hh_l{}", layer), gateRows, unsignedSize(hiddenSize));
        if (bias) {
            add(fmt::format("bias_ih_l{}", layer), gateRows, 1);
            add(fmt::format("bias_hh_l{}", layer), gateRows, 1);
        }
    }
    add("linear.weight", unsignedSize(outputSize), unsignedSize(hiddenSize));
    add("linear.bias", unsignedSize(outputSize), 1);
    return found;
}

std::size_t Architecture::parameterCount() const
{
    const ParameterTensor last = tensors().back();
    return last.offset + last.size();
}

std::string Architecture::description() const
{
    constexpr std::array<std::string_view, 4> kLabels {"LSTM", "GRU", "tanh RNN", "ReLU RNN"};
    return fmt::format("{} {}×{}, {} in, {} out", kLabels.at(static_cast<std::size_t>(cell)), numLayers, hiddenSize,
                       inputSize, outputSize);
}

Result<void> validate(const Architecture& architecture)
{
    constexpr int kLargest = 1 << 16;
    const auto check = [](std::string_view what, int value, int largest) -> Result<void> {
        if (value < 1 || value > largest)
            return fail(Errc::BadFormat, fmt::format("{} is {}, expected 1 to {}", what, value, largest));
        return {};
    };
    constexpr int kMostLayers = 256;
    for (const auto& result : {check("input_size", architecture.inputSize, kLargest),
                               check("hidden_size", architecture.hiddenSize, kLargest),
                               check("num_layers", architecture.numLayers, kMostLayers),
                               check("output_size", architecture.outputSize, kLargest)})
        if (!result)
            return result;
    if (architecture.parameterCount() > (std::size_t {1} << 31))
        return fail(Errc::BadFormat, "the network would have more than 2^31 parameters");
    return {};
}

} // namespace rnnscope::zoo
