#pragma once

#include "ui/plots/export.h"

#include <QPointF>
#include <QRgb>
#include <QSize>
#include <QString>
#include <QStringList>
#include <QWidget>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

class QPainter;

namespace rnnscope::ui {

class Selection;

/// How a category looks where its number does not say so.
struct CategoryMark
{
    QRgb colour = 0;
    std::uint8_t shape = 0;
};

/// One number per network and how to colour it.
struct ColourChannel
{
    enum class Scale { Sequential, Cyclic, Categorical };
    QString title; ///< with unit, e.g. "Accuracy", "Rotation, deg"
    Scale scale = Scale::Sequential;
    std::vector<double> values; ///< [N]; NaN: grey. Categorical: index into categories
    double low = 0.0; ///< cyclic: 0
    double high = 1.0; ///< cyclic: the period
    /// Where the colours begin and end, within low and high; beyond all have the same. Not of cyclic ones.
    std::optional<std::pair<double, double>> clip {};
    QStringList categories;
    std::vector<CategoryMark> marks {}; ///< one per category, or empty
};

/// A line of the legend that says what a shape means.
struct ShapeEntry
{
    QString name;
    std::uint8_t shape = 0;
};

/// One number per network and how large it makes the points: from the least to the greatest diameter of PointScene.
struct SizeChannel
{
    QString title {};
    std::vector<double> values {}; ///< [N]; NaN: as if there were no sizes. Empty: all are alike
    double low = 0.0;
    double high = 1.0;
};

/// One category per network and a shape for each.
struct ShapeChannel
{
    QString title {};
    std::vector<double> values {}; ///< [N] index into categories; NaN: circle. Empty: the shapes of the zoos
    QStringList categories {}; ///< at most kShapeCategories (zoo_marks.h)
};

/// Networks as points: pan, zoom to the cursor, click, rectangle and lasso selection, hover card. The legend is a
/// control: a drag over the bar clips the colours, a double click shows them all, a click on a category asks to hide
/// it.
class MapView : public QWidget
{
    Q_OBJECT
public:
    enum class Tool { Pan, Box, Lasso };

    explicit MapView(Selection& selection, QWidget* parent = nullptr);
    ~MapView() override;

    /// [N] positions; NaN points are not drawn. `shapes` as in PointScene: [N], or empty for circles. The view is
    /// fitted at the first points and when the number of those that are no stars changes.
    void setPoints(std::vector<QPointF> points, std::vector<std::uint8_t> shapes = {});
    /// [N] 1: drawn; others can neither be seen nor selected. Empty: all. Of another length it waits for its points.
    void setShown(std::vector<std::uint8_t> shown);
    /// Lines through points, in this order, below the selected ones; hidden points are left out.
    void setPaths(std::vector<std::vector<std::size_t>> paths);
    enum class Legend { Drawn, LeftOut };
    void setLegend(Legend legend); ///< on screen
    void setShapeLegend(std::vector<ShapeEntry> entries);
    void setAxisTitles(const QString& x, const QString& y);
    void setColour(ColourChannel channel); ///< clipped as before where it is of the same title
    const ColourChannel& colour() const;
    void setSizes(SizeChannel channel);
    void setShapes(ShapeChannel channel); ///< stars stay stars
    void setHiddenCategories(const QStringList& categories); ///< in the legend
    QRectF legendBar() const; ///< in pixels of this widget; null unless colours are a range
    QRectF legendLine(qsizetype category) const; ///< null where it has none
    void setNote(const QString& text); ///< beside the number of networks, e.g. "learning, step 500"
    void setCross(std::optional<QPointF> place); ///< marks a place where there is no network
    void setPlaceholder(const QString& text); ///< shown while there are no points
    /// Rich text of the hover card of a point.
    void setHoverText(std::function<QString(std::size_t)> text);
    void setTool(Tool tool);
    Tool tool() const;
    void setClip(std::optional<std::pair<double, double>> clip); ///< of the colours
    void fit();
    /// Centre and pixels a unit, where the user has moved or zoomed.
    std::optional<std::pair<QPointF, double>> pose() const;
    void setPose(const QPointF& centre, double scale);
    void reveal(std::size_t id); ///< moves the view to it unless it is in there
    /// Where a network is drawn, in pixels of this widget, and what lies under a pixel.
    QPointF pixelOf(std::size_t id) const;
    QPointF dataAt(const QPointF& pixel) const;
    /// Vector or raster, by the caller's painter; used by export and --snapshot.
    void render(QPainter& painter, const QSize& size, bool lightBackground, Legend legend = Legend::Drawn) const;
    /// The same, of the map as it is now, to be painted later and by any thread.
    PaintView picture(bool lightBackground, Legend legend = Legend::Drawn) const;
    bool empty() const; ///< no networks
    bool exportsImage() const; ///< the points are so many that render() draws them as one image

Q_SIGNALS:
    void toolChanged();
    void emptyClicked(const QPointF& place); ///< where there is no network; without a modifier
    void clipChanged(); ///< by the user, once the drag has ended
    void categoryClicked(const QString& category, bool alone); ///< alone: with a modifier, all others are meant

protected:
    void changeEvent(QEvent* event) override;
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

private:
    struct Private;
    std::unique_ptr<Private> m_d;
};

} // namespace rnnscope::ui
