#include "core/prediction/embedding_cache.h"

#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/zoo/hdf5_dataset.h"
#include "core/zoo/hdf5_writer.h"

#include <algorithm>
#include <system_error>

namespace rnnscope::prediction {

namespace {

using zoo::hdf5::Dataset;
using zoo::hdf5::Node;
using zoo::hdf5::Store;
using zoo::hdf5::Writer;

constexpr const char* kFormat = "rnn-embedding-cache";
constexpr const char* kEnding = ".embedding";

std::string digestOf(const Matrix& embedding)
{
    Hash64 hash;
    hash.update(std::span<const float>(embedding.values));
    return hash.hex();
}

} // namespace

EmbeddingCache::EmbeddingCache(fs::path folder, std::string maker, std::uintmax_t limit)
    : m_folder(std::move(folder))
    , m_maker(std::move(maker))
    , m_limit(limit)
{
}

fs::path EmbeddingCache::pathOf(const Key& key) const
{
    return m_folder / fmt::format("{}-{}-{}{}", key.checkpoint, m_maker, key.zoo, kEnding);
}

bool EmbeddingCache::knows(const std::string& checkpoint) const
{
    const std::string start = fmt::format("{}-{}-", checkpoint, m_maker);
    std::error_code error;
    for (fs::directory_iterator it(m_folder, error), end; !error && it != end; it.increment(error))
        if (it->path().filename().string().starts_with(start))
            return true;
    return false;
}

std::optional<EmbeddingCache::Entry> EmbeddingCache::find(const Key& key, std::size_t rows, std::size_t columns) const
{
    const fs::path path = pathOf(key);
    std::error_code error;
    if (!fs::exists(path, error))
        return std::nullopt;
    const auto read = zoo::hdf5::guarded(path, [&]() -> Entry {
        const Node file = Node::openFile(path);
        file.expectFormat(kFormat, 1);
        Entry entry {.embedding = Matrix(rows, columns), .failed = {}};
        const Dataset embedding(file, "embedding");
        if (embedding.shape() != std::vector {rows, columns})
            zoo::hdf5::raise(Errc::ShapeMismatch, path.string());
        entry.embedding.values = embedding.readFloats();
        if (file.text("digest") != digestOf(entry.embedding))
            zoo::hdf5::raise(Errc::BadValue, path.string());
        for (const auto row : Dataset(file, "failed").readIntegers()) {
            if (row < 0 || static_cast<std::size_t>(row) >= rows)
                zoo::hdf5::raise(Errc::BadValue, path.string());
            entry.failed.push_back(static_cast<std::size_t>(row));
        }
        return entry;
    });
    if (!read) {
        fs::remove(path, error);
        return std::nullopt;
    }
    fs::last_write_time(path, fs::file_time_type::clock::now(), error); // used just now
    return *read;
}

Result<void> EmbeddingCache::keep(const Key& key, const Entry& entry) const
{
    std::error_code error;
    fs::create_directories(m_folder, error);
    const fs::path path = pathOf(key);
    if (fs::exists(path, error))
        return {};
    const auto write = [&](const fs::path& neighbour) {
        return zoo::hdf5::guarded(path, [&] {
            Writer file = Writer::createFile(neighbour, path);
            file.text("format", kFormat);
            file.integer("version", 1);
            file.text("digest", digestOf(entry.embedding));
            file.array<float>("embedding", Store::Float32, std::vector {entry.embedding.rows, entry.embedding.columns},
                              entry.embedding.values);
            const std::vector<std::int64_t> failed(entry.failed.begin(), entry.failed.end());
            file.array<std::int64_t>("failed", Store::Int64, std::vector {failed.size()}, failed);
            file.close();
        });
    };
    auto written = replaceFile(path, write);
    prune();
    return written;
}

void EmbeddingCache::prune() const
{
    struct Kept
    {
        fs::file_time_type used;
        std::uintmax_t size;
        fs::path path;
    };
    std::vector<Kept> all;
    std::uintmax_t total = 0;
    std::error_code error;
    for (fs::directory_iterator it(m_folder, error), end; !error && it != end; it.increment(error)) {
        if (it->path().extension() != kEnding)
            continue;
        std::error_code gone; // another program may prune, too
        const Kept kept {it->last_write_time(gone), it->file_size(gone), it->path()};
        if (gone)
            continue;
        all.push_back(kept);
        total += kept.size;
    }
    std::sort(all.begin(), all.end(), [](const Kept& a, const Kept& b) { return a.used < b.used; });
    for (std::size_t i = 0; i < all.size() && total > m_limit; ++i) {
        fs::remove(all[i].path, error);
        total -= all[i].size;
    }
}

} // namespace rnnscope::prediction
