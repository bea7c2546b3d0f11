#include "core/base/printable.h"
#include "core/weights/pickle.h"
#include "core/weights/readers.h"
#include "core/weights/torch_file.h"

#include <algorithm>
#include <cstring>
#include <new>

namespace rnnscope::weights {

namespace {

using Entry = ZipArchive::Entry;
constexpr std::string_view kPickleName = "data.pkl";
constexpr std::size_t kMostByteOrder = 16;

class TorchZipFile : public TorchFile
{
public:
    TorchZipFile(std::shared_ptr<const ZipArchive> archive, Format format, TorchTensors tensors, bool bigEndian)
        : TorchFile(archive->path(), format, std::move(tensors))
        , m_archive(std::move(archive))
        , m_bigEndian(bigEndian)
    {
    }

    /// Finds the records of the storages that tensors need; they must be as long as the pickle says.
    Result<void> findRecords(const std::string& folder);

protected:
    Result<void> fetch(std::size_t storage, std::size_t offset, std::span<std::byte> out) const override;
    bool bigEndian() const override { return m_bigEndian; }

private:
    std::shared_ptr<const ZipArchive> m_archive;
    std::vector<const Entry*> m_records; ///< one a storage; nullptr where no tensor needs it
    mutable const Entry* m_unpackedFrom = nullptr;
    mutable std::string m_unpacked; ///< the last deflated record, so that many views of it unpack it once
    bool m_bigEndian = false;
};

Result<void> TorchZipFile::findRecords(const std::string& folder)
{
    for (std::size_t i = 0; i < storages().size(); ++i) {
        const TorchStorage& storage = storages()[i];
        m_records.push_back(nullptr);
        if (storage.user == TorchStorage::kUnused)
            continue;
        const std::string name = folder + "data/" + storage.key;
        const Entry* record = m_archive->find(name);
        if (record == nullptr)
            return fail(Errc::BadFormat, fmt::format("{} is not in the file: no {}", storageText(i), printable(name)));
        if (record->size < storage.size)
            return fail(Errc::BadFormat,
                        fmt::format("{} should have {} bytes, {} has {}", storageText(i), storage.size, printable(name),
                                    record->size));
        m_records.back() = record;
    }
    return {};
}

Result<void> TorchZipFile::fetch(std::size_t storage, std::size_t offset, std::span<std::byte> out) const
{
    const Entry& record = *m_records[storage];
    if (record.stored || (offset == 0 && out.size() == record.size))
        return m_archive->read(record, offset, out);
    if (m_unpackedFrom != &record) {
        m_unpackedFrom = nullptr;
        m_unpacked = {};
        auto all = m_archive->readAll(record, kMostBytes);
        if (!all)
            return forward(all);
        m_unpacked = std::move(*all);
        m_unpackedFrom = &record;
    }
    std::memcpy(out.data(), m_unpacked.data() + offset, out.size());
    return {};
}

/// The one entry "…/data.pkl".
Result<const Entry*> findPickle(const ZipArchive& archive)
{
    const Entry* found = nullptr;
    for (const Entry& entry : archive.entries()) {
        const auto name = std::string_view(entry.name);
        if (name != kPickleName && !name.ends_with("/data.pkl"))
            continue;
        if (found != nullptr)
            return fail(Errc::BadFormat,
                        fmt::format("{} holds two files of PyTorch: {} and {}", archive.path().string(),
                                    printable(found->name), printable(name)));
        found = &entry;
    }
    if (found == nullptr)
        return fail(Errc::BadFormat, fmt::format("{} has no data.pkl of PyTorch in it", archive.path().string()));
    return found;
}

bool isScript(const ZipArchive& archive, const std::string& folder)
{
    const auto& entries = archive.entries();
    return archive.find(folder + "constants.pkl") != nullptr
        || std::any_of(entries.begin(), entries.end(),
                       [&](const Entry& entry) { return entry.name.starts_with(folder + "code/"); });
}

Result<bool> isBigEndian(const ZipArchive& archive, const std::string& folder)
{
    const Entry* entry = archive.find(folder + "byteorder");
    if (entry == nullptr)
        return false;
    const auto order = archive.readAll(*entry, kMostByteOrder);
    if (!order)
        return forward(order);
    if (*order != "little" && *order != "big")
        return fail(Errc::BadFormat,
                    fmt::format("{} has the byte order {}, expected little or big", archive.path().string(),
                                printable(*order)));
    return *order == "big";
}

/// A TorchScript archive's constants are no weights, but what they name is checked all the same.
Result<void> checkConstants(const ZipArchive& archive, const std::string& folder)
{
    const Entry* entry = archive.find(folder + "constants.pkl");
    if (entry == nullptr)
        return {};
    const auto bytes = archive.readAll(*entry, kMostPickleBytes);
    if (!bytes)
        return forward(bytes);
    return checkPickle(parsePickle(*bytes), TorchDialect::Script, archive.path().string());
}

Result<TorchTensors> tensorsOf(const ZipArchive& archive, const Entry& entry, TorchDialect dialect)
{
    const auto bytes = archive.readAll(entry, kMostPickleBytes);
    if (!bytes)
        return forward(bytes);
    Pickle pickle = parsePickle(*bytes);
    if (auto good = checkPickle(pickle, dialect, archive.path().string()); !good)
        return forward(good);
    return torchTensors(pickle, dialect, archive.path().string());
}

OpenedFile openFolder(const std::shared_ptr<const ZipArchive>& archive)
{
    const auto entry = findPickle(*archive);
    if (!entry)
        return forward(entry);
    const std::string folder = (*entry)->name.substr(0, (*entry)->name.size() - kPickleName.size());
    const bool script = isScript(*archive, folder);
    auto tensors = tensorsOf(*archive, **entry, script ? TorchDialect::Script : TorchDialect::Python);
    if (!tensors)
        return forward(tensors);
    if (auto good = checkConstants(*archive, folder); !good)
        return forward(good);
    const auto big = isBigEndian(*archive, folder);
    if (!big)
        return forward(big);
    const auto file = std::make_shared<TorchZipFile>(archive, script ? Format::TorchScript : Format::TorchZip,
                                                     std::move(*tensors), *big);
    if (auto found = file->findRecords(folder); !found)
        return forward(found);
    return file;
}

} // namespace

OpenedFile openTorchZip(const std::shared_ptr<const ZipArchive>& archive)
{
    try {
        return openFolder(archive);
    } catch (const std::bad_alloc&) {
        return fail(Errc::BadFormat, fmt::format("{} does not fit into memory", archive->path().string()));
    }
}

} // namespace rnnscope::weights
