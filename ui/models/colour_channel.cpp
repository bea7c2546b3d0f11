#include "ui/models/colour_channel.h"

#include "ui/models/fields.h"
#include "ui/plots/zoo_marks.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace rnnscope::ui {

namespace {

constexpr qsizetype kMostCategories = 8; ///< Okabe-Ito has no more

void setRange(ColourChannel& channel)
{
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (const double value : channel.values) {
        if (!std::isfinite(value))
            continue;
        low = std::min(low, value);
        high = std::max(high, value);
    }
    channel.low = low <= high ? low : 0.0;
    channel.high = low <= high ? std::max(high, low + 1e-9) : 1.0;
}

/// In the order of zooField's categories.
std::vector<CategoryMark> zooMarks(const EmbeddedZoo& embedded)
{
    std::vector<CategoryMark> marks;
    for (const auto& member : embedded.members)
        if (!member.dropped || marks.empty() || marks.back().shape != kStarShape)
            marks.push_back(member.dropped ? CategoryMark {droppedColour().rgb(), kStarShape}
                                           : CategoryMark {zooColour(member.number).rgb(), zooShape(member.number)});
    return marks;
}

} // namespace

ColourChannel colourChannel(const EmbeddedZoo& embedded, const QString& id)
{
    Field field = fieldOf(embedded, id);
    ColourChannel channel {.title = field.title, .values = std::move(field.values), .categories = {}};
    if (field.kind == zoo::PropertyKind::Circular && field.period > 0.0) {
        channel.scale = ColourChannel::Scale::Cyclic;
        channel.low = 0.0;
        channel.high = field.period;
        return channel;
    }
    const bool named = !field.categories.isEmpty();
    const bool zoos = id == QLatin1String("zoo");
    if (named && (zoos || field.categories.size() <= kMostCategories)) {
        channel.scale = ColourChannel::Scale::Categorical;
        channel.categories = field.categories;
        if (zoos)
            channel.marks = zooMarks(embedded);
        return channel;
    }
    if (id.endsWith(QLatin1String(":step"))) { // snapshots lie at roughly even steps of the logarithm
        channel.title += QStringLiteral(", log₁₀");
        for (double& value : channel.values)
            value = std::log10(1.0 + std::max(value, 0.0));
    }
    setRange(channel);
    const bool whole = id == QLatin1String("trust") || id.endsWith(QLatin1String("accuracy"));
    if (whole && std::isfinite(field.range.highest)) { // the same colours whatever the zoo
        channel.low = field.range.lowest;
        channel.high = field.range.highest;
    } else if (id.startsWith(QLatin1String("error:"))) {
        channel.low = 0.0;
    }
    return channel;
}

} // namespace rnnscope::ui
