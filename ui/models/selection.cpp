#include "ui/models/selection.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace rnnscope::ui {

Selection::Selection(QObject* parent)
    : QObject(parent)
{
}

bool Selection::contains(Id id) const
{
    return std::binary_search(m_ids.begin(), m_ids.end(), id);
}

void Selection::set(std::vector<Id> ids)
{
    apply(std::move(ids), m_current);
}

void Selection::select(Id id)
{
    apply({id}, id);
}

void Selection::toggle(Id id)
{
    auto ids = m_ids;
    const auto at = std::lower_bound(ids.begin(), ids.end(), id);
    if (at != ids.end() && *at == id) {
        ids.erase(at);
        return apply(std::move(ids), m_current);
    }
    ids.insert(at, id);
    apply(std::move(ids), id);
}

void Selection::add(const std::vector<Id>& ids)
{
    auto all = m_ids;
    all.insert(all.end(), ids.begin(), ids.end());
    apply(std::move(all), m_current);
}

void Selection::subtract(const std::vector<Id>& ids)
{
    auto sorted = ids;
    std::sort(sorted.begin(), sorted.end());
    std::vector<Id> rest;
    std::set_difference(m_ids.begin(), m_ids.end(), sorted.begin(), sorted.end(), std::back_inserter(rest));
    apply(std::move(rest), m_current);
}

void Selection::clear()
{
    apply({}, std::nullopt);
}

void Selection::setHovered(std::optional<Id> id)
{
    if (id == m_hovered)
        return;
    m_hovered = id;
    Q_EMIT hoverChanged();
}

void Selection::apply(std::vector<Id> ids, std::optional<Id> current)
{
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    if (ids.empty())
        current.reset();
    else if (!current || !std::binary_search(ids.begin(), ids.end(), *current))
        current = ids.front();
    if (ids == m_ids && current == m_current)
        return; // stops view→selection→view loops
    m_ids = std::move(ids);
    m_current = current;
    Q_EMIT changed();
}

} // namespace rnnscope::ui
