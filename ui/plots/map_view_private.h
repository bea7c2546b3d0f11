#pragma once

#include "ui/models/selection.h"
#include "ui/plots/map_legend.h"
#include "ui/plots/map_view.h"
#include "ui/plots/point_grid.h"
#include "ui/plots/point_layer.h"
#include "ui/plots/point_raster.h"
#include "ui/plots/theme.h"

#include <QPolygonF>

namespace rnnscope::ui {

/// What of the map to draw again; each with all that come after it.
enum class MapPart {
    Everything,
    Highlights, ///< selected points and stars
    Overlay, ///< hover, selection band, cards
};

/// A QCustomPlot that draws what has changed when the event loop comes to it, so that many changes cost one drawing.
/// Its own buffer keeps the points and an image the highlights, so neither selecting nor hovering draws them again.
class MapPlot : public QCustomPlot
{
public:
    struct Painters
    {
        std::function<void(QPainter&)> points; ///< and what lies below them
        std::function<void(QPainter&)> paths; ///< between points and highlights
        std::function<QImage()> highlights; ///< valid until it is called again
        std::function<void(QPainter&)> overlay;
    };

    MapPlot(QWidget* parent, Painters with);
    void markDirty(MapPart part);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void redraw();

    Painters m_painters;
    QImage m_highlights;
    double m_ratio = 0.0; ///< device pixels a pixel, as last painted
    std::optional<MapPart> m_dirty = MapPart::Everything;
};

enum class DragMode { None, Pan, Box, Lasso, Clip, Category };

/// A mouse button held down on the map.
struct Drag
{
    DragMode mode = DragMode::None;
    bool moved = false; ///< far enough to be no click
    QPointF start;
    QPointF last;
    QPolygonF path; ///< lasso
};

struct MapView::Private
{
    explicit Private(MapView& owner, Selection& shared);

    void readTheme();
    void showPoints(); ///< those of `placed` that are shown
    void colourPoints();
    void shapePoints();
    void sizePoints();
    void legendChanged();
    void readSelection();
    void fitTo(MapTransform& transform) const; ///< all points, beside the legend where it is drawn
    void viewChanged(); ///< after `view` was set
    std::optional<std::size_t> at(const QPointF& pixel) const;
    void zoom(const QPointF& pixel, double factor);
    void step(const QPointF& direction); ///< arrow keys; y upwards
    void reveal(std::size_t id);
    void click(const QPointF& pixel, Qt::KeyboardModifiers modifiers);
    void selectBand(Qt::KeyboardModifiers modifiers);
    std::vector<std::size_t> insideLasso() const;
    void setCursorShape();
    LegendContent legend() const { return {channel, shapeLegend, hiddenCategories, &sizeChannel, &shapeChannel}; }
    LegendParts legendPlaces() const; ///< null where it is not drawn
    bool pressLegend(const QPointF& pixel); ///< true: the press was for the legend
    void dragLegend(const QPointF& pixel);
    void endClip(const QPointF& pixel);
    void clickLegend(const QPointF& pixel, Qt::KeyboardModifiers modifiers);
    void clipColours(std::optional<std::pair<double, double>> clip);

    void paintBase(QPainter& painter); ///< grid and points
    void paintOverlay(QPainter& painter) const;
    void paintBand(QPainter& painter) const;
    void paintCross(QPainter& painter) const;
    void paintHover(QPainter& painter, const QRectF& area) const;

    MapView& q;
    Selection& selection;
    MapPlot* plot = nullptr;
    Theme theme;
    PointScene scene;
    std::shared_ptr<ThreadTeam> team = PointRaster::newTeam();
    PointRaster raster {team};
    PointRaster highlightRaster {team};
    PointsAs drawnAs = PointsAs::Stamps;
    std::vector<QPointF> placed; ///< [N] all points
    std::vector<std::uint8_t> shown; ///< [N]
    std::shared_ptr<const PointGrid> all = std::make_shared<PointGrid>();
    std::shared_ptr<const PointGrid> grid = all; ///< of those shown
    ColourChannel channel;
    SizeChannel sizeChannel;
    ShapeChannel shapeChannel;
    std::vector<std::vector<std::size_t>> paths;
    std::vector<std::uint8_t> shapes; ///< of the zoos; [N] or empty
    std::vector<ShapeEntry> shapeLegend;
    Legend legendDrawn = Legend::Drawn;
    QStringList hiddenCategories;
    QString xTitle;
    QString yTitle;
    QString placeholder;
    QString note;
    std::optional<QPointF> cross;
    std::function<QString(std::size_t)> hoverText;
    Tool tool = Tool::Pan;
    MapTransform view;
    bool userMoved = false; ///< since the last fit; a map nobody moved is fitted again when it changes
    Drag drag;
};

} // namespace rnnscope::ui
