#include "core/weights/pickle_machine.h"

#include "core/weights/pickle.h"

#include <charconv>
#include <fmt/format.h>
#include <optional>

namespace rnnscope::weights {

namespace {

constexpr std::uint64_t kNewestProtocol = 5;

std::optional<std::int64_t> decimal(std::string_view digits)
{
    std::int64_t value = 0;
    const char* end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, value);
    return read.ec == std::errc() && read.ptr == end ? std::optional(value) : std::nullopt;
}

bool isDecimal(std::string_view text)
{
    if (text.starts_with('-'))
        text.remove_prefix(1);
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool isFloatText(std::string_view text)
{
    return !text.empty() && text.find_first_not_of("0123456789+-.eEnaif") == std::string_view::npos;
}

std::uint64_t memoIndex(std::string_view line)
{
    const auto index = decimal(line);
    if (!index || *index < 0)
        throw PickleFault {"has a memo entry that is not numbered"};
    return static_cast<std::uint64_t>(*index);
}

} // namespace

PickleMachine::PickleMachine(std::string_view bytes, Pickle& pickle)
    : m_pickle(pickle)
    , m_bytes(bytes)
{
}

void PickleMachine::run()
{
    for (;; ++m_pickle.operations) {
        if (m_pickle.operations == kMostPickleOperations)
            throw PickleFault {fmt::format("has over {} instructions", kMostPickleOperations)};
        const auto op = static_cast<PickleOp>(m_bytes.unsignedNumber(1));
        if (op == PickleOp::Stop)
            break;
        if (!(memo(op) || text(op) || number(op) || container(op) || insertion(op) || stack(op) || call(op)
              || refused(op)))
            throw PickleFault {fmt::format("has the unknown instruction 0x{:02x} at byte {}", static_cast<int>(op),
                                           m_bytes.position() - 1)};
    }
    m_pickle.root = take();
    m_pickle.size = m_bytes.position();
}

bool PickleMachine::number(PickleOp op)
{
    const auto integer = [&](std::int64_t value) { pushNew({.kind = PickleKind::Integer, .number = value}); };
    const auto boolean = [&](bool value) { pushNew({.kind = PickleKind::Boolean, .number = value ? 1 : 0}); };
    switch (op) {
    case PickleOp::None:
        return push(kNothing), true;
    case PickleOp::NewTrue:
        return boolean(true), true;
    case PickleOp::NewFalse:
        return boolean(false), true;
    case PickleOp::Int:
        return integerLine(m_bytes.line()), true;
    case PickleOp::Long: {
        auto digits = m_bytes.line();
        if (digits.ends_with('L'))
            digits.remove_suffix(1);
        return bigInteger(digits), true;
    }
    case PickleOp::BinInt:
        return integer(m_bytes.signedNumber(4)), true;
    case PickleOp::BinInt1:
        return integer(static_cast<std::int64_t>(m_bytes.unsignedNumber(1))), true;
    case PickleOp::BinInt2:
        return integer(static_cast<std::int64_t>(m_bytes.unsignedNumber(2))), true;
    case PickleOp::Long1:
    case PickleOp::Long4: {
        const auto width = m_bytes.unsignedNumber(op == PickleOp::Long1 ? 1 : 4);
        if (width <= sizeof(std::int64_t))
            return integer(m_bytes.signedNumber(width)), true;
        return pushNew({.kind = PickleKind::BigInteger, .text = m_bytes.take(width)}), true;
    }
    case PickleOp::Float:
        if (!isFloatText(m_bytes.line()))
            throw PickleFault {"has a number that is none"};
        return pushNew({.kind = PickleKind::Other}), true;
    case PickleOp::BinFloat:
        m_bytes.take(sizeof(double));
        return pushNew({.kind = PickleKind::Other}), true;
    default:
        return false;
    }
}

void PickleMachine::integerLine(std::string_view line)
{
    if (line == "00" || line == "01")
        pushNew({.kind = PickleKind::Boolean, .number = line == "01" ? 1 : 0});
    else
        bigInteger(line);
}

void PickleMachine::bigInteger(std::string_view digits)
{
    if (const auto value = decimal(digits))
        pushNew({.kind = PickleKind::Integer, .number = *value});
    else if (isDecimal(digits))
        pushNew({.kind = PickleKind::BigInteger, .text = digits});
    else
        throw PickleFault {"has a number that is none"};
}

bool PickleMachine::text(PickleOp op)
{
    const auto view = [&](std::string_view bytes) { pushNew({.kind = PickleKind::Text, .text = bytes}); };
    const auto owned = [&](std::string decoded) { view(m_pickle.texts.emplace_back(std::move(decoded))); };
    const auto dropped = [&](std::size_t width) {
        m_bytes.counted(width);
        pushNew({.kind = PickleKind::Other});
    };
    switch (op) {
    case PickleOp::ShortBinString:
    case PickleOp::ShortBinUnicode:
        return view(m_bytes.counted(1)), true;
    case PickleOp::BinString:
    case PickleOp::BinUnicode:
        return view(m_bytes.counted(4)), true;
    case PickleOp::BinUnicode8:
        return view(m_bytes.counted(8)), true;
    case PickleOp::String:
        return owned(unquoted(m_bytes.line())), true;
    case PickleOp::Unicode:
        return owned(fromRawUnicodeEscape(m_bytes.line())), true;
    case PickleOp::ShortBinBytes:
        return dropped(1), true;
    case PickleOp::BinBytes:
        return dropped(4), true;
    case PickleOp::BinBytes8:
    case PickleOp::ByteArray8:
        return dropped(8), true;
    default:
        return false;
    }
}

bool PickleMachine::stack(PickleOp op)
{
    switch (op) {
    case PickleOp::Mark:
        m_marks.push_back(m_stack.size());
        return true;
    case PickleOp::Pop:
        return pop(), true;
    case PickleOp::PopMark:
        return takeToMark(), true;
    case PickleOp::Dup:
        return push(top()), true;
    case PickleOp::Proto:
        if (m_bytes.unsignedNumber(1) > kNewestProtocol)
            throw PickleFault {fmt::format("is of a protocol after {}", kNewestProtocol)};
        return true;
    case PickleOp::Frame:
        return m_bytes.checkFrame(m_bytes.unsignedNumber(8)), true;
    default:
        return false;
    }
}

void PickleMachine::pop()
{
    if (!m_marks.empty() && m_marks.back() == m_stack.size())
        m_marks.pop_back();
    else
        take();
}

bool PickleMachine::memo(PickleOp op)
{
    switch (op) {
    case PickleOp::Put:
        return put(memoIndex(m_bytes.line())), true;
    case PickleOp::BinPut:
        return put(m_bytes.unsignedNumber(1)), true;
    case PickleOp::LongBinPut:
        return put(m_bytes.unsignedNumber(4)), true;
    case PickleOp::Memoize:
        return put(m_memo.size()), true;
    case PickleOp::Get:
        return get(memoIndex(m_bytes.line())), true;
    case PickleOp::BinGet:
        return get(m_bytes.unsignedNumber(1)), true;
    case PickleOp::LongBinGet:
        return get(m_bytes.unsignedNumber(4)), true;
    default:
        return false;
    }
}

void PickleMachine::put(std::uint64_t index)
{
    m_memo.insert_or_assign(index, top());
    if (m_memo.size() > kMostPickleValues)
        throw PickleFault {fmt::format("remembers over {} values", kMostPickleValues)};
}

void PickleMachine::get(std::uint64_t index)
{
    const auto found = m_memo.find(index);
    if (found == m_memo.end())
        throw PickleFault {"refers to a value that it has not named"};
    push(found->second);
}

PickleId PickleMachine::make(PickleValue value)
{
    if (m_pickle.values.size() >= kMostPickleValues)
        throw PickleFault {fmt::format("has over {} values", kMostPickleValues)};
    m_pickle.values.push_back(std::move(value));
    return static_cast<PickleId>(m_pickle.values.size() - 1);
}

void PickleMachine::push(PickleId id)
{
    m_stack.push_back(id);
}

PickleId PickleMachine::top() const
{
    if (m_stack.size() <= floorOfMark())
        throw PickleFault {"takes a value where there is none"};
    return m_stack.back();
}

PickleId PickleMachine::take()
{
    const PickleId id = top();
    m_stack.pop_back();
    return id;
}

std::vector<PickleId> PickleMachine::takeLast(std::size_t count)
{
    if (m_stack.size() - floorOfMark() < count)
        throw PickleFault {"takes a value where there is none"};
    const auto first = m_stack.end() - static_cast<std::ptrdiff_t>(count);
    std::vector<PickleId> taken(first, m_stack.end());
    m_stack.erase(first, m_stack.end());
    return taken;
}

std::vector<PickleId> PickleMachine::takeToMark()
{
    if (m_marks.empty())
        throw PickleFault {"looks for a mark that it has not set"};
    auto taken = takeLast(m_stack.size() - m_marks.back());
    m_marks.pop_back();
    return taken;
}

} // namespace rnnscope::weights
