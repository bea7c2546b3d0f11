#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// The operands of a pickle's opcodes.
namespace rnnscope::weights {

/// Thrown inside the pickle reader only; parsePickle turns it into Pickle::fault.
struct PickleFault
{
    std::string what; ///< a sentence's end
    bool cutShort = false;
};

/// A place in the bytes. Throws PickleFault when they end.
class PickleBytes
{
public:
    explicit PickleBytes(std::string_view bytes)
        : m_bytes(bytes)
    {
    }

    std::size_t position() const { return m_position; }
    std::string_view take(std::uint64_t count);
    /// Little-endian, of `width` bytes.
    std::uint64_t unsignedNumber(std::size_t width);
    std::int64_t signedNumber(std::size_t width);
    /// As many bytes as a number of `width` bytes before them says.
    std::string_view counted(std::size_t width);
    /// Up to the next line feed, which is taken too.
    std::string_view line();
    /// Refuses a frame that reaches past the end; its bounds mean nothing else here.
    void checkFrame(std::uint64_t size) const;

private:
    std::string_view m_bytes;
    std::size_t m_position = 0;
};

/// "'it\\'s'" -> "it's": Python's repr of a string as protocol 0 writes it. Throws PickleFault without quotes.
std::string unquoted(std::string_view repr);
/// \uXXXX and \UXXXXXXXX as UTF-8; bytes above 0x7f are Latin-1.
std::string fromRawUnicodeEscape(std::string_view text);

} // namespace rnnscope::weights
