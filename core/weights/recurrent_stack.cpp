#include "core/weights/recurrent_stack.h"

#include <fmt/format.h>

namespace rnnscope::weights {

namespace {

std::string_view title(const RecurrentStack& stack)
{
    switch (stack.cell) {
    case zoo::Cell::Lstm:
        return "LSTM";
    case zoo::Cell::Gru:
        return "GRU";
    case zoo::Cell::RnnTanh:
        return stack.tanhOrRelu ? "RNN" : "tanh RNN";
    case zoo::Cell::RnnRelu:
        return "ReLU RNN";
    }
    return "RNN";
}

} // namespace

std::string RecurrentStack::description() const
{
    return fmt::format("{} {}×{}, {} in", title(*this), layers.size(), hiddenSize, inputSize);
}

} // namespace rnnscope::weights
