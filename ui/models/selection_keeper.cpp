#include "ui/models/selection_keeper.h"

#include <utility>

namespace rnnscope::ui {

SelectionKeeper::SelectionKeeper(Session& session, Selection& selection, QObject* parent)
    : QObject(parent)
    , m_session(session)
    , m_selection(selection)
    , m_shown(session.embedded())
{
    connect(&session, &Session::embeddedChanged, this, &SelectionKeeper::carry);
    connect(&session, &Session::arrived, this, &SelectionKeeper::selectFirstOf);
}

void SelectionKeeper::selectFirstOf(std::shared_ptr<const zoo::Zoo> zoo)
{
    m_arriving = std::move(zoo);
    selectArrival();
}

void SelectionKeeper::carry()
{
    const auto shown = m_session.embedded();
    if (!shown) // until something is shown the rows mean what they meant
        return;
    const auto before = std::exchange(m_shown, shown);
    if (before && zoosOf(*before) != zoosOf(*shown)) {
        m_selection.setHovered(std::nullopt);
        const auto there = [&](Selection::Id id) -> std::optional<Selection::Id> {
            if (id >= before->zoo->size)
                return std::nullopt;
            const auto place = placeOf(*before, id);
            return rowOnMap(*shown, place.embedded.zoo.get(), place.row);
        };
        std::vector<Selection::Id> ids;
        for (const auto id : m_selection.ids())
            if (const auto row = there(id))
                ids.push_back(*row);
        const auto current = m_selection.current();
        m_selection.set(std::move(ids), current ? there(*current) : std::nullopt);
    }
    selectArrival();
}

void SelectionKeeper::selectArrival()
{
    const auto shown = m_session.embedded();
    const auto row = shown && m_arriving ? rowOnMap(*shown, m_arriving.get(), 0) : std::nullopt;
    if (!row || !placeOf(*shown, *row).embedded.complete)
        return;
    m_arriving.reset();
    m_selection.select(*row);
    Q_EMIT selectedArrival(*row);
}

} // namespace rnnscope::ui
