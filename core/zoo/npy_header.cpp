#include "core/zoo/npy_header.h"

#include "core/base/printable.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <optional>
#include <string_view>

namespace rnnscope::zoo {

namespace {

/// The header is a Python dict of 'descr', 'fortran_order' and 'shape'. Anything else is refused.
class HeaderParser
{
public:
    explicit HeaderParser(std::string_view text)
        : m_text(text)
    {
    }

    std::optional<NpyHeader> parse()
    {
        NpyHeader header;
        int keys = 0;
        if (!take('{'))
            return {};
        while (!take('}')) {
            const auto key = quoted();
            if (!key || !take(':') || !value(*key, header))
                return {};
            ++keys;
            take(',');
        }
        return keys == 3 ? std::optional(header) : std::nullopt;
    }

private:
    void skipSpace()
    {
        while (m_at < m_text.size() && std::isspace(static_cast<unsigned char>(m_text[m_at])) != 0)
            ++m_at;
    }

    bool take(char wanted)
    {
        skipSpace();
        if (m_at >= m_text.size() || m_text[m_at] != wanted)
            return false;
        ++m_at;
        return true;
    }

    bool takeWord(std::string_view word)
    {
        skipSpace();
        if (m_text.substr(m_at, word.size()) != word)
            return false;
        m_at += word.size();
        return true;
    }

    std::optional<std::string> quoted()
    {
        const char quote = take('\'') ? '\'' : '"';
        if (quote == '"' && !take('"'))
            return {};
        const std::size_t end = m_text.find(quote, m_at);
        if (end == std::string_view::npos)
            return {};
        std::string text(m_text.substr(m_at, end - m_at));
        m_at = end + 1;
        return text;
    }

    std::optional<std::size_t> number()
    {
        skipSpace();
        std::size_t value = 0;
        const std::size_t begin = m_at;
        for (; m_at < m_text.size() && std::isdigit(static_cast<unsigned char>(m_text[m_at])) != 0; ++m_at) {
            if (value > (std::size_t {1} << 59U))
                return {};
            value = value * 10 + static_cast<std::size_t>(m_text[m_at] - '0');
        }
        return m_at == begin ? std::nullopt : std::optional(value);
    }

    bool value(const std::string& key, NpyHeader& header)
    {
        if (key == "descr") {
            if (take('[')) { // fields of a structured array
                header.descr.assign(1, '[');
                m_at = m_text.find(']', m_at);
                return m_at != std::string_view::npos && take(']');
            }
            auto text = quoted();
            header.descr = text.value_or("");
            return text.has_value();
        }
        if (key == "fortran_order") {
            header.fortranOrder = takeWord("True");
            return header.fortranOrder || takeWord("False");
        }
        return key == "shape" && shape(header.shape);
    }

    bool shape(std::vector<std::size_t>& sizes)
    {
        constexpr std::size_t kMostDimensions = 32;
        if (!take('('))
            return false;
        while (!take(')')) {
            const auto size = number();
            if (!size || sizes.size() == kMostDimensions)
                return false;
            sizes.push_back(*size);
            take(',');
        }
        return true;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
};

constexpr std::string_view kMagic("\x93NUMPY", 6);

/// Where the header's text lies.
struct Extent
{
    std::size_t begin = 0;
    std::size_t length = 0;
};

Result<Extent> findText(const std::string& where, std::size_t size, const ReadBytes& read)
{
    std::array<unsigned char, 12> head {};
    const std::size_t headSize = std::min(head.size(), size);
    if (auto got = read(0, std::as_writable_bytes(std::span(head).first(headSize))); !got)
        return forward(got);
    const std::size_t compared = std::min(headSize, kMagic.size());
    if (headSize == 0 || std::memcmp(head.data(), kMagic.data(), compared) != 0)
        return fail(Errc::BadFormat,
                    headSize == 0 ? where + " is empty (0 bytes)" : where + " is not a NumPy array file");
    if (headSize < head.size())
        return fail(Errc::BadFormat, where + " is cut short inside its header");
    const unsigned version = head[6];
    if (version < 1 || version > 3)
        return fail(Errc::BadFormat, fmt::format("{} has NumPy format version {}, expected 1 to 3", where, version));
    std::size_t length = head[8] + (std::size_t {head[9]} << 8U);
    if (version > 1)
        length += (std::size_t {head[10]} << 16U) + (std::size_t {head[11]} << 24U);
    return Extent {version == 1 ? std::size_t {10} : std::size_t {12}, length};
}

} // namespace

Result<NpyHeader> readNpyHeader(const std::string& where, std::size_t size, std::size_t longest, const ReadBytes& read)
{
    const auto extent = findText(where, size, read);
    if (!extent)
        return forward(extent);
    if (extent->length > longest)
        return fail(Errc::BadFormat,
                    fmt::format("{} has a header of {} bytes, expected at most {}", where, extent->length, longest));
    if (extent->begin + extent->length > size)
        return fail(Errc::BadFormat, where + " is cut short inside its header");
    std::string text(extent->length, '\0');
    if (auto got = read(extent->begin, std::as_writable_bytes(std::span(text))); !got)
        return forward(got);
    auto header = HeaderParser(text).parse();
    if (!header)
        return fail(Errc::BadFormat, where + " has a header that is not NumPy's", printable(text, 200));
    header->end = extent->begin + extent->length;
    return std::move(*header);
}

} // namespace rnnscope::zoo
