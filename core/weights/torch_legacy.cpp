#include "core/base/printable.h"
#include "core/weights/pickle.h"
#include "core/weights/readers.h"
#include "core/weights/torch_file.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <unordered_map>

// Five pickles one after the other (a magic number, the version, facts about the machine, the object, the keys of its
// storages), then for each key the number of entries in 8 bytes and the entries, little-endian whatever the machine.
namespace rnnscope::weights {

namespace {

constexpr std::string_view kMagic = "\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";
constexpr std::string_view kMagicDigits = "119547037146038801333356";
constexpr std::int64_t kVersion = 1001;
constexpr auto kDialect = TorchDialect::Python;

struct Contents
{
    TorchTensors tensors;
    std::vector<std::string> keys; ///< of the storages, in the order of the file
    std::size_t end = 0; ///< of the pickles, bytes
};

class TorchLegacyFile : public TorchFile
{
public:
    TorchLegacyFile(std::shared_ptr<const MappedFile> file, TorchTensors tensors)
        : TorchFile(file->path(), Format::TorchLegacy, std::move(tensors))
        , m_file(std::move(file))
    {
    }

    /// Goes from storage to storage; each must be there as the pickle says.
    Result<void> findStorages(const std::vector<std::string>& keys, std::size_t begin);

protected:
    Result<void> fetch(std::size_t storage, std::size_t offset, std::span<std::byte> out) const override
    {
        return m_file->use(m_begins[storage] + offset, out.size(), [&](std::span<const std::byte> bytes) {
            std::copy(bytes.begin(), bytes.end(), out.begin());
        });
    }

private:
    Result<std::size_t> findStorage(std::size_t storage, std::size_t begin);

    std::shared_ptr<const MappedFile> m_file;
    std::vector<std::size_t> m_begins; ///< of each storage's entries, bytes
};

Result<void> TorchLegacyFile::findStorages(const std::vector<std::string>& keys, std::size_t begin)
{
    std::unordered_map<std::string_view, std::size_t> byKey;
    for (std::size_t i = 0; i < storages().size(); ++i)
        byKey.emplace(storages()[i].key, i);
    m_begins.assign(storages().size(), 0);
    for (const std::string& key : keys) {
        const auto storage = byKey.find(key);
        if (storage == byKey.end() || m_begins[storage->second] != 0)
            return fail(Errc::BadFormat,
                        fmt::format("{} lists the storage {}, which {}", path().string(), printable(key),
                                    storage == byKey.end() ? "nothing needs" : "was there before"));
        const auto end = findStorage(storage->second, begin);
        if (!end)
            return forward(end);
        begin = *end;
    }
    const auto missing = std::find(m_begins.begin(), m_begins.end(), std::size_t {0});
    if (missing != m_begins.end())
        return fail(
            Errc::BadFormat,
            fmt::format("{} is not in the file", storageText(static_cast<std::size_t>(missing - m_begins.begin()))));
    return {};
}

Result<std::size_t> TorchLegacyFile::findStorage(std::size_t index, std::size_t begin)
{
    const TorchStorage& storage = storages()[index];
    std::uint64_t entries = 0;
    const std::size_t left = m_file->size() - begin;
    if (left < sizeof entries || storage.size > left - sizeof entries)
        return fail(Errc::BadFormat,
                    fmt::format("{} should have {} bytes, the file ends {} bytes on", storageText(index), storage.size,
                                left < sizeof entries ? 0 : left - sizeof entries));
    auto used = m_file->use(begin, sizeof entries, [&](std::span<const std::byte> bytes) {
        std::memcpy(&entries, bytes.data(), sizeof entries);
    });
    if (!used)
        return forward(used);
    if (entries != storage.size / storage.entrySize)
        return fail(Errc::BadFormat,
                    fmt::format("{} should have {} entries, the file says {}", storageText(index),
                                storage.size / storage.entrySize, entries));
    m_begins[index] = begin + sizeof entries;
    return m_begins[index] + storage.size;
}

/// Reads pickle after pickle, each checked before the next.
class Pickles
{
public:
    Pickles(std::string_view bytes, std::string where)
        : m_bytes(bytes)
        , m_where(std::move(where))
    {
    }

    const std::string& where() const { return m_where; }
    std::size_t position() const { return m_position; }
    Result<Pickle> next()
    {
        Pickle pickle = parsePickle(m_bytes.substr(m_position));
        if (auto good = checkPickle(pickle, kDialect, m_where); !good)
            return forward(good);
        m_position += pickle.size;
        return pickle;
    }

private:
    std::string_view m_bytes;
    std::size_t m_position = 0;
    std::string m_where;
};

bool isMagic(const Pickle& pickle)
{
    const PickleValue& root = pickle[pickle.root];
    return root.kind == PickleKind::BigInteger && (root.text == kMagic || root.text == kMagicDigits);
}

Result<void> readHeader(Pickles& pickles)
{
    const auto magic = pickles.next();
    if (!magic)
        return forward(magic);
    if (!isMagic(*magic))
        return fail(Errc::BadFormat,
                    fmt::format("{} is a pickle that torch.save did not write; save the weights by "
                                "torch.save(model.state_dict(), ...)",
                                pickles.where()));
    const auto version = pickles.next();
    if (!version)
        return forward(version);
    const PickleValue& number = (*version)[version->root];
    if (number.kind != PickleKind::Integer || number.number != kVersion)
        return fail(Errc::BadFormat,
                    fmt::format("{} is of a version of PyTorch's format that is not {}", pickles.where(), kVersion));
    const auto machine = pickles.next();
    return machine ? Result<void>() : forward(machine);
}

Result<std::vector<std::string>> readKeys(Pickles& pickles)
{
    const auto list = pickles.next();
    if (!list)
        return forward(list);
    std::vector<std::string> keys;
    for (const PickleId key : (*list)[list->root].parts) {
        if ((*list)[list->root].kind != PickleKind::List || (*list)[key].kind != PickleKind::Text)
            return fail(Errc::BadFormat, fmt::format("{} has a list of storages that is none", pickles.where()));
        keys.emplace_back((*list)[key].text);
    }
    return keys;
}

Result<Contents> readPickles(Pickles pickles)
{
    if (auto header = readHeader(pickles); !header)
        return forward(header);
    auto object = pickles.next();
    if (!object)
        return forward(object);
    auto tensors = torchTensors(*object, kDialect, pickles.where());
    if (!tensors)
        return forward(tensors);
    auto keys = readKeys(pickles);
    if (!keys)
        return forward(keys);
    return Contents {std::move(*tensors), std::move(*keys), pickles.position()};
}

OpenedFile openContents(const std::shared_ptr<const MappedFile>& file)
{
    Result<Contents> contents = fail(Errc::Io, "");
    // A little more than the longest pickle, so that one that is longer is seen to be.
    const std::size_t count = std::min(file->size(), kMostPickleBytes + 4096);
    auto used = file->use(0, count, [&](std::span<const std::byte> bytes) {
        const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        contents = readPickles(Pickles(text, file->path().string()));
    });
    if (!used)
        return forward(used);
    if (!contents)
        return forward(contents);
    const auto opened = std::make_shared<TorchLegacyFile>(file, std::move(contents->tensors));
    if (auto found = opened->findStorages(contents->keys, contents->end); !found)
        return forward(found);
    return opened;
}

} // namespace

OpenedFile openTorchLegacy(const std::shared_ptr<const MappedFile>& file)
{
    try {
        return openContents(file);
    } catch (const std::bad_alloc&) {
        return fail(Errc::BadFormat, fmt::format("{} does not fit into memory", file->path().string()));
    }
}

} // namespace rnnscope::weights
