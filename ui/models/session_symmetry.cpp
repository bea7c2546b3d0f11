#include "core/zoo/permuted_zoo.h"
#include "ui/models/session_private.h"

#include <algorithm>
#include <map>
#include <utility>

namespace rnnscope::ui {

namespace {

struct Copied
{
    std::vector<PermutedCopies> copies;
    std::vector<Error> errors; ///< of zoos that could not be read
};

/// `wanted` without copies.
Result<Copied> copied(const std::vector<PermutedCopies>& wanted, const std::stop_token& stop)
{
    constexpr std::uint64_t kSeed = 1; // the same copies each time
    Copied made;
    for (const auto& each : wanted) {
        const auto zoo = zoo::permutedCopies(*each.of, each.rows, kSeed, stop);
        if (zoo)
            made.copies.push_back({.zoo = *zoo, .of = each.of, .rows = each.rows});
        else if (zoo.error().code == Errc::Cancelled)
            return forward(zoo);
        else
            made.errors.push_back(zoo.error());
    }
    return made;
}

} // namespace

void Session::addPermuted(const std::vector<std::size_t>& rows)
{
    const auto shown = m_d->embedded;
    if (!shown)
        return;
    m_d->opening.drop(m_d->copyJob);
    std::map<Private::ZooPtr, std::vector<std::size_t>> chosen; // by zoo, without copies of copies
    for (const std::size_t row : rows) {
        if (row >= shown->zoo->size)
            continue;
        const auto place = placeOf(*shown, row);
        const auto isCopy = [&](const PermutedCopies& each) { return each.zoo == place.embedded.zoo; };
        if (std::ranges::none_of(m_d->permuted, isCopy))
            chosen[place.embedded.zoo].push_back(place.row);
    }
    if (chosen.empty())
        return removePermuted();
    std::vector<PermutedCopies> wanted;
    for (auto& [zoo, own] : chosen)
        wanted.push_back({.zoo = nullptr, .of = zoo, .rows = std::move(own)});
    const auto work = [wanted = std::move(wanted)](JobContext& context) { return copied(wanted, context.stop()); };
    m_d->copyJob = m_d->opening.run(this, {}, work, [this](const Result<Copied>& made) {
        if (!made)
            return m_d->report(made.error());
        for (const auto& error : made->errors)
            m_d->report(error);
        m_d->takePermuted(made->copies);
    });
}

/// But those of what was closed meanwhile.
void Session::Private::takePermuted(const std::vector<PermutedCopies>& copies)
{
    q.removePermuted();
    std::vector<ZooPtr> arrivals;
    for (const auto& each : copies) {
        if (!isOpen(each.of) && !isDropped(each.of))
            continue;
        dropped.push_back({.zoo = each.zoo, .reports = {}});
        giveNumber(each.zoo);
        permuted.push_back(each);
        arrivals.push_back(each.zoo);
    }
    if (arrivals.empty())
        return;
    Q_EMIT q.filesChanged();
    place(arrivals);
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
