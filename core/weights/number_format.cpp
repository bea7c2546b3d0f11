#include "core/weights/number_format.h"

#include "core/base/half.h"
#include "core/base/printable.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

namespace rnnscope::weights {

namespace {

static_assert(std::endian::native == std::endian::little, "numbers are taken from files as they are");

constexpr std::size_t kPiece = std::size_t {4} << 20U; ///< bytes read at once

template <typename From>
void convert(std::span<const std::byte> bytes, std::span<float> out)
{
    for (std::size_t i = 0; i < out.size(); ++i) {
        From value;
        std::memcpy(&value, bytes.data() + i * sizeof(From), sizeof(From));
        out[i] = static_cast<float>(value);
    }
}

void convertBrain(std::span<const std::byte> bytes, std::span<float> out)
{
    for (std::size_t i = 0; i < out.size(); ++i) {
        std::uint16_t high = 0;
        std::memcpy(&high, bytes.data() + i * sizeof(high), sizeof(high));
        out[i] = std::bit_cast<float>(std::uint32_t {high} << 16U);
    }
}

void convertIntegers(const NumberFormat& format, std::span<const std::byte> bytes, std::span<float> out)
{
    switch (format.bytes) {
    case 1:
        return format.isSigned ? convert<std::int8_t>(bytes, out) : convert<std::uint8_t>(bytes, out);
    case 2:
        return format.isSigned ? convert<std::int16_t>(bytes, out) : convert<std::uint16_t>(bytes, out);
    case 4:
        return format.isSigned ? convert<std::int32_t>(bytes, out) : convert<std::uint32_t>(bytes, out);
    default:
        return format.isSigned ? convert<std::int64_t>(bytes, out) : convert<std::uint64_t>(bytes, out);
    }
}

void convertLittleEndian(const NumberFormat& format, std::span<const std::byte> bytes, std::span<float> out)
{
    switch (format.dtype) {
    case Dtype::Float16:
        return loadHalf(bytes.first(2 * out.size()), out);
    case Dtype::BFloat16:
        return convertBrain(bytes, out);
    case Dtype::Float32:
        std::memcpy(out.data(), bytes.data(), out.size_bytes());
        return;
    case Dtype::Float64:
        return convert<double>(bytes, out);
    case Dtype::Integer:
        return convertIntegers(format, bytes, out);
    case Dtype::Boolean:
    case Dtype::Other:
        break;
    }
    std::fill(out.begin(), out.end(), 0.0F);
}

} // namespace

void toFloats(const NumberFormat& format, std::span<const std::byte> bytes, std::span<float> out)
{
    if (out.empty())
        return;
    if (!format.bigEndian || format.bytes < 2)
        return convertLittleEndian(format, bytes, out);
    std::vector<std::byte> swapped(bytes.begin(),
                                   bytes.begin() + static_cast<std::ptrdiff_t>(out.size() * format.bytes));
    for (std::size_t i = 0; i < swapped.size(); i += format.bytes)
        std::reverse(&swapped[i], &swapped[i] + format.bytes);
    convertLittleEndian(format, swapped, out);
}

ReadBytes bytesOf(std::shared_ptr<const MappedFile> file)
{
    return [file = std::move(file)](std::size_t offset, std::span<std::byte> out) {
        return file->use(offset, out.size(), [&](auto bytes) { std::memcpy(out.data(), bytes.data(), bytes.size()); });
    };
}

Result<void> readNumbers(const NumberFormat& format, const ReadBytes& read, std::size_t offset, std::size_t entries,
                         const std::function<void(std::size_t first, std::span<const float> values)>& take)
{
    const std::size_t most = std::min(entries, kPiece / format.bytes);
    std::vector<std::byte> bytes(most * format.bytes);
    std::vector<float> values(most);
    for (std::size_t first = 0; first < entries;) {
        const std::size_t count = std::min(most, entries - first);
        const auto piece = std::span(bytes).first(count * format.bytes);
        if (auto got = read(offset + first * format.bytes, piece); !got)
            return got;
        toFloats(format, piece, std::span(values).first(count));
        take(first, std::span(values).first(count));
        first += count;
    }
    return {};
}

std::string tensorOf(const fs::path& file, std::string_view tensor)
{
    return fmt::format("{}: tensor {}", file.string(), printable(tensor));
}

Result<void> checkReadable(const TensorFile& file, std::size_t tensor, std::span<const float> out)
{
    const TensorInfo& info = file.tensors().at(tensor);
    if (!isFloat(info.dtype) && info.dtype != Dtype::Integer)
        return fail(Errc::BadFormat,
                    fmt::format("{} holds entries of type {}, expected floats or integers",
                                tensorOf(file.path(), info.name), name(info.dtype)));
    if (out.size() != info.entries())
        return fail(Errc::BadValue,
                    fmt::format("{} has {} entries, room for {} was given", tensorOf(file.path(), info.name),
                                info.entries(), out.size()));
    return {};
}

} // namespace rnnscope::weights
