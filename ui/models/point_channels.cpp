#include "ui/models/point_channels.h"

#include "ui/models/colour_channel.h"
#include "ui/models/fields.h"
#include "ui/plots/text.h"
#include "ui/plots/zoo_marks.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

namespace rnnscope::ui {

namespace {

constexpr auto kMost = static_cast<qsizetype>(kShapeCategories);

/// Whole numbers as categories, the least first.
void numberCategories(Field& field)
{
    std::set<double> distinct;
    for (const double value : field.values)
        if (std::isfinite(value) && distinct.insert(value).second && distinct.size() > kShapeCategories)
            return; // no categories
    for (const double value : distinct)
        field.categories << groupedNumber(std::llround(value));
    for (double& value : field.values)
        if (std::isfinite(value))
            value = static_cast<double>(std::distance(distinct.begin(), distinct.find(value)));
}

} // namespace

bool sizesPoints(const EmbeddedZoo& embedded, const QString& id)
{
    return !sizeChannel(embedded, id).values.empty();
}

SizeChannel sizeChannel(const EmbeddedZoo& embedded, const QString& id)
{
    auto numbers = colourChannel(embedded, id);
    const auto isFinite = [](double value) { return std::isfinite(value); };
    const auto first = std::find_if(numbers.values.begin(), numbers.values.end(), isFinite);
    const bool differ = std::any_of(first, numbers.values.end(),
                                    [&](double value) { return std::isfinite(value) && value != *first; });
    if (numbers.scale != ColourChannel::Scale::Sequential || !differ)
        return {};
    return {numbers.title, std::move(numbers.values), numbers.low, numbers.high};
}

bool shapesPoints(const EmbeddedZoo& embedded, const QString& id)
{
    return !shapeChannel(embedded, id).values.empty();
}

ShapeChannel shapeChannel(const EmbeddedZoo& embedded, const QString& id)
{
    auto field = fieldOf(embedded, id);
    if (field.categories.isEmpty() && field.kind == zoo::PropertyKind::Integer)
        numberCategories(field);
    if (field.categories.size() < 2 || field.categories.size() > kMost)
        return {};
    return {field.title, std::move(field.values), field.categories};
}

} // namespace rnnscope::ui
