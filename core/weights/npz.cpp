#include "core/base/printable.h"
#include "core/weights/npy_array.h"
#include "core/weights/readers.h"

#include <cstring>

namespace rnnscope::weights {

namespace {

constexpr std::string_view kSuffix = ".npy";
constexpr std::size_t kWhole = std::size_t {64} << 20U; ///< stored arrays above are read by piece, unchecked by CRC

class NpzFile final : public TensorFile
{
public:
    explicit NpzFile(std::shared_ptr<const ZipArchive> archive)
        : TensorFile(archive->path(), Format::Npz)
        , m_archive(std::move(archive))
    {
    }

    Result<void> open()
    {
        std::size_t others = 0;
        for (const ZipArchive::Entry& entry : m_archive->entries()) {
            if (!entry.name.ends_with(kSuffix)) {
                ++others;
                continue;
            }
            const std::string name = entry.name.substr(0, entry.name.size() - kSuffix.size());
            const std::string where = fmt::format("{}: array {}", path().string(), printable(name));
            auto array = openNpyArray(where, name, entry.size, partOf(entry));
            if (!array)
                return forward(array);
            m_tensors.push_back(array->info);
            m_arrays.push_back({&entry, std::move(*array)});
        }
        if (others > 0)
            m_notes.push_back(fmt::format("{} of the archive that {} no array {} left out",
                                          others == 1 ? "a part" : fmt::format("{} parts", others),
                                          others == 1 ? "is" : "are", others == 1 ? "was" : "were"));
        return {};
    }

    Result<void> read(std::size_t tensor, std::span<float> out) const override
    {
        if (auto fits = checkReadable(*this, tensor, out); !fits)
            return fits;
        const auto& [entry, array] = m_arrays[tensor];
        if (entry->stored && array.end > kWhole)
            return readNpyArray(array, partOf(*entry), out);
        if (array.end > kMostBytes)
            return fail(Errc::BadFormat,
                        fmt::format("{} would unpack to {} bytes, expected at most {}",
                                    tensorOf(path(), array.info.name), array.end, kMostBytes));
        std::vector<std::byte> bytes(array.end);
        if (auto got = m_archive->read(*entry, 0, bytes); !got)
            return got;
        return readNpyArray(
            array,
            [&](std::size_t offset, std::span<std::byte> piece) -> Result<void> {
                std::memcpy(piece.data(), bytes.data() + offset, piece.size());
                return {};
            },
            out);
    }

private:
    struct Array
    {
        const ZipArchive::Entry* entry = nullptr;
        NpyArray array;
    };

    ReadBytes partOf(const ZipArchive::Entry& entry) const
    {
        return [this, &entry](std::size_t offset, std::span<std::byte> out) {
            return out.empty() ? Result<void> {} : m_archive->read(entry, offset, out);
        };
    }

    std::shared_ptr<const ZipArchive> m_archive;
    std::vector<Array> m_arrays; ///< per tensor
};

} // namespace

OpenedFile openNpz(const std::shared_ptr<const ZipArchive>& archive)
{
    try {
        const auto opened = std::make_shared<NpzFile>(archive);
        if (auto done = opened->open(); !done)
            return forward(done);
        return opened;
    } catch (const std::bad_alloc&) {
        return fail(Errc::Io, fmt::format("not enough memory for {}", archive->path().string()));
    }
}

} // namespace rnnscope::weights
