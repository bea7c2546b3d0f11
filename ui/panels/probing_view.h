#pragma once

#include "ui/panels/probing_plots.h"

#include <QWidget>

#include <memory>

class QComboBox;
class QLabel;

namespace rnnscope::ui {

class HeatMapView;
class ImageView;

/// Questions and answers over time with one cursor. Shows what it is given; ProbingPanel keeps it current.
class ProbingView : public QWidget
{
    Q_OBJECT
public:
    explicit ProbingView(QWidget* parent = nullptr);

    void showMessage(const QString& text); ///< instead of plots
    void showTrace(zoo::TaskFamily family, bool softmaxProbes, std::shared_ptr<const engine::Traces> traces);
    void render(QPainter& painter, const QSize& size, bool light) const;

    HeatMapView* input() const { return m_input; }
    HeatMapView* output() const { return m_output; }
    ImageView* image() const { return m_image; }
    QString message() const;
    void moveCursor(int step);

Q_SIGNALS:
    void cursorMoved(int step);
    void sequenceChosen(std::size_t sequence);

private:
    void showSequence();

    QComboBox* m_chooser;
    QLabel* m_message;
    HeatMapView* m_input;
    HeatMapView* m_output;
    ImageView* m_image;
    zoo::TaskFamily m_family = zoo::TaskFamily::Custom;
    bool m_softmaxProbes = true;
    std::shared_ptr<const engine::Traces> m_traces; ///< null while a message is shown
};

} // namespace rnnscope::ui
