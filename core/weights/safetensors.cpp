#include "core/base/printable.h"
#include "core/weights/number_format.h"
#include "core/weights/readers.h"
#include "core/weights/safetensors_header.h"
#include "core/zoo/array_source.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace rnnscope::weights {

namespace {

constexpr std::size_t kLengthBytes = 8;
constexpr std::size_t kLongestHeader = 100'000'000; ///< as the format's own reader has it

struct NamedType
{
    std::string_view name;
    Dtype dtype;
    std::size_t bits;
    bool isSigned = true;
};

constexpr std::array<NamedType, 22> kTypes {
    {{"F64", Dtype::Float64, 64},        {"F32", Dtype::Float32, 32},        {"F16", Dtype::Float16, 16},
     {"BF16", Dtype::BFloat16, 16},      {"I64", Dtype::Integer, 64},        {"I32", Dtype::Integer, 32},
     {"I16", Dtype::Integer, 16},        {"I8", Dtype::Integer, 8},          {"U64", Dtype::Integer, 64, false},
     {"U32", Dtype::Integer, 32, false}, {"U16", Dtype::Integer, 16, false}, {"U8", Dtype::Integer, 8, false},
     {"BOOL", Dtype::Boolean, 8},        {"F8_E4M3", Dtype::Other, 8},       {"F8_E5M2", Dtype::Other, 8},
     {"F8_E8M0", Dtype::Other, 8},       {"F8_E4M3FNUZ", Dtype::Other, 8},   {"F8_E5M2FNUZ", Dtype::Other, 8},
     {"F6_E2M3", Dtype::Other, 6},       {"F6_E3M2", Dtype::Other, 6},       {"F4", Dtype::Other, 4},
     {"C64", Dtype::Other, 64}}};

class SafetensorsFile final : public TensorFile
{
public:
    explicit SafetensorsFile(std::shared_ptr<const MappedFile> file)
        : TensorFile(file->path(), Format::Safetensors)
        , m_file(std::move(file))
    {
    }

    Result<void> open()
    {
        std::array<std::byte, kLengthBytes> head {};
        if (m_file->size() < head.size())
            return fail(Errc::BadFormat, path().string() + " is cut short inside its header's length");
        if (auto got = bytesOf(m_file)(0, head); !got)
            return got;
        std::uint64_t length = 0;
        std::memcpy(&length, head.data(), sizeof(length));
        const std::size_t left = m_file->size() - kLengthBytes;
        if (length > left || length > kLongestHeader)
            return fail(Errc::BadFormat,
                        fmt::format("{} says that its safetensors header has {} bytes, expected at most {}",
                                    path().string(), length, std::min(left, kLongestHeader)));
        std::string json(length, '\0');
        if (auto got = bytesOf(m_file)(kLengthBytes, std::as_writable_bytes(std::span(json))); !got)
            return got;
        auto entries = parseSafetensorsHeader(json, path().string());
        if (!entries)
            return forward(entries);
        m_data = kLengthBytes + length;
        return place(std::move(*entries));
    }

    Result<void> read(std::size_t tensor, std::span<float> out) const override
    {
        if (auto fits = checkReadable(*this, tensor, out); !fits)
            return fits;
        const auto& [format, begin] = m_places[tensor];
        return readNumbers(format, bytesOf(m_file), begin, out.size(), [&](std::size_t first, auto values) {
            std::copy(values.begin(), values.end(), out.begin() + static_cast<std::ptrdiff_t>(first));
        });
    }

private:
    struct Place
    {
        NumberFormat format;
        std::size_t begin = 0; ///< in the file
    };

    /// Takes the tensors in the order of their bytes, which must follow each other without holes to the file's end.
    Result<void> place(std::vector<SafetensorsEntry> entries)
    {
        std::stable_sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
            return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
        });
        const std::size_t size = m_file->size() - m_data;
        std::size_t expected = 0;
        for (SafetensorsEntry& entry : entries) {
            if (auto sound = checkRange(entry, expected, size); !sound)
                return sound;
            expected = entry.end;
            if (auto taken = take(std::move(entry)); !taken)
                return taken;
        }
        if (expected != size)
            return fail(
                Errc::BadFormat,
                fmt::format("{} has {} bytes behind its header, its tensors take {}", path().string(), size, expected));
        return {};
    }

    Result<void> checkRange(const SafetensorsEntry& entry, std::size_t expected, std::size_t size) const
    {
        const auto wrong = [&](std::string_view what) {
            return fail(Errc::BadFormat,
                        fmt::format("{} lies at bytes {} to {}, {}", tensorOf(path(), entry.name), entry.begin,
                                    entry.end, what));
        };
        if (entry.begin > entry.end)
            return wrong("which is backwards");
        if (entry.end > size)
            return wrong(fmt::format("the file has {}", size));
        if (entry.begin < expected)
            return wrong("where another tensor lies");
        if (entry.begin > expected)
            return wrong(fmt::format("which leaves a hole from {}", expected));
        return {};
    }

    Result<void> take(SafetensorsEntry entry)
    {
        const std::string where = tensorOf(path(), entry.name);
        const auto* const type
            = std::find_if(kTypes.begin(), kTypes.end(), [&](const auto& known) { return known.name == entry.dtype; });
        if (type == kTypes.end())
            return fail(Errc::BadFormat, fmt::format("{} has the unknown type {}", where, printable(entry.dtype)));
        const auto count = zoo::checkedProduct(entry.shape, type->bits);
        if (!count || *count > kMostEntries)
            return fail(Errc::BadFormat, fmt::format("{} has a shape that is too large", where));
        const std::size_t bits = *count * type->bits;
        if (bits % 8 != 0 || bits / 8 != entry.end - entry.begin)
            return fail(Errc::BadFormat,
                        fmt::format("{} has shape {} of {}, which needs {} bytes, and {} bytes", where,
                                    printable(zoo::describeShape(entry.shape)), type->name, bits / 8,
                                    entry.end - entry.begin));
        m_places.push_back({{type->dtype, type->bits / 8, type->isSigned, false}, m_data + entry.begin});
        m_tensors.push_back({std::move(entry.name), std::move(entry.shape), type->dtype});
        return {};
    }

    std::shared_ptr<const MappedFile> m_file;
    std::size_t m_data = 0; ///< where the tensors begin
    std::vector<Place> m_places; ///< per tensor
};

} // namespace

OpenedFile openSafetensors(const std::shared_ptr<const MappedFile>& file)
{
    try {
        const auto opened = std::make_shared<SafetensorsFile>(file);
        if (auto done = opened->open(); !done)
            return forward(done);
        return opened;
    } catch (const std::bad_alloc&) {
        return fail(Errc::Io, fmt::format("not enough memory for {}", file->path().string()));
    }
}

} // namespace rnnscope::weights
