#include "ui/models/history.h"

#include <QScopedValueRollback>

#include <chrono>
#include <utility>

namespace rnnscope::ui {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kMost = 60; // steps
constexpr std::chrono::milliseconds kOneGo {1200};

enum Kind { Selecting = 1, Filtering = 2, Settings = 4 };

int difference(const ViewState& a, const ViewState& b)
{
    const bool sameSelection = a.current == b.current && *a.selected == *b.selected;
    const bool sameColours = a.colour == b.colour && a.clip == b.clip;
    const bool samePoints = sameColours && a.size == b.size && a.shape == b.shape;
    const bool sameSettings = samePoints && a.map == b.map && a.checkpoint == b.checkpoint;
    return (sameSelection ? 0 : Selecting) | (a.filter == b.filter ? 0 : Filtering) | (sameSettings ? 0 : Settings);
}

QString textOf(const ViewState& before, const ViewState& after, int kind)
{
    if (kind == Filtering)
        return after.filter == Filter::State {} ? QObject::tr("Clear Filters") : QObject::tr("Filter");
    if (kind == Settings)
        return before.checkpoint != after.checkpoint ? QObject::tr("Encoder")
            : before.map != after.map                ? QObject::tr("Projection")
            : before.size != after.size              ? QObject::tr("Point Size")
            : before.shape != after.shape            ? QObject::tr("Point Shape")
            : before.colour != after.colour          ? QObject::tr("Colour")
                                                     : QObject::tr("Colour Range");
    return after.selected->empty() ? QObject::tr("Select None") : QObject::tr("Selection");
}

} // namespace

bool operator==(const ViewState& a, const ViewState& b)
{
    return difference(a, b) == 0;
}

class History::Step : public QUndoCommand
{
public:
    Step(History& history, ViewState before, ViewState after)
        : m_history(history)
        , m_before(std::move(before))
        , m_after(std::move(after))
        , m_kind(difference(m_before, m_after))
    {
        setText(textOf(m_before, m_after, m_kind));
    }

    int id() const override { return m_kind == Filtering ? Filtering : -1; }
    bool mergeWith(const QUndoCommand* other) override
    {
        const auto& next = *static_cast<const Step*>(other);
        if (next.m_made - m_made > kOneGo || next.m_after.filter == Filter::State {})
            return false;
        m_after = next.m_after;
        m_made = next.m_made;
        return true;
    }
    void undo() override { m_history.show(m_before); }
    void redo() override
    {
        if (std::exchange(m_new, false))
            return; // it has been done
        m_history.show(m_after);
    }

private:
    History& m_history;
    ViewState m_before;
    ViewState m_after;
    int m_kind;
    Clock::time_point m_made = Clock::now();
    bool m_new = true;
};

History::History(Read read, Apply apply, QObject* parent)
    : QObject(parent)
    , m_read(std::move(read))
    , m_apply(std::move(apply))
    , m_last(m_read())
{
    m_stack.setUndoLimit(kMost);
}

void History::note()
{
    if (m_showing || std::exchange(m_noted, true))
        return;
    QMetaObject::invokeMethod(
        this, [this] { record(); }, Qt::QueuedConnection);
}

void History::record()
{
    if (!std::exchange(m_noted, false))
        return;
    auto now = m_read();
    if (now == m_last)
        return;
    auto before = std::exchange(m_last, now);
    m_stack.push(new Step(*this, std::move(before), std::move(now)));
}

void History::rebase()
{
    m_noted = false;
    m_last = m_read();
}

void History::forget()
{
    m_stack.clear();
    rebase();
}

void History::show(const ViewState& state)
{
    const QScopedValueRollback showing(m_showing, true);
    m_noted = false;
    m_apply(state);
    m_last = m_read();
}

} // namespace rnnscope::ui
