#pragma once

#include "core/weights/torch_pickle.h"

namespace rnnscope::weights {

/// Tensors of a PyTorch file as views of its storages. Where the storages' bytes are is for the format to say.
class TorchFile : public TensorFile
{
public:
    Result<void> read(std::size_t tensor, std::span<float> out) const override;

protected:
    TorchFile(fs::path path, Format format, TorchTensors tensors);

    const std::vector<TorchStorage>& storages() const { return m_storages; }
    /// "net.pt: its storage 3, which the tensor lstm.bias_hh_l0 needs, "
    std::string storageText(std::size_t storage) const;

    /// Bytes [offset, offset + out.size()) of a storage; they are inside the size that the pickle claims.
    virtual Result<void> fetch(std::size_t storage, std::size_t offset, std::span<std::byte> out) const = 0;
    virtual bool bigEndian() const { return false; }

private:
    Result<void> readDense(const TorchView& view, std::span<float> out) const;
    Result<void> readStrided(const TorchView& view, const TensorInfo& info, std::span<float> out) const;
    void convert(const TorchView& view, std::span<std::byte> bytes, std::span<float> out) const;

    std::vector<TorchStorage> m_storages;
    std::vector<TorchView> m_views;
};

} // namespace rnnscope::weights
