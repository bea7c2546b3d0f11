#include "core/nn/transformer_layer.h"

#include "core/nn/attention.h"
#include "core/nn/dropout.h"
#include "core/nn/products.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace rnnscope::nn {

namespace {

constexpr std::int64_t kFeedForwardFactor = 4;
constexpr double kLayerNormEpsilon = 1e-5;
/// Attention scores at once where no gradient is wanted: 8 MB.
constexpr std::int64_t kScoreBudget = std::int64_t {1} << 21;

/// softmax(Q K^T) V for q [B, R, d], k and v [B, S, d], with at most about kScoreBudget scores at once.
torch::Tensor blockedAttention(const torch::Tensor& q, const torch::Tensor& k, const torch::Tensor& v)
{
    const std::int64_t tokens = k.size(1);
    const std::int64_t rows = std::clamp<std::int64_t>(kScoreBudget / tokens, 1, q.size(1));
    const std::int64_t group = std::clamp<std::int64_t>(kScoreBudget / (tokens * rows), 1, q.size(0));
    const torch::Tensor out = at::empty({q.size(0), q.size(1), v.size(2)}, q.options());
    for (std::int64_t b = 0; b < q.size(0); b += group) {
        const std::int64_t many = std::min(group, q.size(0) - b);
        const torch::Tensor keys = k.narrow(0, b, many).transpose(1, 2);
        const torch::Tensor values = v.narrow(0, b, many);
        for (std::int64_t r = 0; r < q.size(1); r += rows) {
            const std::int64_t some = std::min(rows, q.size(1) - r);
            const torch::Tensor scores = at::bmm(q.narrow(0, b, many).narrow(1, r, some), keys).softmax(-1);
            out.narrow(0, b, many).narrow(1, r, some).copy_(at::bmm(scores, values));
        }
    }
    return out;
}

} // namespace

TransformerLayer::TransformerLayer(const TransformerLayerOptions& options)
    : m_options(options)
{
    const std::int64_t d = options.size;
    const at::TensorOptions floats(at::kFloat);
    const auto attention = register_module("self_attn", std::make_shared<torch::nn::Module>());
    const double bound = std::sqrt(6.0 / static_cast<double>(4 * d)); // Xavier, for a [3 d, d] matrix
    m_inProjWeight
        = attention->register_parameter("in_proj_weight", at::empty({3 * d, d}, floats).uniform_(-bound, bound));
    m_inProjBias = attention->register_parameter("in_proj_bias", at::zeros({3 * d}, floats));
    m_outProj = attention->register_module("out_proj", torch::nn::Linear(d, d));
    {
        const at::NoGradGuard frozen;
        m_outProj->bias.zero_();
    }
    m_linear1 = register_module("linear1", torch::nn::Linear(d, kFeedForwardFactor * d));
    m_linear2 = register_module("linear2", torch::nn::Linear(kFeedForwardFactor * d, d));
    const auto norm1 = register_module("norm1", std::make_shared<torch::nn::Module>());
    m_norm1Weight = norm1->register_parameter("weight", at::ones({d}, floats));
    m_norm1Bias = norm1->register_parameter("bias", at::zeros({d}, floats));
    const auto norm2 = register_module("norm2", std::make_shared<torch::nn::Module>());
    m_norm2Weight = norm2->register_parameter("weight", at::ones({d}, floats));
    m_norm2Bias = norm2->register_parameter("bias", at::zeros({d}, floats));
}

torch::Tensor TransformerLayer::process(const torch::Tensor& asking, const torch::Tensor& x)
{
    const std::int64_t d = m_options.size;
    const torch::Tensor attended = at::layer_norm(asking + dropped(linear(attend(asking, x), *m_outProj)), {d},
                                                  m_norm1Weight, m_norm1Bias, kLayerNormEpsilon);
    const torch::Tensor inner = dropped(linear(attended, *m_linear1).relu_());
    return at::layer_norm(attended + dropped(linear(inner, *m_linear2)), {d}, m_norm2Weight, m_norm2Bias,
                          kLayerNormEpsilon);
}

torch::Tensor TransformerLayer::attend(const torch::Tensor& asking, const torch::Tensor& x)
{
    const std::int64_t networks = x.size(0);
    const double scale = 1.0 / std::sqrt(static_cast<double>(m_options.size / m_options.heads));
    const torch::Tensor q = project(asking, 0) * scale;
    const torch::Tensor k = project(x, 1);
    const torch::Tensor v = project(x, 2);
    const torch::Tensor heads = at::GradMode::is_enabled() || x.is_cpu()
        ? attention(q, k, v, is_training() ? m_options.dropout : 0.0)
        : blockedAttention(q, k, v);
    return heads.unflatten(0, {networks, m_options.heads}).transpose(1, 2).flatten(2);
}

torch::Tensor TransformerLayer::project(const torch::Tensor& x, std::int64_t part) const
{
    const std::int64_t d = m_options.size;
    const torch::Tensor projected
        = unhalved(linear(x, m_inProjWeight.narrow(0, part * d, d), m_inProjBias.narrow(0, part * d, d)));
    return projected.unflatten(2, {m_options.heads, d / m_options.heads}).transpose(1, 2).flatten(0, 1);
}

torch::Tensor TransformerLayer::dropped(const torch::Tensor& x) const
{
    return m_options.dropout > 0.0 && is_training() ? dropout(x, m_options.dropout) : x;
}

} // namespace rnnscope::nn
