#pragma once

#include "core/base/matrix.h"
#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace rnnscope::prediction {

/// Embeddings kept in a folder and found again by content: the fingerprints of zoo and checkpoint, and what computed
/// them. A file an entry; one that is damaged is removed when it is asked for. Programs may share the folder.
class EmbeddingCache
{
public:
    struct Key
    {
        std::string zoo; ///< fingerprint
        std::string checkpoint; ///< fingerprint
    };
    struct Entry
    {
        Matrix embedding; ///< [N, D]
        std::vector<std::size_t> failed; ///< rows that could not be encoded
    };
    static constexpr std::uintmax_t kLimit = std::uintmax_t {256} << 20; // bytes

    /// `maker`: which engine computes the embeddings; others' are not found. The folder need not be there yet.
    EmbeddingCache(std::filesystem::path folder, std::string maker, std::uintmax_t limit = kLimit);

    /// Is there anything by this encoder? If not, the fingerprint of a zoo, which costs reading it, is of no use.
    bool knows(const std::string& checkpoint) const;
    std::optional<Entry> find(const Key& key, std::size_t rows, std::size_t columns) const;
    /// Nothing to do when it is there already. The entries that were not used for longest go when all together are
    /// larger than the limit.
    Result<void> keep(const Key& key, const Entry& entry) const;

private:
    std::filesystem::path pathOf(const Key& key) const;
    void prune() const;

    std::filesystem::path m_folder;
    std::string m_maker;
    std::uintmax_t m_limit;
};

} // namespace rnnscope::prediction
