#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

/// What a pickle says, as a graph of plain values. Nothing in it was called or imported: names of globals are text and
/// calls are notes of what was to be called with what.
namespace rnnscope::weights {

enum class PickleKind : std::uint8_t {
    None,
    Boolean,
    Integer, ///< that fits 64 bits
    BigInteger,
    Other, ///< floats and bytes; their values are not kept
    Text,
    Tuple,
    List,
    Set,
    Dict,
    Global,
    Call,
    Persistent ///< something outside the pickle: parts[0] is its id
};

/// Index into Pickle::values. 0 is a None, so it also stands for nothing.
using PickleId = std::uint32_t;
inline constexpr PickleId kNothing = 0;

struct PickleValue
{
    PickleKind kind = PickleKind::None;
    std::int64_t number = 0; ///< Integer, Boolean
    /// Text. Global: module and name joined by a dot. BigInteger: little-endian bytes or decimal digits.
    std::string_view text {};
    /// Entries of a Tuple, List or Set; of a Dict key, value, key, value…; of a Call see PickleCall.
    std::vector<PickleId> parts {};
};

/// Places in the parts of a Call.
enum PickleCall : std::uint8_t {
    kCallee,
    kArguments,
    kState, ///< what BUILD handed over
    kItems, ///< List or Dict of what was appended or set on the result
    kCallParts
};

/// A parsed pickle. Texts point into the bytes that it was parsed from, which must outlive it.
struct Pickle
{
    std::deque<PickleValue> values {PickleValue {}};
    std::deque<std::string> texts; ///< those that are not in the bytes as they stand
    std::vector<PickleId> globals; ///< as they were named
    PickleId root = kNothing;
    std::size_t size = 0; ///< bytes up to and with STOP
    std::size_t operations = 0;
    std::string fault; ///< empty when all was well; else a sentence's end: "ends in the middle of a number"
    bool cutShort = false; ///< the fault is that the bytes end

    const PickleValue& operator[](PickleId id) const { return values[id]; }
    /// The n-th part, kNothing when there are fewer.
    PickleId part(PickleId id, std::size_t n) const
    {
        const auto& parts = values[id].parts;
        return n < parts.size() ? parts[n] : kNothing;
    }
    bool isText(PickleId id, std::string_view text) const
    {
        return values[id].kind == PickleKind::Text && values[id].text == text;
    }
};

} // namespace rnnscope::weights
