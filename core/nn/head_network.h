#pragma once

#include "core/base/matrix.h"
#include "core/zoo/checkpoint.h"

#include <cstdint>
#include <vector>

namespace rnnscope::nn {

/// Linear, ReLU, Linear with its gradients and AdamW, by hand: for some hundred rows the bookkeeping of a tensor
/// library takes longer than the arithmetic, and sums here have one order whatever threads do.
class HeadNetwork
{
public:
    /// Uniform within ±1/√fan-in, as torch's Linear.
    HeadNetwork(std::size_t inputs, std::size_t hidden, std::size_t outputs, std::uint64_t seed);

    /// [n, D] -> [n, O]. Both results are valid until the next call.
    const Matrix& forward(const Matrix& inputs);
    /// One AdamW step (0.9, 0.999, 1e-8) down `gradient` [n, O] of the loss with respect to the outputs of the last
    /// forward(inputs).
    void step(const Matrix& inputs, const Matrix& gradient, float learningRate, float weightDecay);

    /// Tensors 0.weight, 0.bias, 2.weight, 2.bias of the network that reads x where this one reads (x - mean) / scale.
    zoo::State state(const std::vector<double>& mean, const std::vector<double>& scale) const;

private:
    struct Parameter
    {
        Matrix value;
        Matrix gradient;
        Matrix first; ///< moments
        Matrix second;
    };

    static Parameter parameter(std::size_t rows, std::size_t columns);
    void update(Parameter& parameter, float learningRate, float weightDecay) const;

    Parameter m_weight0; ///< [D, H]
    Parameter m_bias0; ///< [1, H]
    Parameter m_weight2; ///< [H, O]
    Parameter m_bias2; ///< [1, O]
    Matrix m_hidden; ///< [n, H]
    Matrix m_hiddenGradient;
    Matrix m_outputs; ///< [n, O]
    int m_steps = 0;
};

} // namespace rnnscope::nn
