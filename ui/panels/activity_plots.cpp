#include "ui/panels/activity_plots.h"

#include "ui/plots/text.h"

#include <QObject>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <utility>

namespace rnnscope::ui {

namespace {

/// Gates that open and close; the others can be negative.
bool isShare(StateKind kind)
{
    return isGate(kind) && kind != StateKind::Candidate && kind != StateKind::New;
}

std::vector<std::size_t> orderOf(std::span<const float> states, std::size_t units, bool sorted)
{
    if (sorted)
        return unitsByVariance(states, units);
    std::vector<std::size_t> order(units);
    std::iota(order.begin(), order.end(), 0);
    return order;
}

/// [H, T] in this order of units, from -1 to 1 or farther, white in the middle; shares from 0 to 1.
HeatMap mapOf(std::span<const float> states, const std::vector<std::size_t>& order, StateKind kind)
{
    const std::size_t steps = order.empty() ? 0 : states.size() / order.size();
    HeatMap map;
    map.columns = steps;
    float largest = 0.0F;
    for (const std::size_t unit : order) {
        map.rows << QString::number(unit);
        const auto row = states.subspan(unit * steps, steps);
        map.values.insert(map.values.end(), row.begin(), row.end());
        for (const float value : row)
            if (std::isfinite(value))
                largest = std::max(largest, std::abs(value));
    }
    if (isShare(kind))
        return map;
    map.map = ColourMap::Diverging;
    map.high = std::max(1.0, std::ceil(static_cast<double>(largest) - 1e-6));
    map.low = -map.high;
    return map;
}

HeatMap differenceOf(std::span<const float> a, std::span<const float> b, const std::vector<std::size_t>& order)
{
    std::vector<float> away;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
        away.push_back(a[i] - b[i]);
    return mapOf(away, order, StateKind::Hidden); // of which sign is what matters
}

} // namespace

QString stateTitle(StateKind kind)
{
    switch (kind) {
    case StateKind::Hidden:
        return QObject::tr("Hidden state");
    case StateKind::Cell:
        return QObject::tr("Cell state");
    case StateKind::Input:
        return QObject::tr("Input gate");
    case StateKind::Forget:
        return QObject::tr("Forget gate");
    case StateKind::Candidate:
        return QObject::tr("Cell candidate");
    case StateKind::Output:
        return QObject::tr("Output gate");
    case StateKind::Reset:
        return QObject::tr("Reset gate");
    case StateKind::Update:
        return QObject::tr("Update gate");
    case StateKind::New:
        return QObject::tr("New state");
    }
    return {};
}

std::vector<HeatMap> layerMaps(const Activity& activity, const ActivityTopic& topic)
{
    std::vector<HeatMap> maps;
    for (std::size_t layer = 0; layer < activity.layers; ++layer) {
        const auto states = activity.one(topic.kind, topic.sequence, layer);
        if (states.empty())
            continue;
        auto map = mapOf(states, orderOf(states, activity.units, topic.sorted), topic.kind);
        map.title = QObject::tr("Layer %1").arg(layer + 1);
        map.subtitle = stateTitle(topic.kind).toLower();
        maps.push_back(std::move(map));
    }
    return maps;
}

std::vector<HeatMap> comparedMaps(const NamedActivity& first, const NamedActivity& second, const ActivityTopic& topic)
{
    const auto a = first.activity.one(topic.kind, topic.sequence, topic.layer);
    const auto b = second.activity.one(topic.kind, topic.sequence, topic.layer);
    const bool units = topic.sameRun && !a.empty() && a.size() == b.size();
    const auto order = orderOf(a, a.empty() ? 0 : first.activity.units, topic.sorted);
    std::vector<HeatMap> maps;
    const auto add = [&](HeatMap map, const QString& title, const QString& subtitle) {
        map.title = title;
        map.subtitle = subtitle;
        maps.push_back(std::move(map));
    };
    const auto where = QObject::tr("layer %1").arg(topic.layer + 1);
    if (!a.empty())
        add(mapOf(a, order, topic.kind), first.name, where);
    if (!b.empty())
        add(mapOf(b, units ? order : orderOf(b, second.activity.units, topic.sorted), topic.kind), second.name, where);
    for (HeatMap& map : maps) { // one scale for both
        map.high = std::max(map.high, maps.front().high);
        maps.front().high = map.high;
        map.low = maps.front().low = isShare(topic.kind) ? 0.0 : -map.high;
    }
    if (units) {
        auto away = differenceOf(a, b, order);
        const auto range = tickNumber(away.high); // there may be no room for a bar
        add(std::move(away), QObject::tr("Difference"), QObject::tr("±%1, first − second").arg(range));
    }
    return maps;
}

} // namespace rnnscope::ui
