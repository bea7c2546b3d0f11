#pragma once

#include "core/weights/torch_globals.h"

/// What a PyTorch pickle means: tensors that are views of storages, under names.
namespace rnnscope::weights {

/// A run of bytes outside the pickle that tensors are views of.
struct TorchStorage
{
    std::string key {}; ///< as the file numbers it: "0"
    std::size_t size = 0; ///< bytes that the pickle claims
    std::size_t entrySize = 1; ///< bytes
    std::size_t user = kUnused; ///< a tensor that needs it

    static constexpr std::size_t kUnused = static_cast<std::size_t>(-1);
};

/// Where a tensor's entries are. All of them lie inside the bytes that its storage claims.
struct TorchView
{
    std::size_t storage = 0; ///< index
    const TorchType* type = nullptr;
    std::size_t offset = 0; ///< bytes of the storage before the first entry
    std::vector<std::size_t> strides {}; ///< entries between neighbours, one a dimension
    std::size_t span = 0; ///< entries from the first to the last in the storage, both included
};

struct TorchTensors
{
    std::vector<TorchStorage> storages;
    std::vector<TensorInfo> infos;
    std::vector<TorchView> views; ///< one for each of infos
};

/// Most entries of a tensor that repeats those of its storage (strides of 0 and overlapping rows).
inline constexpr std::size_t kMostRepeated = std::size_t {1} << 24U;

/// The tensors in the containers of a pickle that checkPickle let pass. A bad one is a sentence that names it.
Result<TorchTensors> torchTensors(Pickle& pickle, TorchDialect dialect, const std::string& where);

/// The pickle's persistent ids, resolved: pieces of storages.
class TorchStorages
{
public:
    struct Piece
    {
        std::size_t storage = 0;
        const TorchType* type = nullptr;
        bool untyped = false;
        std::size_t offset = 0; ///< bytes
        std::size_t size = 0; ///< bytes
    };

    static Result<TorchStorages> read(const Pickle& pickle, TorchDialect dialect, const std::string& where);
    /// nullptr when the id is of none.
    const Piece* find(PickleId persistent) const;
    std::vector<TorchStorage>& storages() { return m_storages; }

private:
    Result<void> add(const Pickle& pickle, PickleId persistent, TorchDialect dialect);

    std::vector<TorchStorage> m_storages;
    std::vector<std::pair<PickleId, Piece>> m_pieces; ///< sorted
};

/// One tensor by its call in the pickle, without its name: shape, dtype and view, or what is wrong with it as the end
/// of a sentence.
Result<std::pair<TensorInfo, TorchView>> torchTensor(const Pickle& pickle, PickleId call, const TorchStorages& storages,
                                                     TorchDialect dialect);

} // namespace rnnscope::weights
