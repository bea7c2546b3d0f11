#include "core/zoo/hdf5_messages.h"

namespace rnnscope::zoo::hdf5 {

namespace {

constexpr int kDeepest = 16;

enum Kind : unsigned {
    kInteger,
    kFloat,
    kTime,
    kText,
    kBits,
    kOpaque,
    kCompound,
    kReference,
    kEnum,
    kVariable,
    kArray
};

struct Head
{
    unsigned kind = 0;
    unsigned version = 0;
    std::uint64_t bits = 0;
    std::uint64_t size = 0;
};

Type typeAt(Cursor& in, int depth);

/// Offset and precision of a number, in bits.
void checkInteger(Cursor& in, const Head& head)
{
    const std::uint64_t offset = in.number(2);
    const std::uint64_t precision = in.number(2);
    if (precision == 0 || offset + precision > 8 * head.size)
        in.wrong("precision");
}

void checkFloat(Cursor& in, const Head& head)
{
    const std::uint64_t offset = in.number(2);
    const std::uint64_t precision = in.number(2);
    const std::uint64_t exponentAt = in.byte();
    const std::uint64_t exponentBits = in.byte();
    const std::uint64_t mantissaAt = in.byte();
    const std::uint64_t mantissaBits = in.byte();
    in.skip(4);
    const std::uint64_t sign = head.bits >> 8U & 0xffU;
    if (precision == 0 || offset + precision > 8 * head.size || exponentBits == 0 || mantissaBits == 0
        || exponentAt + exponentBits > precision || mantissaAt + mantissaBits > precision || sign >= precision)
        in.wrong("precision");
    if (mantissaAt < exponentAt + exponentBits && exponentAt < mantissaAt + mantissaBits)
        in.wrong("precision");
}

std::string_view memberName(Cursor& in, const Head& head)
{
    const auto name = in.text(head.version < 3 ? 8 : 1);
    if (name.empty())
        in.wrong("member's name");
    return name;
}

void checkCompound(Cursor& in, const Head& head, int depth)
{
    const std::uint64_t members = head.bits & 0xffffU;
    std::size_t width = 1; // of a member's offset, in version 3
    while (width < 4 && head.size >> (8 * width) != 0)
        ++width;
    if (members == 0)
        in.wrong("number of members");
    for (std::uint64_t i = 0; i < members; ++i) {
        memberName(in, head);
        const std::uint64_t offset = in.number(head.version < 3 ? 4 : width);
        std::uint64_t factor = 1;
        if (head.version == 1) {
            const std::uint64_t rank = in.byte();
            if (rank > 4)
                in.wrong("member");
            in.skip(11);
            for (std::uint64_t d = 0; d < 4; ++d) {
                const std::uint64_t size = in.number(4);
                factor = d < rank ? multiplied(factor, size, "a datatype") : factor;
            }
        }
        const Type member = typeAt(in, depth + 1);
        const std::uint64_t bytes = multiplied(factor, member.size, "a datatype");
        if (bytes == 0 || offset > head.size || bytes > head.size - offset)
            in.wrong("member");
    }
}

void checkEnum(Cursor& in, const Head& head, int depth)
{
    const Type base = typeAt(in, depth + 1);
    const std::uint64_t members = head.bits & 0xffffU;
    if (base.kind != kInteger || base.size != head.size || members == 0)
        in.wrong("members");
    for (std::uint64_t i = 0; i < members; ++i)
        memberName(in, head);
    in.skip(multiplied(members, base.size, "a datatype"));
}

void checkArray(Cursor& in, const Head& head, int depth)
{
    const std::uint64_t rank = in.byte();
    if (head.version < 2 || rank == 0 || rank > 32)
        in.wrong("number of dimensions");
    if (head.version == 2)
        in.skip(3);
    std::uint64_t entries = 1;
    for (std::uint64_t i = 0; i < rank; ++i)
        entries = multiplied(entries, in.number(4), "a datatype");
    if (head.version == 2)
        in.skip(4 * rank);
    const Type base = typeAt(in, depth + 1);
    if (multiplied(entries, base.size, "a datatype") != head.size)
        in.wrong("size");
}

void checkVariable(Cursor& in, const Head& head, int depth)
{
    const Type base = typeAt(in, depth + 1);
    const bool text = (head.bits & 0xfU) == 1;
    if ((head.bits & 0xfU) > 1 || head.size != 16 || (text && base.size != 1))
        in.wrong("form");
}

Type typeAt(Cursor& in, int depth)
{
    if (depth > kDeepest)
        damaged("a datatype is nested too deeply");
    const std::uint64_t first = in.byte();
    const Head head {static_cast<unsigned>(first & 0xfU), static_cast<unsigned>(first >> 4U), in.number(3),
                     in.number(4)};
    if (head.version < 1 || head.version > 3)
        in.wrong("version");
    if (head.size == 0)
        in.wrong("size");
    switch (head.kind) {
    case kInteger:
    case kBits:
        checkInteger(in, head);
        break;
    case kFloat:
        checkFloat(in, head);
        break;
    case kText:
        if ((head.bits & 0xfU) > 2 || (head.bits >> 4U & 0xfU) > 1)
            in.wrong("form");
        break;
    case kOpaque:
        in.skip(head.bits & 0xffU); // its tag
        break;
    case kCompound:
        checkCompound(in, head, depth);
        break;
    case kReference:
        if ((head.bits & 0xfU) > 1 || head.size != ((head.bits & 0xfU) == 0 ? 8U : 12U))
            in.wrong("form");
        break;
    case kEnum:
        checkEnum(in, head, depth);
        break;
    case kVariable:
        checkVariable(in, head, depth);
        break;
    case kArray:
        checkArray(in, head, depth);
        break;
    default:
        in.wrong("class");
    }
    return {head.kind, head.size};
}

} // namespace

Type parseType(std::string_view bytes)
{
    Cursor in(bytes, "a datatype");
    return typeAt(in, 0);
}

} // namespace rnnscope::zoo::hdf5
