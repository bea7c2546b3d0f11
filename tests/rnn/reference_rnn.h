#pragma once

#include "core/rnn/rnn.h"

#include <vector>

namespace rnnscope::test {

/// The equations of one sequence written down as they stand in PyTorch's manual, in double.
class ReferenceRnn
{
public:
    ReferenceRnn(const rnn::Shape& shape, std::vector<double> parameters);
    /// [I] -> logits [O].
    std::vector<double> step(const std::vector<double>& input);

    std::vector<std::vector<double>> hidden; ///< [L][H]
    std::vector<std::vector<double>> cell; ///< [L][H]

private:
    std::vector<double> product(std::size_t rows, const std::vector<double>& x);
    std::vector<double> biases(std::size_t rows, bool present);
    std::vector<double> stepLayer(std::size_t layer, const std::vector<double>& x);

    rnn::Shape m_shape;
    std::vector<double> m_parameters;
    std::size_t m_next = 0;
};

} // namespace rnnscope::test
