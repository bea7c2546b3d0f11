#pragma once

#include "core/weights/tensor_file.h"

#include <algorithm>

namespace rnnscope::weights {

/// Tensors in memory, with names and shapes as a test likes them. Values count up: the first entry of tensor t is
/// 1000 t, unless a test sets them.
class MadeTensorFile : public TensorFile
{
public:
    explicit MadeTensorFile(std::vector<TensorInfo> tensors = {}, Format format = Format::TorchZip,
                            std::string path = "made.pt")
        : TensorFile(std::move(path), format)
    {
        for (TensorInfo& tensor : tensors)
            add(std::move(tensor.name), std::move(tensor.shape), tensor.dtype);
    }

    void add(std::string name, std::vector<std::size_t> shape, Dtype dtype = Dtype::Float32)
    {
        m_tensors.push_back({std::move(name), std::move(shape), dtype});
        std::vector<float>& values = m_values.emplace_back(std::min(m_tensors.back().entries(), kMostKept));
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] = static_cast<float>(1000 * (m_tensors.size() - 1) + i);
    }
    void declare(RecurrentStack stack) { m_declared.push_back(std::move(stack)); }
    std::vector<float>& values(std::size_t tensor) { return m_values[tensor]; }

    Result<void> read(std::size_t tensor, std::span<float> out) const override
    {
        if (out.size() != m_values[tensor].size())
            return fail(Errc::BadValue, "room for another tensor");
        std::copy(m_values[tensor].begin(), m_values[tensor].end(), out.begin());
        return {};
    }

private:
    static constexpr std::size_t kMostKept = 100'000;
    std::vector<std::vector<float>> m_values;
};

/// Adds the tensors of nn.LSTM (gates 4), nn.GRU (3) or nn.RNN (1) under `prefix`, its dot included.
inline void addStack(MadeTensorFile& file, const std::string& prefix, std::size_t gates, std::size_t input,
                     std::size_t hidden, std::size_t layers)
{
    for (std::size_t layer = 0; layer < layers; ++layer) {
        const std::string end = "_l" + std::to_string(layer);
        file.add(prefix + "weight_ih" + end, {gates * hidden, layer == 0 ? input : hidden});
        file.add(prefix + "weight_hh" + end, {gates * hidden, hidden});
        file.add(prefix + "bias_ih" + end, {gates * hidden});
        file.add(prefix + "bias_hh" + end, {gates * hidden});
    }
}

inline void addLinear(MadeTensorFile& file, const std::string& name, std::size_t outputs, std::size_t inputs)
{
    file.add(name + ".weight", {outputs, inputs});
    file.add(name + ".bias", {outputs});
}

} // namespace rnnscope::weights
