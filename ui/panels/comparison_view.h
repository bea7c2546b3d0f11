#pragma once

#include "ui/panels/comparison_plots.h"

#include <QWidget>

#include <vector>

class QGridLayout;

namespace rnnscope::ui {

class HeatMapView;
class ImageView;

/// Questions and answers of several networks beside each other with one cursor; of two also the difference.
class ComparisonView : public QWidget
{
    Q_OBJECT
public:
    explicit ComparisonView(QWidget* parent = nullptr);

    void setData(ComparisonPlots plots);
    const ComparisonPlots& data() const { return m_plots; }
    void setCursor(int step); ///< hides QWidget's, which this view does not use
    int cursor() const { return m_cursor; }
    const std::vector<HeatMapView*>& inputs() const { return m_inputs; } ///< those not needed are hidden
    const std::vector<ImageView*>& images() const { return m_images; }
    const std::vector<HeatMapView*>& outputs() const { return m_outputs; }
    HeatMapView* difference() const { return m_difference; }
    void render(QPainter& painter, const QRectF& area, const Theme& theme) const;

Q_SIGNALS:
    void cursorMoved(int step);

private:
    /// Where a plot lies: columns and rows are shares of the room.
    struct Cell
    {
        QWidget* plot = nullptr;
        int row = 0;
        int column = 0;
        int rows = 1;
    };

    HeatMapView* heatMap(std::vector<HeatMapView*>& views, std::size_t index);
    ImageView* image(std::size_t index);
    std::vector<Cell> cells() const;
    void arrange();

    ComparisonPlots m_plots;
    QGridLayout* m_grid;
    std::vector<HeatMapView*> m_inputs;
    std::vector<ImageView*> m_images;
    std::vector<HeatMapView*> m_outputs;
    HeatMapView* m_difference;
    int m_cursor = -1;
};

} // namespace rnnscope::ui
