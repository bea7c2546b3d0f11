#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/linear.h>

namespace rnnscope::nn {

struct TransformerLayerOptions
{
    std::int64_t size = 0; ///< d, a multiple of heads
    std::int64_t heads = 1;
    double dropout = 0.0; ///< while training
};

/// PyTorch's TransformerEncoderLayer: post-norm, ReLU, feed-forward 4 d, layer-norm epsilon 1e-5.
class TransformerLayer : public torch::nn::Module
{
public:
    explicit TransformerLayer(const TransformerLayerOptions& options);
    /// Every token of `x` [N, S, d] attends to all. -> [N, S, d]
    torch::Tensor forward(const torch::Tensor& x) { return process(x, x); }
    /// The same for the last token only: [N, S, d] -> [N, 1, d].
    torch::Tensor forwardLast(const torch::Tensor& x) { return process(x.narrow(1, x.size(1) - 1, 1), x); }

private:
    /// `asking` [N, R, d] are the tokens of `x` [N, S, d] whose results are wanted.
    torch::Tensor process(const torch::Tensor& asking, const torch::Tensor& x);
    torch::Tensor attend(const torch::Tensor& asking, const torch::Tensor& x);
    torch::Tensor dropped(const torch::Tensor& x) const;
    /// [N, S, rows of the projection] -> [N heads, S, d / heads]
    torch::Tensor project(const torch::Tensor& x, std::int64_t part) const;

    TransformerLayerOptions m_options;
    torch::Tensor m_inProjWeight; ///< [3 d, d]: queries, keys, values
    torch::Tensor m_inProjBias;
    torch::nn::Linear m_outProj {nullptr};
    torch::nn::Linear m_linear1 {nullptr};
    torch::nn::Linear m_linear2 {nullptr};
    torch::Tensor m_norm1Weight;
    torch::Tensor m_norm1Bias;
    torch::Tensor m_norm2Weight;
    torch::Tensor m_norm2Bias;
};

} // namespace rnnscope::nn
