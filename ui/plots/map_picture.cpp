#include "ui/plots/map_picture.h"

#include "ui/plots/map_frame.h"
#include "ui/plots/map_paths.h"
#include "ui/plots/point_layer.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace rnnscope::ui {

void fitPoints(MapTransform& transform, const QSizeF& room, const PointGrid& points)
{
    const QRectF bounds = points.bounds();
    constexpr double kMargin = 44.0; // pixels; leaves room for titles
    const double width = std::max(room.width() - 2 * kMargin, room.width() / 3);
    const double height = std::max(room.height() - 2 * kMargin, room.height() / 3);
    const double across = bounds.width() > 0 ? width / bounds.width() : 0.0;
    const double along = bounds.height() > 0 ? height / bounds.height() : 0.0;
    transform.scale = across > 0 && along > 0 ? std::min(across, along) : std::max(across, along);
    if (!std::isfinite(transform.scale) || transform.scale <= 0)
        transform.scale = 100.0; // nothing, or all in one place
    const QSizeF rest = (transform.size - room) / 2 / transform.scale;
    transform.centre = bounds.center() + QPointF(rest.width(), -rest.height());
}

void fitBesideLegend(MapTransform& transform, const PointGrid& points, const LegendContent& legend, const QFont& font)
{
    fitPoints(transform, transform.size, points);
    const QRectF card = legendParts(QRectF(QPointF(), transform.size), legend, font).card;
    if (points.inside(QRectF(transform.toData(card.bottomLeft()), transform.toData(card.topRight()))).empty())
        return;
    MapTransform above = transform;
    MapTransform beside = transform;
    fitPoints(above, {transform.size.width(), card.top()}, points);
    fitPoints(beside, {card.left(), transform.size.height()}, points);
    transform = above.scale >= beside.scale ? above : beside;
}

void paintPicture(QPainter& painter, const QSize& size, const MapPicture& picture, const Theme& theme)
{
    const bool hasLegend = picture.legend == MapView::Legend::Drawn;
    const LegendContent legend {picture.channel, picture.shapeLegend, picture.hiddenCategories, &picture.sizes,
                                &picture.shapes};
    MapTransform transform = picture.view;
    transform.size = size;
    if (picture.userMoved)
        transform.scale
            *= std::min(size.width() / picture.view.size.width(), size.height() / picture.view.size.height());
    else if (hasLegend)
        fitBesideLegend(transform, *picture.all, legend, picture.font);
    else
        fitPoints(transform, transform.size, *picture.all);
    PointScene scene = picture.scene;
    scene.outline = theme.panel;
    scene.ring = theme.text;
    scene.accent = theme.accent;
    for (std::size_t i = 0; i < std::min(scene.colours.size(), picture.channel.values.size()); ++i)
        scene.colours[i] = channelColour(picture.channel, picture.channel.values[i], theme.dark);
    const QRectF area {QPointF(), QSizeF(size)};
    painter.fillRect(area, theme.panel);
    paintMapGrid(painter, transform, theme);
    paintPaths(painter, picture.paths, scene, transform);
    paintPoints(painter, scene, transform);
    const QRectF card = hasLegend ? paintLegend(painter, area, legend, theme, picture.font).card : QRectF();
    paintAxisTitles(painter, area, card, picture.xTitle, picture.yTitle, theme, picture.font);
}

} // namespace rnnscope::ui
