#include "core/zoo/permuted_zoo.h"
#include "ui/models/session_private.h"

#include <algorithm>
#include <map>

namespace rnnscope::ui {

void Session::addPermuted(const std::vector<std::size_t>& rows)
{
    const auto shown = m_d->embedded;
    if (!shown)
        return;
    std::map<Private::ZooPtr, std::vector<std::size_t>> chosen; // by zoo, without copies of copies
    for (const std::size_t row : rows) {
        if (row >= shown->zoo->size)
            continue;
        const auto place = placeOf(*shown, row);
        const auto isCopy = [&](const PermutedCopies& each) { return each.zoo == place.embedded.zoo; };
        if (std::ranges::none_of(m_d->permuted, isCopy))
            chosen[place.embedded.zoo].push_back(place.row);
    }
    removePermuted();
    std::vector<Private::ZooPtr> arrivals;
    constexpr std::uint64_t kSeed = 1; // the same copies each time
    for (const auto& [zoo, own] : chosen) {
        const auto copies = zoo::permutedCopies(*zoo, own, kSeed);
        if (!copies) {
            m_d->report(copies.error());
            continue;
        }
        m_d->dropped.push_back({.zoo = *copies, .reports = {}});
        m_d->giveNumber(*copies);
        m_d->permuted.push_back({.zoo = *copies, .of = zoo, .rows = own});
        arrivals.push_back(*copies);
    }
    if (arrivals.empty())
        return;
    Q_EMIT filesChanged();
    m_d->place(arrivals);
}

void Session::removePermuted()
{
    for (const auto& each : std::vector(m_d->permuted))
        close(each.zoo);
}

const std::vector<PermutedCopies>& Session::permuted() const
{
    return m_d->permuted;
}

} // namespace rnnscope::ui
