#include "core/base/printable.h"

#include <cstdint>

namespace rnnscope {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";

/// Bytes of the character that begins `text`, and its code point; 0 bytes when it is broken.
struct Character
{
    std::size_t bytes = 0;
    std::uint32_t code = 0;
};

Character decode(std::string_view text)
{
    const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
    const std::uint32_t lead = byte(0);
    const std::size_t bytes = lead < 0x80 ? 1
        : lead < 0xC2                     ? 0
        : lead < 0xE0                     ? 2
        : lead < 0xF0                     ? 3
        : lead < 0xF5                     ? 4
                                          : 0;
    if (bytes == 0 || bytes > text.size())
        return {};
    constexpr std::uint32_t kLeadBits[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    std::uint32_t code = lead & kLeadBits[bytes];
    for (std::size_t i = 1; i < bytes; ++i) {
        if ((byte(i) & 0xC0U) != 0x80U)
            return {};
        code = (code << 6U) | (byte(i) & 0x3FU);
    }
    const bool overlong = (bytes == 3 && code < 0x800) || (bytes == 4 && code < 0x10000);
    const bool outside = code > 0x10FFFF || (code >= 0xD800 && code < 0xE000);
    return overlong || outside ? Character {} : Character {bytes, code};
}

bool isHarmless(std::uint32_t code)
{
    const bool control = code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x2028 || code == 0x2029;
    const bool direction = code == 0x200E || code == 0x200F || code == 0x061C || (code >= 0x202A && code <= 0x202E)
        || (code >= 0x2066 && code <= 0x2069);
    return !control && !direction && code != 0xFEFF;
}

} // namespace

std::string printable(std::string_view text, std::size_t limit)
{
    std::string result;
    std::size_t characters = 0;
    std::size_t lastBegin = 0; // of the last character, which gives way to "…"
    while (!text.empty()) {
        if (characters == limit) {
            if (limit == 0)
                return {};
            result.resize(lastBegin);
            return result.append(kEllipsis);
        }
        const Character next = decode(text);
        lastBegin = result.size();
        result.append(next.bytes > 0 && isHarmless(next.code) ? text.substr(0, next.bytes) : kReplacement);
        text.remove_prefix(next.bytes > 0 ? next.bytes : 1);
        ++characters;
    }
    return result;
}

} // namespace rnnscope
