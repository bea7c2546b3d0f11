#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace rnnscope::zoo {

enum class Cell { Lstm, Gru, RnnTanh, RnnRelu };

/// "lstm", "gru", "rnn_tanh", "rnn_relu", as in the file formats.
std::string_view name(Cell cell);
Result<Cell> cellFromName(std::string_view name);

enum class TaskFamily { FormalLanguage, SequentialMnist, Custom };

/// "formal_language", "sequential_mnist", "custom".
std::string_view name(TaskFamily family);
Result<TaskFamily> taskFamilyFromName(std::string_view name);

/// One parameter tensor inside a flat parameter vector.
struct ParameterTensor
{
    std::string name; ///< PyTorch's: "weight_ih_l0", …, "linear.weight", "linear.bias"
    std::size_t rows = 0;
    std::size_t columns = 0; ///< 1 for biases
    std::size_t offset = 0; ///< first entry in the flat vector

    std::size_t size() const { return rows * columns; }
    bool isBias() const { return name.find("bias") != std::string::npos; }
};

/// Stacked recurrent layers and a linear read-out at every step.
struct Architecture
{
    Cell cell = Cell::Lstm;
    int inputSize = 0;
    int hiddenSize = 0;
    int numLayers = 0;
    int outputSize = 0;
    bool bias = true; ///< bias_ih and bias_hh; the read-out always has one

    /// Gate blocks stacked in a weight matrix: LSTM 4 (i, f, g, o), GRU 3 (r, z, n), plain RNN 1.
    int gates() const;
    /// P, the length of a flat parameter vector.
    std::size_t parameterCount() const;
    /// In PyTorch's order: per layer weight_ih, weight_hh, bias_ih, bias_hh; then linear.weight, linear.bias.
    std::vector<ParameterTensor> tensors() const;
    /// "LSTM 2×32, 6 in, 6 out"
    std::string description() const;

    bool operator==(const Architecture&) const = default;
};

/// Refuses sizes that are not positive or whose P does not fit a file (over 2^31 parameters).
Result<void> validate(const Architecture& architecture);

} // namespace rnnscope::zoo
