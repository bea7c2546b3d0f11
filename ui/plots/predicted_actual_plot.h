#pragma once

#include "ui/models/agreement.h"
#include "ui/plots/axes.h"

#include <QWidget>

#include <optional>
#include <vector>

namespace rnnscope::ui {

/// Predictions over truths.
struct PredictedActual
{
    QString title; ///< of the property, with unit
    std::vector<AgreementPoint> points;
    std::optional<std::size_t> current; ///< row of the network that is ringed
    enum class Bars { None, Intervals } bars = Bars::None;
};

/// Points in the colours of their splits, the diagonal where prediction and truth agree, intervals as bars.
void paintPredictedActual(QPainter& painter, const PredictedActual& data, const QRectF& area, const Theme& theme,
                          const QFont& font);

/// "row,split,actual,predicted,lower,upper"
QByteArray predictedActualCsv(const PredictedActual& data);

/// The plot in the window: a click chooses the network.
class PredictedActualPlot : public QWidget
{
    Q_OBJECT
public:
    explicit PredictedActualPlot(QWidget* parent = nullptr);

    void setData(PredictedActual data);
    const PredictedActual& data() const { return m_data; }
    void setCurrent(std::optional<std::size_t> row);
    QPointF pixelOf(const AgreementPoint& point) const;
    /// The point within a few pixels.
    std::optional<std::size_t> pointAt(const QPointF& pixel) const;
    void render(QPainter& painter, const QSize& size, bool light) const;
    QSize sizeHint() const override { return {320, 220}; }
    QSize minimumSizeHint() const override { return {200, 140}; }

Q_SIGNALS:
    void activated(std::size_t row);

protected:
    bool event(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    PredictedActual m_data;
};

} // namespace rnnscope::ui
