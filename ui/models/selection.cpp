#include "ui/models/selection.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <utility>

namespace rnnscope::ui {

namespace {

std::vector<Selection::Id> sortedUnique(std::vector<Selection::Id> ids)
{
    if (std::adjacent_find(ids.begin(), ids.end(), std::greater_equal<>()) == ids.end())
        return ids; // they mostly are, and there may be a million
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return ids;
}

} // namespace

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

void Selection::set(std::vector<Id> ids, std::optional<Id> current)
{
    apply(std::move(ids), current);
}

void Selection::select(Id id)
{
    apply({id}, id);
}

void Selection::toggle(Id id)
{
    if (contains(id))
        subtract({id});
    else {
        auto ids = m_ids;
        ids.push_back(id);
        apply(std::move(ids), id);
    }
}

void Selection::add(const std::vector<Id>& ids)
{
    auto all = m_ids;
    all.insert(all.end(), ids.begin(), ids.end());
    apply(std::move(all), m_current);
}

void Selection::subtract(const std::vector<Id>& ids)
{
    const auto gone = sortedUnique(ids);
    std::vector<Id> left;
    std::set_difference(m_ids.begin(), m_ids.end(), gone.begin(), gone.end(), std::back_inserter(left));
    apply(std::move(left), m_current);
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
    ids = sortedUnique(std::move(ids));
    if (!current || !std::binary_search(ids.begin(), ids.end(), *current))
        current = ids.empty() ? std::nullopt : std::optional<Id>(ids.front());
    if (ids == m_ids && current == m_current)
        return; // stops view -> selection -> view loops
    m_ids = std::move(ids);
    m_current = current;
    Q_EMIT changed();
}

std::vector<Selection::Id> comparedIds(const Selection& selection)
{
    const auto& all = selection.ids();
    std::vector<Selection::Id> first(all.begin(),
                                     all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), kMostCompared)));
    if (selection.current() && *selection.current() > first.back())
        first.back() = *selection.current();
    return first;
}

} // namespace rnnscope::ui
