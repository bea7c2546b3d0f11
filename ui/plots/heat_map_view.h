#pragma once

#include "ui/plots/heat_map.h"

#include <QWidget>

namespace rnnscope::ui {

/// A heat map with a time cursor that it shares with others: click, drag or arrow keys move it; the tooltip has the
/// value.
class HeatMapView : public QWidget
{
    Q_OBJECT
public:
    explicit HeatMapView(QWidget* parent = nullptr);

    void setData(HeatMap data); ///< the cursor stays where it is when the step still exists
    const HeatMap& data() const { return m_data; }
    int cursor() const { return m_cursor; } ///< step; -1: none
    void setCursor(int step); ///< hides QWidget's, which this view does not use
    QRectF cellRect(std::size_t row, std::size_t step) const;
    /// "b, step 3: 0.97"; empty outside the cells.
    QString textAt(const QPointF& pixel) const;
    void render(QPainter& painter, const QSize& size, bool light) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void cursorMoved(int step);

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void moveTo(const QPointF& pixel);

    HeatMap m_data;
    int m_cursor = -1;
};

} // namespace rnnscope::ui
