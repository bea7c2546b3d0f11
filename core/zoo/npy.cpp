#include "core/zoo/npy.h"

#include "core/zoo/npy_header.h"

#include <array>
#include <cstring>
#include <string_view>

namespace rnnscope::zoo {

namespace {

constexpr std::size_t kLongestHeader = std::size_t {1} << 20U;

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

} // namespace

Result<std::shared_ptr<const RawArray>> openNpy(const fs::path& path)
{
    auto file = MappedFile::open(path);
    if (!file)
        return forward(file);
    const std::string name = path.string();
    const auto header
        = readNpyHeader(name, (*file)->size(), kLongestHeader, [&](std::size_t offset, std::span<std::byte> out) {
              return (*file)->use(offset, out.size(),
                                  [&](auto bytes) { std::memcpy(out.data(), bytes.data(), bytes.size()); });
          });
    if (!header)
        return forward(header);
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
    if (*entries * width > (*file)->size() - header->end)
        return fail(Errc::BadFormat,
                    fmt::format("{} is cut short: shape {} of {} needs {} bytes, it has {}", name,
                                describeShape(header->shape), header->descr, *entries * width,
                                (*file)->size() - header->end));
    return std::make_shared<const RawArray>(std::move(*file), header->end, *scalar, header->shape, name);
}

} // namespace rnnscope::zoo
