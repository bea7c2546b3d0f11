#pragma once

#include "core/zoo/checkpoint.h"
#include "ui/plots/axes.h"

#include <QWidget>

#include <optional>

namespace rnnscope::ui {

/// Losses over the steps of a training.
struct LossCurves
{
    zoo::TrainingRecord record; ///< NaN: not measured at that step
    std::optional<zoo::ConstantBaseline> constant; ///< drawn dashed
    std::size_t steps = 0; ///< where the training will end; 0: with the last step

    bool empty() const { return record.step.empty(); }
    /// Index of the best validation loss (training loss where there is no validation); nothing when all are NaN.
};

/// Head with the losses at `cursor` (an index into the record; without it the last ones), curves, baselines, best step.
void paintLossPlot(QPainter& painter, const LossCurves& curves, const QRectF& area, Axis::Scale scale,
                   std::optional<std::size_t> cursor, const Theme& theme, const QFont& font);

/// "step,train,validation,ood" and a line for every step; empty fields where not measured.
QByteArray lossCsv(const LossCurves& curves);

/// Loss curves; the mouse or the arrow keys read their values off.
class LossPlot : public QWidget
{
    Q_OBJECT
public:
    explicit LossPlot(QWidget* parent = nullptr);

    void setCurves(LossCurves curves);
    const LossCurves& curves() const { return m_curves; }
    void setScale(Axis::Scale scale);
    Axis::Scale scale() const { return m_scale; }
    std::optional<std::size_t> cursor() const { return m_cursor; }
    void moveTo(std::optional<std::size_t> index);
    /// "Step 500: training 0.071, validation 0.064, out of distribution 0.062".
    QString textAt(std::size_t index) const;
    void render(QPainter& painter, const QSize& size, bool light) const;
    QSize sizeHint() const override { return {520, 220}; }
    QSize minimumSizeHint() const override { return {240, 130}; }

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    LossCurves m_curves;
    Axis::Scale m_scale = Axis::Scale::Logarithmic;
    std::optional<std::size_t> m_cursor;
};

} // namespace rnnscope::ui
