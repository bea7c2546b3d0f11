#pragma once

#include "ui/panels/comparison_plots.h"
#include "ui/panels/probing_plots.h"

#include <QWidget>

#include <memory>

class QComboBox;
class QLabel;

namespace rnnscope::ui {

class ComparisonView;
class HeatMapView;
class ImageView;

/// Questions and answers of one network or of several over time, with one cursor. Shows what it is given; ProbingPanel
/// keeps it current.
class ProbingView : public QWidget
{
    Q_OBJECT
public:
    explicit ProbingView(QWidget* parent = nullptr);

    void showMessage(const QString& text); ///< instead of plots
    void showTrace(zoo::TaskFamily family, bool softmaxProbes, std::shared_ptr<const engine::Traces> traces);
    /// Beside each other; `note` is said after how far apart they are.
    void showTraces(zoo::TaskFamily family, bool softmaxProbes, std::vector<NamedTraces> networks, const QString& note);
    void render(QPainter& painter, const QSize& size, bool light) const;

    HeatMapView* input() const { return m_input; }
    HeatMapView* output() const { return m_output; }
    ImageView* image() const { return m_image; }
    ComparisonView* comparison() const { return m_comparison; }
    QString message() const;
    void moveCursor(int step);

Q_SIGNALS:
    void cursorMoved(int step);
    void sequenceChosen(std::size_t sequence);

private:
    void showSequences(zoo::TaskFamily family, bool softmaxProbes, std::size_t parallel);
    void showSequence();
    void compareSequence(std::size_t sequence);
    void renderComparison(QPainter& painter, const QRectF& area, const Theme& theme) const;
    void hideAll();

    QComboBox* m_chooser;
    QLabel* m_summary; ///< of a comparison
    QLabel* m_message;
    QWidget* m_single; ///< the plots of one network
    HeatMapView* m_input;
    HeatMapView* m_output;
    ImageView* m_image;
    ComparisonView* m_comparison;
    zoo::TaskFamily m_family = zoo::TaskFamily::Custom;
    bool m_softmaxProbes = true;
    std::shared_ptr<const engine::Traces> m_traces; ///< of one network; null while a message or several are shown
    std::vector<NamedTraces> m_compared; ///< empty unless several are shown
    QString m_note;
};

} // namespace rnnscope::ui
