#pragma once

#include "core/base/matrix.h"
#include "core/base/result.h"
#include "core/zoo/checkpoint.h"

#include <string>
#include <vector>

namespace rnnscope::prediction {

/// Linear, ReLU, Linear, …: what a head computes.
class Mlp
{
public:
    /// Tensors "0.weight" [out, in], "0.bias" [out], "2.weight", … ShapeMismatch names the tensor and `owner`.
    static Result<Mlp> fromState(const zoo::State& state, const std::string& owner);

    std::size_t inputSize() const { return m_layers.front().weight.rows; }
    std::size_t outputSize() const { return m_layers.back().weight.columns; }
    /// `input` [in] -> [out]. The result is valid until the next call.
    std::span<const float> operator()(std::span<const float> input);

private:
    struct Layer
    {
        Matrix weight; ///< [in, out]
        std::vector<float> bias; ///< [out]
    };

    static Result<Layer> readLayer(const zoo::State& state, const std::string& index, const std::string& owner);

    std::vector<Layer> m_layers;
    std::vector<float> m_values;
    std::vector<float> m_next;
};

} // namespace rnnscope::prediction
