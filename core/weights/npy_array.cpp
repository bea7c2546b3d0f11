#include "core/weights/npy_array.h"

#include "core/base/printable.h"
#include "core/zoo/array_source.h"

#include <algorithm>
#include <charconv>

namespace rnnscope::weights {

namespace {

constexpr std::size_t kLongestHeader = std::size_t {1} << 16U; ///< NumPy's own need a few hundred bytes
constexpr std::size_t kWidest = std::size_t {1} << 30U; ///< bytes of one entry

/// What stands behind the letter of a type: "<f4" 4, "<M8[ns]" 8, "O" nothing.
std::size_t widthOf(std::string_view type)
{
    std::size_t width = 0;
    const auto [end, error] = std::from_chars(type.data(), type.data() + type.size(), width);
    const bool plain = error == std::errc() && width <= kWidest && (end == type.data() + type.size() || *end == '[');
    return plain ? width : 0;
}

/// `bytes` is 0 when the type is none of NumPy's.
NumberFormat formatOf(std::string_view type)
{
    NumberFormat format;
    format.bigEndian = type.starts_with('>');
    if (type.find_first_of("<>|=") == 0)
        type.remove_prefix(1);
    if (type.empty())
        return format;
    const char kind = type.front();
    const std::size_t width = widthOf(type.substr(1));
    const bool wholeBytes = width == 1 || width == 2 || width == 4 || width == 8;
    format.isSigned = kind != 'u';
    if (kind == 'f' && wholeBytes && width > 1)
        format.dtype = width == 2 ? Dtype::Float16 : width == 4 ? Dtype::Float32 : Dtype::Float64;
    else if ((kind == 'i' || kind == 'u') && wholeBytes)
        format.dtype = Dtype::Integer;
    else if (kind == 'b' && width == 1)
        format.dtype = Dtype::Boolean;
    else if (std::string_view("fcSaVMm").find(kind) == std::string_view::npos && kind != 'U')
        return format;
    format.bytes = kind == 'U' ? 4 * width : width;
    return format;
}

/// In row-major order the last index runs fastest, in Fortran's the first.
class FortranOrder
{
public:
    explicit FortranOrder(const std::vector<std::size_t>& shape)
        : m_shape(shape)
        , m_steps(shape.size(), 1)
        , m_index(shape.size(), 0)
    {
        for (std::size_t i = shape.size(); i > 1; --i)
            m_steps[i - 2] = m_steps[i - 1] * shape[i - 1];
    }

    /// The row-major place of the file's next entry.
    std::size_t next()
    {
        const std::size_t place = m_place;
        for (std::size_t i = 0; i < m_shape.size(); ++i) {
            m_place += m_steps[i];
            if (++m_index[i] < m_shape[i])
                break;
            m_place -= m_steps[i] * m_shape[i];
            m_index[i] = 0;
        }
        return place;
    }

private:
    const std::vector<std::size_t>& m_shape;
    std::vector<std::size_t> m_steps;
    std::vector<std::size_t> m_index;
    std::size_t m_place = 0;
};

Result<NumberFormat> checkType(const std::string& where, const std::string& descr)
{
    const std::string_view kind
        = std::string_view(descr).substr(std::min(descr.size(), descr.find_first_not_of("<>|=")));
    if (kind.starts_with('O'))
        return fail(Errc::BadFormat, where + " holds Python objects (a pickle), which are never loaded");
    if (descr.starts_with('['))
        return fail(Errc::BadFormat, where + " is a structured array, expected plain numbers");
    const NumberFormat format = formatOf(descr);
    if (format.bytes == 0)
        return fail(
            Errc::BadFormat,
            fmt::format("{} holds entries of type '{}', expected floats or integers", where, printable(descr, 32)));
    return format;
}

} // namespace

Result<NpyArray> openNpyArray(const std::string& where, std::string name, std::size_t size, const ReadBytes& read)
{
    auto header = zoo::readNpyHeader(where, size, kLongestHeader, read);
    if (!header)
        return forward(header);
    const auto format = checkType(where, header->descr);
    if (!format)
        return forward(format);
    const std::string shape = printable(zoo::describeShape(header->shape));
    const auto entries = zoo::checkedProduct(header->shape, format->bytes);
    if (!entries || *entries > kMostEntries)
        return fail(Errc::BadFormat, fmt::format("{}: the shape {} is too large", where, shape));
    const std::size_t needed = *entries * format->bytes;
    if (needed > size - header->end)
        return fail(Errc::BadFormat,
                    fmt::format("{} is cut short: shape {} of {} needs {} bytes, it has {}", where, shape,
                                printable(header->descr, 32), needed, size - header->end));
    return NpyArray {.info = {std::move(name), std::move(header->shape), format->dtype},
                     .format = *format,
                     .fortranOrder = header->fortranOrder,
                     .begin = header->end,
                     .end = header->end + needed};
}

Result<void> readNpyArray(const NpyArray& array, const ReadBytes& read, std::span<float> out)
{
    FortranOrder order(array.info.shape);
    const bool scattered = array.fortranOrder && array.info.shape.size() > 1;
    return readNumbers(array.format, read, array.begin, out.size(), [&](std::size_t first, auto values) {
        if (!scattered)
            std::copy(values.begin(), values.end(), out.begin() + static_cast<std::ptrdiff_t>(first));
        else
            for (const float value : values)
                out[order.next()] = value;
    });
}

} // namespace rnnscope::weights
