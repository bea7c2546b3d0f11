#include "core/weights/pickle.h"
#include "core/weights/pickle_machine.h"

#include <algorithm>
#include <fmt/format.h>
#include <new>
#include <stdexcept>

// The opcodes that make containers and note calls.
namespace rnnscope::weights {

namespace {

/// Python's own rule for names is wider; what it leaves out here is no module of anybody's.
bool isDottedName(std::string_view name)
{
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.'
            || c == '<' || c == '>' || c == '-' || byte >= 0x80;
    });
}

} // namespace

bool PickleMachine::container(PickleOp op)
{
    switch (op) {
    case PickleOp::EmptyTuple:
        return pushTuple({}), true;
    case PickleOp::Tuple1:
        return pushTuple(takeLast(1)), true;
    case PickleOp::Tuple2:
        return pushTuple(takeLast(2)), true;
    case PickleOp::Tuple3:
        return pushTuple(takeLast(3)), true;
    case PickleOp::Tuple:
        return pushTuple(takeToMark()), true;
    case PickleOp::EmptyList:
        return pushNew({.kind = PickleKind::List}), true;
    case PickleOp::List:
        return pushNew({.kind = PickleKind::List, .parts = takeToMark()}), true;
    case PickleOp::EmptySet:
        return pushNew({.kind = PickleKind::Set}), true;
    case PickleOp::FrozenSet:
        return pushNew({.kind = PickleKind::Set, .parts = takeToMark()}), true;
    case PickleOp::EmptyDict:
        return pushNew({.kind = PickleKind::Dict}), true;
    case PickleOp::Dict: {
        auto parts = takeToMark();
        pushNew({.kind = PickleKind::Dict});
        return insert(PickleKind::Dict, parts), true;
    }
    default:
        return false;
    }
}

bool PickleMachine::insertion(PickleOp op)
{
    switch (op) {
    case PickleOp::Append:
        return insert(PickleKind::List, takeLast(1)), true;
    case PickleOp::Appends:
        return insert(PickleKind::List, takeToMark()), true;
    case PickleOp::AddItems:
        return insert(PickleKind::Set, takeToMark()), true;
    case PickleOp::SetItem:
        return insert(PickleKind::Dict, takeLast(2)), true;
    case PickleOp::SetItems:
        return insert(PickleKind::Dict, takeToMark()), true;
    default:
        return false;
    }
}

void PickleMachine::insert(PickleKind kind, const std::vector<PickleId>& parts)
{
    PickleId target = top();
    if (m_pickle[target].kind == PickleKind::Call) {
        if (m_pickle[target].parts[kItems] == kNothing) {
            const PickleId items = make({.kind = kind});
            m_pickle.values[target].parts[kItems] = items;
        }
        target = m_pickle[target].parts[kItems];
    }
    if (m_pickle[target].kind != kind)
        throw PickleFault {"puts a value into what is no container for it"};
    if (kind == PickleKind::Dict && parts.size() % 2 != 0)
        throw PickleFault {"has a key without a value"};
    auto& into = m_pickle.values[target].parts;
    into.insert(into.end(), parts.begin(), parts.end());
}

bool PickleMachine::call(PickleOp op)
{
    switch (op) {
    case PickleOp::Global: {
        const auto module = m_bytes.line();
        return global(module, m_bytes.line()), true;
    }
    case PickleOp::StackGlobal:
        return stackGlobal(), true;
    case PickleOp::Inst: {
        const auto module = m_bytes.line();
        const auto name = m_bytes.line();
        auto arguments = takeToMark();
        global(module, name);
        const PickleId callee = take();
        return pushCall(callee, make({.kind = PickleKind::Tuple, .parts = std::move(arguments)})), true;
    }
    case PickleOp::Obj:
        return object(), true;
    case PickleOp::Reduce:
    case PickleOp::NewObj: {
        const auto taken = takeLast(2);
        return pushCall(taken[0], taken[1]), true;
    }
    case PickleOp::NewObjEx:
        return keywordObject(), true;
    case PickleOp::Build:
        return build(), true;
    case PickleOp::PersId: {
        const PickleId id = make({.kind = PickleKind::Text, .text = m_bytes.line()});
        return pushNew({.kind = PickleKind::Persistent, .parts = {id}}), true;
    }
    case PickleOp::BinPersId:
        return pushNew({.kind = PickleKind::Persistent, .parts = takeLast(1)}), true;
    default:
        return false;
    }
}

void PickleMachine::global(std::string_view module, std::string_view name)
{
    if (module.size() + name.size() > kLongestGlobal)
        throw PickleFault {fmt::format("names something by over {} characters", kLongestGlobal)};
    if (!isDottedName(module) || !isDottedName(name))
        throw PickleFault {"names something that cannot be a name"};
    const auto& full = m_pickle.texts.emplace_back(fmt::format("{}.{}", module, name));
    pushNew({.kind = PickleKind::Global, .text = full});
    m_pickle.globals.push_back(top());
}

void PickleMachine::stackGlobal()
{
    const auto taken = takeLast(2);
    const PickleValue& module = m_pickle[taken[0]];
    const PickleValue& name = m_pickle[taken[1]];
    if (module.kind != PickleKind::Text || name.kind != PickleKind::Text)
        throw PickleFault {"names something by what is not text"};
    global(module.text, name.text);
}

void PickleMachine::object()
{
    auto taken = takeToMark();
    if (taken.empty())
        throw PickleFault {"takes a value where there is none"};
    const PickleId callee = taken.front();
    taken.erase(taken.begin());
    pushCall(callee, make({.kind = PickleKind::Tuple, .parts = std::move(taken)}));
}

void PickleMachine::keywordObject()
{
    const auto taken = takeLast(3); // class, arguments, keywords
    if (m_pickle[taken[2]].kind != PickleKind::Dict)
        throw PickleFault {"makes an object with keywords that are none"};
    pushCall(taken[0], taken[1]);
}

void PickleMachine::build()
{
    const PickleId state = take();
    PickleValue& target = m_pickle.values[top()];
    if (target.kind != PickleKind::Call)
        throw PickleFault {"gives a state to what has none"};
    target.parts[kState] = state;
}

void PickleMachine::pushTuple(std::vector<PickleId> parts)
{
    pushNew({.kind = PickleKind::Tuple, .parts = std::move(parts)});
}

void PickleMachine::pushCall(PickleId callee, PickleId arguments)
{
    if (m_pickle[arguments].kind != PickleKind::Tuple)
        throw PickleFault {"calls something with what are no arguments"};
    PickleValue call {.kind = PickleKind::Call, .parts = std::vector<PickleId>(kCallParts, kNothing)};
    call.parts[kCallee] = callee;
    call.parts[kArguments] = arguments;
    pushNew(std::move(call));
}

bool PickleMachine::refused(PickleOp op) const
{
    switch (op) {
    case PickleOp::Ext1:
    case PickleOp::Ext2:
    case PickleOp::Ext4:
        throw PickleFault {"needs a class of Python's extension registry, which a weight file has no business with"};
    case PickleOp::NextBuffer:
    case PickleOp::ReadonlyBuffer:
        throw PickleFault {"needs out-of-band buffers, which a weight file has no business with"};
    default:
        return false;
    }
}

Pickle parsePickle(std::string_view bytes)
{
    Pickle pickle;
    try {
        PickleMachine(bytes.substr(0, kMostPickleBytes), pickle).run();
    } catch (const PickleFault& fault) {
        pickle.fault = fault.what;
        pickle.cutShort = fault.cutShort;
        if (fault.cutShort && bytes.size() > kMostPickleBytes)
            pickle.fault = fmt::format("has over {} bytes", kMostPickleBytes);
    } catch (const std::bad_alloc&) {
        pickle.fault = "does not fit into memory";
    } catch (const std::length_error&) {
        pickle.fault = "does not fit into memory";
    }
    return pickle;
}

} // namespace rnnscope::weights
