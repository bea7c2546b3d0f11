#include "ui/plots/colour_maps.h"
#include "ui/plots/map_legend.h"
#include "ui/plots/map_view_private.h"
#include "ui/plots/zoo_marks.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

/// What the points of a map are: where they lie, their colours, shapes and sizes.
namespace rnnscope::ui {

void MapView::Private::showPoints()
{
    scene.positions = placed;
    grid = all;
    if (shown.size() != placed.size())
        return;
    for (std::size_t i = 0; i < placed.size(); ++i)
        if (shown[i] == 0)
            scene.positions[i] = {std::nan(""), std::nan("")};
    grid = std::make_shared<PointGrid>(scene.positions);
}

void MapView::Private::colourPoints()
{
    const std::size_t count = scene.positions.size();
    scene.colours.assign(count, channelColour(channel, std::nan(""), theme.dark));
    for (std::size_t i = 0; i < std::min(count, channel.values.size()); ++i)
        scene.colours[i] = channelColour(channel, channel.values[i], theme.dark);
    shapePoints();
    sizePoints();
    plot->markDirty(MapPart::Everything);
}

/// Other points may lie under it now.
void MapView::Private::legendChanged()
{
    if (!userMoved)
        q.fit();
    plot->markDirty(MapPart::Everything);
}

void MapView::Private::sizePoints()
{
    const std::size_t count = scene.positions.size();
    scene.sizes.clear();
    scene.order.clear();
    if (sizeChannel.values.size() != count || count == 0)
        return;
    constexpr int kSteps = kGreatestDiameter - kLeastDiameter;
    const auto plain = static_cast<std::uint8_t>(pointDiameter(0));
    const double span = sizeChannel.high - sizeChannel.low;
    std::array<std::vector<std::uint32_t>, kSteps + 1> bySize;
    for (std::size_t i = 0; i < count; ++i) {
        const double share = (sizeChannel.values[i] - sizeChannel.low) / span;
        const auto size = std::isfinite(share)
            ? static_cast<std::uint8_t>(kLeastDiameter + std::lround(kSteps * std::clamp(share, 0.0, 1.0)))
            : plain;
        scene.sizes.push_back(size);
        bySize.at(size - kLeastDiameter).push_back(static_cast<std::uint32_t>(i));
    }
    for (const auto& same : bySize)
        scene.order.insert(scene.order.end(), same.begin(), same.end());
}

/// The shapes that were asked for, else those of the zoos, or where all are circles those of categories that are too
/// many for colours.
void MapView::Private::shapePoints()
{
    const std::size_t count = scene.positions.size();
    scene.shapes = shapes;
    scene.shapes.resize(shapes.empty() ? 0 : count, 0);
    scene.stars.clear();
    for (std::size_t i = 0; i < scene.shapes.size(); ++i)
        if (scene.shapes[i] == kStarShape)
            scene.stars.push_back(i);
    if (shapeChannel.values.size() == count && count > 0) {
        scene.shapes.resize(count, 0);
        for (std::size_t i = 0; i < count; ++i)
            if (scene.shapes[i] != kStarShape)
                scene.shapes[i]
                    = shapeChannel.values[i] >= 0 ? categoryShape(static_cast<std::size_t>(shapeChannel.values[i])) : 0;
        return;
    }
    const bool plain = scene.stars.size()
        == static_cast<std::size_t>(std::count_if(scene.shapes.begin(), scene.shapes.end(),
                                                  [](std::uint8_t shape) { return shape != 0; }));
    const bool many = channel.scale == ColourChannel::Scale::Categorical && channel.marks.empty()
        && static_cast<std::size_t>(channel.categories.size()) > kCategoryColours;
    if (!plain || !many)
        return;
    scene.shapes.resize(count, 0);
    for (std::size_t i = 0; i < std::min(count, channel.values.size()); ++i)
        if (channel.values[i] >= 0 && scene.shapes[i] != kStarShape)
            scene.shapes[i] = static_cast<std::uint8_t>(static_cast<std::size_t>(channel.values[i]) / kCategoryColours
                                                        % kZooShapes);
}

void MapView::Private::readSelection()
{
    const double before = opacityOutside(scene.selectedCount);
    scene.selected.assign(scene.positions.size(), 0);
    scene.selectedCount = 0;
    for (const std::size_t id : selection.ids())
        if (id < scene.selected.size()) {
            scene.selected[id] = 1;
            ++scene.selectedCount;
        }
    q.setAccessibleDescription(QStringLiteral("%1 networks, %2 selected").arg(grid->count()).arg(scene.selectedCount));
    plot->markDirty(before == opacityOutside(scene.selectedCount) ? MapPart::Highlights : MapPart::Everything);
}

void MapView::setPoints(std::vector<QPointF> points, std::vector<std::uint8_t> shapes)
{
    const auto others = [](const PointScene& scene) { return scene.positions.size() - scene.stars.size(); };
    const bool empty = m_d->all->count() == 0;
    const std::size_t before = others(m_d->scene);
    m_d->placed = std::move(points);
    m_d->shapes = std::move(shapes);
    m_d->all = std::make_shared<PointGrid>(m_d->placed);
    m_d->showPoints();
    m_d->colourPoints();
    m_d->readSelection();
    if (empty || others(m_d->scene) != before || !m_d->userMoved)
        fit();
}

void MapView::setShown(std::vector<std::uint8_t> shown)
{
    if (shown == m_d->shown)
        return;
    m_d->shown = std::move(shown);
    m_d->showPoints();
    m_d->readSelection();
    m_d->plot->markDirty(MapPart::Everything);
}

void MapView::setColour(ColourChannel channel)
{
    if (channel.title == m_d->channel.title && channel.scale == m_d->channel.scale)
        channel.clip = m_d->channel.clip;
    m_d->channel = std::move(channel);
    m_d->colourPoints();
    if (!m_d->userMoved)
        fit(); // the legend may have grown
}

void MapView::setSizes(SizeChannel channel)
{
    if (channel.values.empty() && m_d->sizeChannel.values.empty())
        return;
    m_d->sizeChannel = std::move(channel);
    m_d->sizePoints();
    m_d->legendChanged();
}

void MapView::setShapes(ShapeChannel channel)
{
    if (channel.values.empty() && m_d->shapeChannel.values.empty())
        return;
    m_d->shapeChannel = std::move(channel);
    m_d->shapePoints();
    m_d->legendChanged();
}

const ColourChannel& MapView::colour() const
{
    return m_d->channel;
}

} // namespace rnnscope::ui
