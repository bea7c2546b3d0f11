#pragma once

#include "ui/models/filter.h"
#include "ui/models/selection.h"
#include "ui/models/trajectories.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QPainter;
class QSlider;
class QToolButton;

namespace rnnscope::ui {

class TrajectoryPlot;

/// The training of the selected runs: how a property went, and a slider over their snapshots that plays. Moving it
/// selects the snapshot of every run at that step.
class TrajectoryPanel : public QWidget
{
    Q_OBJECT
public:
    static constexpr std::size_t kMostRuns = 40;

    TrajectoryPanel(Filter& filter, Selection& selection, QWidget* parent = nullptr);

    void render(QPainter& painter, const QSize& size, bool light) const;
    const std::vector<Trajectory>& trajectories() const { return m_trajectories; }
    /// Which field the curves are of, where it is a number; else accuracy, else the first.
    void setField(const QString& id);
    void play();
    bool playing() const { return m_timer.isActive(); }

Q_SIGNALS:
    void changed(); ///< trajectories() are others

private:
    void build();
    void follow(); ///< selection or networks
    void choose(std::size_t step);
    void showCurves();
    void showStep();
    QString curveField() const;
    std::optional<std::size_t> currentStep() const;
    void stop();
    void advance();

    Filter& m_filter;
    Selection& m_selection;
    std::vector<Trajectory> m_trajectories;
    std::vector<double> m_steps;
    QString m_field;
    TrajectoryPlot* m_plot;
    QToolButton* m_play;
    QSlider* m_slider;
    QLabel* m_step;
    QLabel* m_hint;
    QWidget* m_controls;
    QTimer m_timer;
    bool m_choosing = false; ///< the selection changes by us
};

} // namespace rnnscope::ui
