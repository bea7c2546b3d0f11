#pragma once

#include "ui/plots/map_legend.h"
#include "ui/plots/map_view.h"
#include "ui/plots/point_grid.h"
#include "ui/plots/point_scene.h"

#include <QFont>

#include <memory>
#include <vector>

namespace rnnscope::ui {

/// Moves and scales `transform` so that all points lie in its upper left part of size `room`.
void fitPoints(MapTransform& transform, const QSizeF& room, const PointGrid& points);
/// The same with the whole of it, but for what the legend covers.
void fitBesideLegend(MapTransform& transform, const PointGrid& points, const LegendContent& legend, const QFont& font);

/// What a map shows, by itself: whatever becomes of the map, and on any thread.
struct MapPicture
{
    PointScene scene;
    MapTransform view; ///< as on screen
    bool userMoved = false; ///< else the points are fitted into the page
    std::shared_ptr<const PointGrid> all; ///< filtered ones, too
    std::vector<std::vector<std::size_t>> paths;
    ColourChannel channel;
    SizeChannel sizes;
    ShapeChannel shapes;
    std::vector<ShapeEntry> shapeLegend;
    QStringList hiddenCategories;
    QString xTitle;
    QString yTitle;
    QFont font;
    MapView::Legend legend = MapView::Legend::Drawn;
};

/// Vector or raster, by the painter.
void paintPicture(QPainter& painter, const QSize& size, const MapPicture& picture, const Theme& theme);

} // namespace rnnscope::ui
