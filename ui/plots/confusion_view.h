#pragma once

#include "ui/models/agreement.h"
#include "ui/plots/heat_map_view.h"

namespace rnnscope::ui {

/// Actual classes down, predicted ones across; the colour is the share of the actual class, the number counts.
HeatMap confusionMap(const Confusion& confusion, const QString& title);

/// A confusion matrix as a heat map with numbers.
class ConfusionView : public HeatMapView
{
    Q_OBJECT
public:
    explicit ConfusionView(QWidget* parent = nullptr);
    void setConfusion(const Confusion& confusion, const QString& title);
    const Confusion& confusion() const { return m_confusion; }

private:
    Confusion m_confusion;
};

/// "actual,predicted,count" and a line for every pair of classes.
QByteArray confusionCsv(const Confusion& confusion);

} // namespace rnnscope::ui
