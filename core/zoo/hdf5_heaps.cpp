#include "core/zoo/hdf5_heaps.h"

#include "core/base/mapped_file.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace rnnscope::zoo::hdf5 {

namespace {

// HDF5 File Format Specification, III.E: signature, version 1, 3 reserved bytes, 8 bytes of size, then objects.
constexpr std::string_view kSignature("GCOL\x01\0\0\0", 8);
constexpr std::size_t kHeader = 16; // of the collection and of each object
constexpr std::size_t kSmallest = 4096;

std::uint64_t load(std::string_view bytes, std::size_t at, std::size_t width)
{
    std::uint64_t value = 0;
    std::memcpy(&value, bytes.data() + at, width);
    return value;
}

/// Objects: 2 bytes of index (0: free space, the last), 2 of references, 4 reserved, 8 of size, data padded to 8.
bool fits(std::string_view collection)
{
    std::size_t at = kHeader;
    while (collection.size() - at >= kHeader) {
        const std::uint64_t index = load(collection, at, 2);
        const std::uint64_t size = load(collection, at + 8, 8);
        const std::size_t left = collection.size() - at;
        if (index == 0)
            return size <= left;
        if (size > left - kHeader)
            return false;
        const std::size_t padded = kHeader + static_cast<std::size_t>((size + 7) / 8 * 8);
        if (padded > left)
            return false;
        at += padded;
    }
    return true;
}

/// Offsets of all signatures. Pieces overlap so that none is lost between two.
Result<std::vector<std::size_t>> findCollections(const MappedFile& file)
{
    constexpr std::size_t kPiece = std::size_t {8} << 20;
    std::vector<std::size_t> found;
    for (std::size_t begin = 0; begin < file.size(); begin += kPiece) {
        const std::size_t count = std::min(file.size() - begin, kPiece + kSignature.size() - 1);
        const auto used = file.use(begin, count, [&](std::span<const std::byte> bytes) {
            const std::byte* at = bytes.data();
            const std::byte* end = at + bytes.size();
            while (at != end) {
                const void* hit
                    = ::memmem(at, static_cast<std::size_t>(end - at), kSignature.data(), kSignature.size());
                if (hit == nullptr)
                    break;
                found.push_back(begin + static_cast<std::size_t>(static_cast<const std::byte*>(hit) - bytes.data()));
                at = static_cast<const std::byte*>(hit) + 1;
            }
        });
        if (!used)
            return forward(used);
    }
    return found;
}

} // namespace

Result<void> checkGlobalHeaps(const fs::path& path)
{
    const auto file = MappedFile::open(path);
    if (!file)
        return forward(file);
    const auto collections = findCollections(**file);
    if (!collections)
        return forward(collections);
    for (const std::size_t offset : *collections) {
        const std::size_t left = (*file)->size() - offset;
        std::uint64_t size = 0;
        bool good = left >= kSmallest;
        if (good && (*file)->use(offset + 8, 8, [&](auto bytes) { std::memcpy(&size, bytes.data(), 8); }))
            good = size >= kSmallest && size <= left;
        if (good)
            if (const auto used = (*file)->use(offset, static_cast<std::size_t>(size),
                                               [&](std::span<const std::byte> bytes) {
                                                   std::string text(bytes.size(), '\0');
                                                   std::memcpy(text.data(), bytes.data(), bytes.size());
                                                   good = fits(text);
                                               });
                !used)
                return used;
        if (!good)
            return fail(Errc::BadFormat, path.string() + " is damaged where its texts are stored",
                        fmt::format("global heap collection at byte {}", offset));
    }
    return {};
}

} // namespace rnnscope::zoo::hdf5
