#include "core/nn/statistics_encoder.h"

#include "core/nn/quantile.h"

namespace rnnscope::nn {

namespace {

torch::Tensor asTensor(const std::vector<double>& values)
{
    const torch::Tensor tensor = at::empty({static_cast<std::int64_t>(values.size())}, at::TensorOptions(at::kFloat));
    for (std::size_t i = 0; i < values.size(); ++i)
        tensor.data_ptr<float>()[i] = static_cast<float>(values[i]);
    return tensor;
}

/// `rows` [N, n] -> [N, 2 + quantiles]
torch::Tensor statistics(const torch::Tensor& rows, const std::vector<float>& probabilities)
{
    return at::cat({rowMoments(rows), rowQuantiles(rows, probabilities)}, 1);
}

} // namespace

StatisticsEncoder::StatisticsEncoder(const zoo::EncoderConfig& config)
    : m_perTensor(config.perTensor)
{
    m_quantiles = register_buffer("quantiles", asTensor(config.quantiles));
    const std::size_t groups = m_perTensor ? config.rnn.tensors().size() : 1;
    m_mlp = register_module("mlp_model",
                            std::make_shared<Mlp>(MlpOptions {
                                .in = static_cast<std::int64_t>(groups * (2 + config.quantiles.size())),
                                .hidden = config.mlpHiddenSizes,
                                .out = config.embeddingSize,
                            }));
}

torch::Tensor StatisticsEncoder::forward(const torch::Tensor& parameters, const zoo::Architecture& rnn,
                                         ProbingTrace* /*trace*/)
{
    const torch::Tensor onCpu = m_quantiles.to(at::kCPU).contiguous();
    const std::vector<float> probabilities(onCpu.data_ptr<float>(), onCpu.data_ptr<float>() + onCpu.numel());
    std::vector<torch::Tensor> features;
    if (!m_perTensor)
        features.push_back(statistics(parameters, probabilities));
    else
        for (const zoo::ParameterTensor& tensor : rnn.tensors())
            features.push_back(statistics(parameters.narrow(1, static_cast<std::int64_t>(tensor.offset),
                                                            static_cast<std::int64_t>(tensor.size())),
                                          probabilities));
    return m_mlp->forward(at::cat(features, 1));
}

std::size_t StatisticsEncoder::bytesPerNetwork(const zoo::Architecture& rnn) const
{
    return 4 * rnn.parameterCount() * sizeof(float); // sorting, where it must, copies values and 64-bit positions
}

} // namespace rnnscope::nn
