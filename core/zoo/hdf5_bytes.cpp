#include "core/zoo/hdf5_bytes.h"

#include <algorithm>
#include <bit>

namespace rnnscope::zoo::hdf5 {

void damaged(std::string what)
{
    throw Damage {std::move(what)};
}

std::uint64_t multiplied(std::uint64_t a, std::uint64_t b, std::string_view what)
{
    constexpr std::uint64_t kMost = ~std::uint64_t {0} >> 1U;
    if (b != 0 && a > kMost / b)
        damaged(fmt::format("{} is larger than any file", what));
    return a * b;
}

FileBytes::FileBytes(const MappedFile& file, std::size_t base)
    : m_file(file)
    , m_base(base)
    , m_end(file.size() - base)
    , m_left(4 * m_end + (std::uint64_t {1} << 16U))
{
}

void FileBytes::expectInside(std::uint64_t address, std::uint64_t count, std::string_view what) const
{
    if (!holds(address, count))
        damaged(fmt::format("{} lies beyond its end", what));
}

const FileBytes::Block& FileBytes::block(std::size_t number)
{
    Block& slot = m_blocks[number % m_blocks.size()];
    if (slot.number == number)
        return slot;
    const std::size_t begin = number * kBlock;
    const std::size_t count = std::min(kBlock, m_file.size() - begin);
    slot.number = static_cast<std::size_t>(-1);
    const auto read = m_file.use(begin, count, [&](std::span<const std::byte> bytes) {
        slot.bytes.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    });
    if (!read)
        damaged("it has become shorter");
    slot.number = number;
    return slot;
}

std::string FileBytes::read(std::uint64_t address, std::uint64_t count, std::string_view what)
{
    expectInside(address, count, what);
    if (count > m_left)
        damaged("its structures lie in each other");
    m_left -= count;
    std::string bytes;
    bytes.reserve(static_cast<std::size_t>(count));
    std::size_t at = m_base + static_cast<std::size_t>(address);
    while (bytes.size() < count) {
        const Block& from = block(at / kBlock);
        const std::size_t piece = std::min(kBlock - at % kBlock, static_cast<std::size_t>(count) - bytes.size());
        bytes.append(from.bytes, at % kBlock, piece);
        at += piece;
    }
    return bytes;
}

std::string_view Cursor::take(std::uint64_t count)
{
    if (count > left())
        damaged(fmt::format("{} is cut short", m_what));
    const auto piece = m_bytes.substr(m_at, static_cast<std::size_t>(count));
    m_at += piece.size();
    return piece;
}

std::uint64_t Cursor::number(std::size_t width)
{
    const auto bytes = take(width);
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < width; ++i)
        value |= std::uint64_t {static_cast<unsigned char>(bytes[i])} << (8 * i);
    return value;
}

std::string_view Cursor::text(std::size_t unit)
{
    const std::size_t end = m_bytes.find('\0', m_at);
    if (end == std::string_view::npos)
        damaged(fmt::format("{} has a name without an end", m_what));
    const auto found = m_bytes.substr(m_at, end - m_at);
    skip((found.size() + unit) / unit * unit);
    return found;
}

void Cursor::expect(std::size_t width, std::uint64_t value, std::string_view field)
{
    if (number(width) != value)
        wrong(field);
}

void Cursor::wrong(std::string_view field) const
{
    damaged(fmt::format("the {} of {} is impossible", field, m_what));
}

namespace {

std::uint32_t word(std::string_view bytes, std::size_t at)
{
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4 && at + i < bytes.size(); ++i)
        value |= std::uint32_t {static_cast<unsigned char>(bytes[at + i])} << (8 * i);
    return value;
}

} // namespace

std::uint32_t lookup3(std::string_view bytes)
{
    std::uint32_t a = 0xdeadbeefU + static_cast<std::uint32_t>(bytes.size());
    std::uint32_t b = a;
    std::uint32_t c = a;
    std::size_t at = 0;
    const auto add = [&] {
        a += word(bytes, at);
        b += word(bytes, at + 4);
        c += word(bytes, at + 8);
        at += 12;
    };
    while (bytes.size() - at > 12) {
        add();
        a -= c, a ^= std::rotl(c, 4), c += b;
        b -= a, b ^= std::rotl(a, 6), a += c;
        c -= b, c ^= std::rotl(b, 8), b += a;
        a -= c, a ^= std::rotl(c, 16), c += b;
        b -= a, b ^= std::rotl(a, 19), a += c;
        c -= b, c ^= std::rotl(b, 4), b += a;
    }
    if (bytes.empty())
        return c;
    add();
    c ^= b, c -= std::rotl(b, 14);
    a ^= c, a -= std::rotl(c, 11);
    b ^= a, b -= std::rotl(a, 25);
    c ^= b, c -= std::rotl(b, 16);
    a ^= c, a -= std::rotl(c, 4);
    b ^= a, b -= std::rotl(a, 14);
    c ^= b, c -= std::rotl(b, 24);
    return c;
}

} // namespace rnnscope::zoo::hdf5
