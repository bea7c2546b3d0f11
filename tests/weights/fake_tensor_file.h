#pragma once

#include "core/weights/tensor_file.h"

#include <algorithm>

namespace rnnscope::weights {

/// A weight file in memory.
class FakeTensorFile final : public TensorFile
{
public:
    explicit FakeTensorFile(std::string path = "fake.pt")
        : TensorFile(std::move(path), Format::TorchZip)
    {
    }

    /// A tensor of `value` everywhere.
    FakeTensorFile& add(std::string name, std::vector<std::size_t> shape, float value = 0.5F)
    {
        m_tensors.push_back({std::move(name), std::move(shape), Dtype::Float32});
        m_values.emplace_back(m_tensors.back().entries(), value);
        return *this;
    }

    std::vector<float>& values(std::size_t tensor) { return m_values[tensor]; }

    Result<void> read(std::size_t tensor, std::span<float> out) const override
    {
        std::copy(m_values[tensor].begin(), m_values[tensor].end(), out.begin());
        return {};
    }

private:
    std::vector<std::vector<float>> m_values;
};

} // namespace rnnscope::weights
