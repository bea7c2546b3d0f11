#pragma once

#include "core/nn/packed_linear.h"

#include <torch/nn/module.h>
#include <torch/nn/modules/linear.h>

#include <vector>

namespace rnnscope::nn {

struct MlpOptions
{
    std::int64_t in = 0;
    std::vector<int> hidden;
    std::int64_t out = 0;
    double dropout = 0.0; ///< before every linear layer, while training
};

/// Linear, ReLU, Linear, … The layers are named by their place in the authors' nn.Sequential: "0", "2", …, or "1",
/// "4", … where dropout stands before each of them (reference README 10).
class Mlp : public torch::nn::Module
{
public:
    explicit Mlp(const MlpOptions& options);
    /// [..., in] -> [..., out]
    torch::Tensor forward(const torch::Tensor& input);
    void pack(); ///< see EncoderModule

private:
    double m_dropout;
    std::vector<torch::nn::Linear> m_layers;
    std::vector<PackedLinear> m_packed; ///< of m_layers; empty before pack()
};

} // namespace rnnscope::nn
