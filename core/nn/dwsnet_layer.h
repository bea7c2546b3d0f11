#pragma once

#include "core/nn/dwsnet_maps.h"
#include "core/zoo/architecture.h"

#include <torch/nn/module.h>

#include <memory>
#include <string>
#include <vector>

namespace rnnscope::nn {

/// A batch of networks as feature maps, channels last. Input weights of layer l stand at [l], the read-out's at [L].
struct WeightMaps
{
    std::vector<torch::Tensor> inputWeights; ///< [N, rows, columns, C], L + 1 of them
    std::vector<torch::Tensor> hiddenWeights; ///< [N, H, H, C], L of them
    std::vector<torch::Tensor> inputBiases; ///< [N, rows, C]; undefined in networks without biases, save the read-out
    std::vector<torch::Tensor> hiddenBiases; ///< [N, H, C]; likewise
    /// Of the weights, where they are known already; all or none, of which some may be undefined.
    std::vector<MapMeans> inputMeans;
    std::vector<MapMeans> hiddenMeans;
};

/// A linear map of channels, shaped like the authors' (a convolution with a window of one).
class ChannelMap : public torch::nn::Module
{
public:
    /// `ones`: how many axes of length one follow [out, in]. Uniform in ±`bound`.
    ChannelMap(std::int64_t in, std::int64_t out, int ones, double bound);
    /// [..., in] -> [..., out]
    torch::Tensor forward(const torch::Tensor& x) const;
    /// Packed for mappedRows(): once by pack(), or for this call.
    PackedLinear packed() const;
    void pack() { m_packed = PackedLinear(m_weight.flatten(1)); } ///< see EncoderModule
    const torch::Tensor& bias() const { return m_bias; } ///< [out]

private:
    torch::Tensor m_weight;
    torch::Tensor m_bias;
    PackedLinear m_packed; ///< empty before pack()
};

/// One permutation-equivariant layer: every tensor is mapped from itself, from its row, column and total means and from
/// those of the tensors that share its hidden units. Herrmann et al. 2024, section 4; reference README 13 to 16.
class DwsNetLayer : public torch::nn::Module
{
public:
    DwsNetLayer(const zoo::Architecture& rnn, std::int64_t in, std::int64_t out);
    /// And a ReLU behind it.
    WeightMaps forward(const WeightMaps& maps) const;
    /// The mean over positions of every tensor of forward() without the ReLU, in the order of Architecture::tensors():
    /// [N, tensors C]. Being linear, the layer can be applied to the means.
    torch::Tensor means(const WeightMaps& maps) const;
    void pack(); ///< see EncoderModule

private:
    struct Means;
    struct Source;
    struct Maps ///< those of one matrix and its bias
    {
        std::shared_ptr<ChannelMap> self, total, columns, rows, bias, biasTotal;
    };

    std::vector<Source> columnSources(bool hidden, int layer) const;
    std::vector<Source> rowSources(bool hidden, int layer) const;
    bool hasBias(bool hidden, int layer) const;
    Maps makeMaps(bool hidden, int layer, std::int64_t in, std::int64_t out);
    WeightMaps embedded(const WeightMaps& maps) const;
    void forwardOne(bool hidden, int layer, const WeightMaps& maps, const Means& means, WeightMaps& result) const;
    void meansOfOne(bool hidden, int layer, const Means& means, std::vector<torch::Tensor>& weights,
                    std::vector<torch::Tensor>& biases) const;

    zoo::Architecture m_rnn;
    torch::Tensor m_inEmbed; ///< [1, C, 1, I]
    torch::Tensor m_outEmbed; ///< [1, C, O, 1]
    torch::Tensor m_outBiasEmbed; ///< [1, C, O]
    std::vector<Maps> m_input; ///< L + 1
    std::vector<Maps> m_hidden; ///< L
};

} // namespace rnnscope::nn
