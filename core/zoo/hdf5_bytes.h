#pragma once

#include "core/base/mapped_file.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

/// Reading HDF5's own structures without its library. What does not add up is thrown as Damage.
namespace rnnscope::zoo::hdf5 {

/// What is wrong with a file, a clause: "an object header reaches beyond the file's end".
struct Damage
{
    std::string what;
};

[[noreturn]] void damaged(std::string what);

/// HDF5's undefined address.
inline constexpr std::uint64_t kNowhere = ~std::uint64_t {0};

/// Damage naming `what` when the product does not fit 63 bits.
std::uint64_t multiplied(std::uint64_t a, std::uint64_t b, std::string_view what);

/// Pieces of a file by address. The sum of what is read is limited to a few times the file, so that structures which
/// lie in each other cost no more than those that do not.
class FileBytes
{
public:
    /// `base`: offset of address 0, which is where the signature is.
    FileBytes(const MappedFile& file, std::size_t base);

    std::uint64_t end() const { return m_end; } ///< the first address behind the file
    void setEnd(std::uint64_t end) { m_end = end; } ///< as the superblock says
    bool holds(std::uint64_t address, std::uint64_t count) const
    {
        return address <= m_end && count <= m_end - address;
    }
    void expectInside(std::uint64_t address, std::uint64_t count, std::string_view what) const;
    /// Damage naming `what` when the bytes are not all inside the file.
    std::string read(std::uint64_t address, std::uint64_t count, std::string_view what);

private:
    static constexpr std::size_t kBlock = std::size_t {1} << 14U;
    struct Block
    {
        std::size_t number = static_cast<std::size_t>(-1);
        std::string bytes;
    };
    const Block& block(std::size_t number);

    const MappedFile& m_file;
    std::size_t m_base = 0;
    std::uint64_t m_end = 0;
    std::uint64_t m_left = 0; ///< bytes that may still be read
    std::array<Block, 16> m_blocks;
};

/// Little-endian numbers of one structure, one after the other. Beyond its end is Damage naming it.
class Cursor
{
public:
    Cursor(std::string_view bytes, std::string_view what)
        : m_bytes(bytes)
        , m_what(what)
    {
    }

    std::size_t at() const { return m_at; }
    std::size_t left() const { return m_bytes.size() - m_at; }
    std::string_view what() const { return m_what; }
    std::string_view take(std::uint64_t count);
    void skip(std::uint64_t count) { take(count); }
    std::uint64_t number(std::size_t width);
    std::uint64_t byte() { return number(1); }
    std::uint64_t address() { return number(8); }
    /// Text up to a zero byte, which is skipped; padded to a multiple of `unit` from where it began.
    std::string_view text(std::size_t unit);
    /// Damage unless the next number is `value`.
    void expect(std::size_t width, std::uint64_t value, std::string_view field);
    [[noreturn]] void wrong(std::string_view field) const;

private:
    std::string_view m_bytes;
    std::string_view m_what;
    std::size_t m_at = 0;
};

/// Bob Jenkins' lookup3 (hashlittle, initial value 0), the checksum of HDF5's newer structures.
std::uint32_t lookup3(std::string_view bytes);

} // namespace rnnscope::zoo::hdf5
