#include "core/zoo/array_source.h"

#include "core/base/half.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <fmt/ranges.h>
#include <limits>
#include <type_traits>

namespace rnnscope::zoo {

namespace {

static_assert(std::endian::native == std::endian::little, "files are read without swapping bytes");

template <typename From, typename To>
void convert(std::span<const std::byte> bytes, std::span<To> out)
{
    if constexpr (std::is_same_v<From, To>) {
        std::memcpy(out.data(), bytes.data(), out.size_bytes());
    } else {
        for (std::size_t i = 0; i < out.size(); ++i) {
            From value;
            std::memcpy(&value, bytes.data() + i * sizeof(From), sizeof(From));
            out[i] = static_cast<To>(value);
        }
    }
}

void convertHalf(std::span<const std::byte> bytes, std::span<float> out)
{
    loadHalf(bytes, out);
}

void convertHalf(std::span<const std::byte> bytes, std::span<double> out)
{
    std::vector<float> floats(out.size());
    loadHalf(bytes, floats);
    std::copy(floats.begin(), floats.end(), out.begin());
}

template <typename T>
void convertFrom(Scalar scalar, std::span<const std::byte> bytes, std::span<T> out)
{
    switch (scalar) {
    case Scalar::F2:
        return convertHalf(bytes, out);
    case Scalar::F4:
        return convert<float>(bytes, out);
    case Scalar::F8:
        return convert<double>(bytes, out);
    case Scalar::I1:
        return convert<std::int8_t>(bytes, out);
    case Scalar::I2:
        return convert<std::int16_t>(bytes, out);
    case Scalar::I4:
        return convert<std::int32_t>(bytes, out);
    case Scalar::I8:
        return convert<std::int64_t>(bytes, out);
    case Scalar::U1:
    case Scalar::Bool:
        return convert<std::uint8_t>(bytes, out);
    case Scalar::U2:
        return convert<std::uint16_t>(bytes, out);
    case Scalar::U4:
        return convert<std::uint32_t>(bytes, out);
    case Scalar::U8:
        return convert<std::uint64_t>(bytes, out);
    }
}

} // namespace

std::size_t byteSize(Scalar scalar)
{
    switch (scalar) {
    case Scalar::I1:
    case Scalar::U1:
    case Scalar::Bool:
        return 1;
    case Scalar::F2:
    case Scalar::I2:
    case Scalar::U2:
        return 2;
    case Scalar::F4:
    case Scalar::I4:
    case Scalar::U4:
        return 4;
    default:
        return 8;
    }
}

bool isFloat(Scalar scalar)
{
    return scalar == Scalar::F2 || scalar == Scalar::F4 || scalar == Scalar::F8;
}

bool isInteger(Scalar scalar)
{
    return !isFloat(scalar);
}

std::string describeShape(std::span<const std::size_t> shape)
{
    return fmt::format("({}{})", fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
}

Result<std::size_t> checkedProduct(std::span<const std::size_t> shape, std::size_t bytesPerEntry)
{
    const std::size_t most = static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max()) / bytesPerEntry;
    std::size_t product = 1;
    if (std::find(shape.begin(), shape.end(), std::size_t {0}) != shape.end())
        return std::size_t {0};
    for (const std::size_t size : shape) {
        if (size > most / product)
            return fail(Errc::BadFormat, fmt::format("the shape {} is too large", describeShape(shape)));
        product *= size;
    }
    return product;
}

ArraySource::~ArraySource() = default;

Result<std::size_t> ArraySource::checkedCount(std::span<const std::size_t> start, std::size_t count,
                                              std::size_t room) const
{
    const auto& all = shape();
    bool inside = !start.empty() && start.size() <= all.size();
    for (std::size_t i = 0; inside && i + 1 < start.size(); ++i)
        inside = start[i] < all[i];
    inside = inside && start.back() <= all[start.size() - 1] && count <= all[start.size() - 1] - start.back();
    if (!inside)
        return fail(Errc::BadValue,
                    fmt::format("{} has shape {}, asked for {} entries from {}", where(), describeShape(all), count,
                                describeShape(start)));
    std::size_t entries = count;
    for (std::size_t i = start.size(); i < all.size(); ++i)
        entries *= all[i];
    if (entries != room)
        return fail(Errc::BadValue, fmt::format("{}: room for {} numbers, {} asked for", where(), room, entries));
    return entries;
}

RawArray::RawArray(std::shared_ptr<const MappedFile> file, std::size_t offset, Scalar scalar,
                   std::vector<std::size_t> shape, std::string where)
    : m_file(std::move(file))
    , m_offset(offset)
    , m_scalar(scalar)
    , m_shape(std::move(shape))
    , m_where(std::move(where))
{
}

std::size_t RawArray::entries() const
{
    std::size_t product = 1;
    for (const std::size_t size : m_shape)
        product *= size;
    return product;
}

template <typename T>
Result<void> RawArray::readFlat(std::size_t first, std::span<T> out) const
{
    constexpr std::size_t kWindow = std::size_t {4} << 20; // bytes mapped at once
    const std::size_t width = byteSize(m_scalar);
    for (std::size_t done = 0; done < out.size();) {
        const auto piece = out.subspan(done, std::min(out.size() - done, kWindow / width));
        auto read = m_file->use(m_offset + (first + done) * width, piece.size() * width,
                                [&](std::span<const std::byte> bytes) { convertFrom(m_scalar, bytes, piece); });
        if (!read)
            return read;
        done += piece.size();
    }
    return {};
}

Result<void> RawArray::read(std::span<const std::size_t> start, std::size_t count, std::span<float> out) const
{
    if (const auto entries = checkedCount(start, count, out.size()); !entries)
        return forward(entries);
    std::size_t first = 0;
    for (std::size_t i = 0; i < m_shape.size(); ++i)
        first = first * m_shape[i] + (i < start.size() ? start[i] : 0);
    return readFlat(first, out);
}

Result<std::vector<double>> RawArray::readAll() const
{
    std::vector<double> values(entries());
    if (const auto read = readFlat(0, std::span<double>(values)); !read)
        return forward(read);
    return values;
}

} // namespace rnnscope::zoo
