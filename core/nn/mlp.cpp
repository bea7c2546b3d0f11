#include "core/nn/mlp.h"

#include "core/nn/dropout.h"
#include "core/nn/products.h"

#include <string>

namespace rnnscope::nn {

Mlp::Mlp(const MlpOptions& options)
    : m_dropout(options.dropout)
{
    const std::size_t stride = m_dropout > 0.0 ? 3 : 2;
    const std::size_t first = m_dropout > 0.0 ? 1 : 0;
    std::int64_t in = options.in;
    for (std::size_t i = 0; i <= options.hidden.size(); ++i) {
        const std::int64_t out = i < options.hidden.size() ? options.hidden[i] : options.out;
        m_layers.push_back(register_module(std::to_string(first + i * stride), torch::nn::Linear(in, out)));
        in = out;
    }
}

torch::Tensor Mlp::forward(const torch::Tensor& input)
{
    torch::Tensor x = input;
    for (std::size_t i = 0; i < m_layers.size(); ++i) {
        if (i > 0)
            x = x.relu_();
        if (m_dropout > 0.0 && is_training())
            x = dropout(x, m_dropout);
        x = m_packed.empty() ? linear(x, *m_layers[i]) : linear(x, *m_layers[i], m_packed[i]);
    }
    return unhalved(x);
}

void Mlp::pack()
{
    m_packed.clear();
    for (const torch::nn::Linear& layer : m_layers)
        m_packed.emplace_back(layer->weight);
}

} // namespace rnnscope::nn
