#pragma once

#include <QPolygonF>
#include <QString>
#include <QWidget>

#include <optional>
#include <vector>

class QPainter;

namespace rnnscope::ui {

struct Theme;

/// How one property goes over the snapshots of runs. Snapshots stand at even distances, since their steps grow like
/// powers; a line shows where we are.
struct TrajectoryCurves
{
    QString title; ///< of the property, with its unit
    std::vector<double> steps; ///< [T] ascending
    std::vector<std::vector<double>> values; ///< [runs][T]; NaN: no such snapshot
    double low = 0.0;
    double high = 1.0;
};

class TrajectoryPlot : public QWidget
{
    Q_OBJECT
public:
    explicit TrajectoryPlot(QWidget* parent = nullptr);

    void setCurves(TrajectoryCurves curves);
    const TrajectoryCurves& curves() const { return m_curves; }
    void setCurrent(std::optional<std::size_t> step); ///< index
    QPointF pixelOf(std::size_t step, double value) const;
    void render(QPainter& painter, const QSize& size, bool light) const;

    QSize sizeHint() const override { return {240, 110}; }
    QSize minimumSizeHint() const override { return {120, 80}; }

Q_SIGNALS:
    void chosen(std::size_t step); ///< index of the snapshot that was clicked or dragged to

protected:
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void paint(QPainter& painter, const QRectF& all, const Theme& theme) const;
    void choose(double pixel);

    TrajectoryCurves m_curves;
    std::optional<std::size_t> m_current;
};

} // namespace rnnscope::ui
