#pragma once

#include "core/weights/pickle_bytes.h"
#include "core/weights/pickle_opcodes.h"
#include "core/weights/pickle_value.h"

#include <unordered_map>

namespace rnnscope::weights {

/// The stack machine that pickles are written for, of which only the bookkeeping is done. Throws PickleFault.
class PickleMachine
{
public:
    PickleMachine(std::string_view bytes, Pickle& pickle);
    /// Up to STOP.
    void run();

private:
    // Each does the opcodes of its kind and returns false for others.
    bool number(PickleOp op);
    bool text(PickleOp op);
    bool stack(PickleOp op);
    bool memo(PickleOp op);
    bool container(PickleOp op);
    bool insertion(PickleOp op);
    bool call(PickleOp op);
    bool refused(PickleOp op) const;

    void integerLine(std::string_view line);
    void bigInteger(std::string_view bytes);
    void put(std::uint64_t index);
    void get(std::uint64_t index);
    void pop();
    void global(std::string_view module, std::string_view name);
    void stackGlobal();
    void build();
    void object();
    void keywordObject();
    /// Appends parts to the container on top of the stack, or to what a call on top would have made.
    void insert(PickleKind kind, const std::vector<PickleId>& parts);

    PickleId make(PickleValue value);
    void push(PickleId id);
    void pushNew(PickleValue value) { push(make(std::move(value))); }
    void pushTuple(std::vector<PickleId> parts);
    void pushCall(PickleId callee, PickleId arguments);
    PickleId top() const;
    PickleId take();
    std::vector<PickleId> takeLast(std::size_t count);
    std::vector<PickleId> takeToMark();
    std::size_t floorOfMark() const { return m_marks.empty() ? 0 : m_marks.back(); }

    Pickle& m_pickle;
    PickleBytes m_bytes;
    std::vector<PickleId> m_stack;
    std::vector<std::size_t> m_marks; ///< sizes of the stack when they were set
    std::unordered_map<std::uint64_t, PickleId> m_memo;
};

} // namespace rnnscope::weights
