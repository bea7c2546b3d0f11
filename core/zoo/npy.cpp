#include "core/zoo/npy.h"

#include <array>
#include <cctype>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

namespace rnnscope::zoo {

namespace {

struct Header
{
    std::string descr;
    bool fortranOrder = false;
    std::vector<std::size_t> shape;
};

/// The header is a Python dict of 'descr', 'fortran_order' and 'shape'. Anything else is refused.
class HeaderParser
{
public:
    explicit HeaderParser(std::string_view text)
        : m_text(text)
    {
    }

    std::optional<Header> parse()
    {
        Header header;
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

    bool value(const std::string& key, Header& header)
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

Result<Scalar> scalarFromDescr(const std::string& descr, const std::string& where)
{
    struct Named
    {
        std::string_view code;
        Scalar scalar;
    };
    constexpr std::array<Named, 12> kKnown {{{"f2", Scalar::F2},
                                             {"f4", Scalar::F4},
                                             {"f8", Scalar::F8},
                                             {"i1", Scalar::I1},
                                             {"i2", Scalar::I2},
                                             {"i4", Scalar::I4},
                                             {"i8", Scalar::I8},
                                             {"u1", Scalar::U1},
                                             {"u2", Scalar::U2},
                                             {"u4", Scalar::U4},
                                             {"u8", Scalar::U8},
                                             {"b1", Scalar::Bool}}};
    if (descr.starts_with('['))
        return fail(Errc::BadFormat, where + " is a structured array, expected plain numbers");
    for (const auto& known : kKnown) {
        if (descr.size() != 3 || descr.substr(1) != known.code)
            continue;
        if (descr[0] == '>' && byteSize(known.scalar) > 1)
            return fail(Errc::BadFormat,
                        fmt::format("{} holds big-endian numbers ({}), expected little-endian ones; "
                                    "save it again with numpy's astype('<{}')",
                                    where, descr, known.code));
        if (descr[0] == '<' || descr[0] == '|' || descr[0] == '=' || descr[0] == '>')
            return known.scalar;
    }
    return fail(Errc::BadFormat,
                fmt::format("{} holds entries of type '{}', expected floats, integers or truth values", where,
                            descr.substr(0, 32)));
}

/// Where the array's bytes begin and the text between.
Result<std::pair<std::string, std::size_t>> readHeader(const MappedFile& file)
{
    constexpr std::string_view kMagic("\x93NUMPY", 6);
    constexpr std::size_t kLongest = std::size_t {1} << 20;
    const std::string name = file.path().string();
    const auto cut = [&] { return fail(Errc::BadFormat, name + " is cut short inside its header"); };
    std::array<unsigned char, 12> head {};
    const std::size_t headSize = std::min(head.size(), file.size());
    if (auto read = file.use(0, headSize, [&](auto bytes) { std::memcpy(head.data(), bytes.data(), bytes.size()); });
        !read)
        return forward(read);
    const std::size_t compared = std::min(headSize, kMagic.size());
    if (headSize == 0 || std::memcmp(head.data(), kMagic.data(), compared) != 0)
        return fail(Errc::BadFormat,
                    headSize == 0 ? name + " is empty (0 bytes)" : name + " is not a NumPy array file");
    if (headSize < head.size())
        return cut();
    const unsigned version = head[6];
    if (version < 1 || version > 3)
        return fail(Errc::BadFormat, fmt::format("{} has NumPy format version {}, expected 1 to 3", name, version));
    const std::size_t begin = version == 1 ? 10 : 12;
    std::size_t length = head[8] + (std::size_t {head[9]} << 8U);
    if (version > 1)
        length += (std::size_t {head[10]} << 16U) + (std::size_t {head[11]} << 24U);
    if (length > kLongest)
        return fail(Errc::BadFormat,
                    fmt::format("{} has a header of {} bytes, expected at most {}", name, length, kLongest));
    if (begin + length > file.size())
        return cut();
    std::string text(length, '\0');
    if (auto read = file.use(begin, length, [&](auto bytes) { std::memcpy(text.data(), bytes.data(), bytes.size()); });
        !read)
        return forward(read);
    return std::pair {std::move(text), begin + length};
}

} // namespace

Result<std::shared_ptr<const RawArray>> openNpy(const fs::path& path)
{
    auto file = MappedFile::open(path);
    if (!file)
        return forward(file);
    const auto text = readHeader(**file);
    if (!text)
        return forward(text);
    const std::string name = path.string();
    const auto header = HeaderParser(text->first).parse();
    if (!header)
        return fail(Errc::BadFormat, name + " has a header that is not NumPy's", text->first.substr(0, 200));
    const auto scalar = scalarFromDescr(header->descr, name);
    if (!scalar)
        return forward(scalar);
    if (header->fortranOrder)
        return fail(Errc::BadFormat,
                    name + " is stored in Fortran order, expected C order; save it again with numpy.ascontiguousarray");
    const std::size_t width = byteSize(*scalar);
    const auto entries = checkedProduct(header->shape, width);
    if (!entries)
        return fail(Errc::BadFormat, fmt::format("{}: {}", name, entries.error().message));
    if (*entries * width > (*file)->size() - text->second)
        return fail(Errc::BadFormat,
                    fmt::format("{} is cut short: shape {} of {} needs {} bytes, it has {}", name,
                                describeShape(header->shape), header->descr, *entries * width,
                                (*file)->size() - text->second));
    return std::make_shared<const RawArray>(std::move(*file), text->second, *scalar, header->shape, name);
}

} // namespace rnnscope::zoo
