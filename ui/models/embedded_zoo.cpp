#include "ui/models/embedded_zoo.h"

#include <algorithm>

namespace rnnscope::ui {

NetworkPlace placeOf(const EmbeddedZoo& shown, std::size_t row)
{
    const auto& members = shown.members;
    const auto after = std::upper_bound(members.begin(), members.end(), row,
                                        [](std::size_t wanted, const Member& each) { return wanted < each.first; });
    if (after == members.begin())
        return {shown, row, nullptr};
    const auto& member = *std::prev(after);
    if (!member.part)
        return {shown, row, &member};
    return {*member.part, row - member.first, &member};
}

std::optional<std::size_t> rowOnMap(const EmbeddedZoo& shown, const zoo::Zoo* zoo, std::size_t row)
{
    if (shown.members.empty())
        return shown.zoo.get() == zoo && row < shown.zoo->size ? std::optional(row) : std::nullopt;
    for (const auto& member : shown.members)
        if (member.zoo.get() == zoo && row < member.zoo->size)
            return member.first + row;
    return std::nullopt;
}

std::vector<std::shared_ptr<const zoo::Zoo>> zoosOf(const EmbeddedZoo& shown)
{
    if (shown.members.empty())
        return {shown.zoo};
    std::vector<std::shared_ptr<const zoo::Zoo>> zoos;
    for (const auto& member : shown.members)
        zoos.push_back(member.zoo);
    return zoos;
}

} // namespace rnnscope::ui
