#include "core/weights/pickle_bytes.h"

#include <charconv>
#include <optional>

namespace rnnscope::weights {

namespace {

constexpr std::uint32_t kReplacement = 0xfffd;

void appendUtf8(std::string& out, std::uint32_t code)
{
    if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
        code = kReplacement;
    const auto put = [&](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
    const auto tail = [&](unsigned shift) { put(0x80U | ((code >> shift) & 0x3fU)); };
    if (code < 0x80) {
        put(code);
    } else if (code < 0x800) {
        put(0xc0U | (code >> 6U));
        tail(0);
    } else if (code < 0x10000) {
        put(0xe0U | (code >> 12U));
        tail(6);
        tail(0);
    } else {
        put(0xf0U | (code >> 18U));
        tail(12);
        tail(6);
        tail(0);
    }
}

std::optional<std::uint32_t> hex(std::string_view digits, std::size_t count)
{
    std::uint32_t value = 0;
    if (digits.size() < count)
        return std::nullopt;
    const char* end = digits.data() + count;
    const auto read = std::from_chars(digits.data(), end, value, 16);
    return read.ec == std::errc() && read.ptr == end ? std::optional(value) : std::nullopt;
}

} // namespace

std::string_view PickleBytes::take(std::uint64_t count)
{
    if (count > m_bytes.size() - m_position)
        throw PickleFault {"ends in the middle of an instruction", true};
    const auto taken = m_bytes.substr(m_position, count);
    m_position += count;
    return taken;
}

std::uint64_t PickleBytes::unsignedNumber(std::size_t width)
{
    std::uint64_t value = 0;
    unsigned shift = 0;
    for (const char c : take(width)) {
        value |= static_cast<std::uint64_t>(static_cast<unsigned char>(c)) << shift;
        shift += 8;
    }
    return value;
}

std::int64_t PickleBytes::signedNumber(std::size_t width)
{
    std::uint64_t value = unsignedNumber(width);
    if (width > 0 && width < 8 && ((value >> (8 * width - 1)) & 1U) != 0)
        value |= ~std::uint64_t {0} << (8 * width);
    return static_cast<std::int64_t>(value);
}

std::string_view PickleBytes::counted(std::size_t width)
{
    return take(unsignedNumber(width));
}

std::string_view PickleBytes::line()
{
    const std::size_t end = m_bytes.find('\n', m_position);
    if (end == std::string_view::npos)
        throw PickleFault {"ends in the middle of a line", true};
    const auto found = m_bytes.substr(m_position, end - m_position);
    m_position = end + 1;
    return found;
}

void PickleBytes::checkFrame(std::uint64_t size) const
{
    if (size > m_bytes.size() - m_position)
        throw PickleFault {"has a frame that reaches past its end", true};
}

std::string unquoted(std::string_view repr)
{
    if (repr.size() < 2 || repr.front() != repr.back() || (repr.front() != '\'' && repr.front() != '"'))
        throw PickleFault {"has a string without quotes"};
    const auto text = repr.substr(1, repr.size() - 2);
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || i + 1 == text.size()) {
            out.push_back(text[i]);
            continue;
        }
        const char escape = text[++i];
        const auto code = escape == 'x' ? hex(text.substr(i + 1), 2) : std::nullopt;
        if (code) {
            out.push_back(static_cast<char>(*code));
            i += 2;
        } else {
            out.push_back(escape == 'n' ? '\n' : escape == 't' ? '\t' : escape == 'r' ? '\r' : escape);
        }
    }
    return out;
}

std::string fromRawUnicodeEscape(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto next = i + 1 < text.size() && text[i] == '\\' ? text[i + 1] : '\0';
        const std::size_t digits = next == 'u' ? 4 : next == 'U' ? 8 : 0;
        const auto code = digits > 0 ? hex(text.substr(i + 2), digits) : std::nullopt;
        if (code)
            i += 1 + digits;
        appendUtf8(out, code.value_or(static_cast<unsigned char>(text[i])));
    }
    return out;
}

} // namespace rnnscope::weights
