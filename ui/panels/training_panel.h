#pragma once

#include <QWidget>

#include <memory>

class QCheckBox;
class QLabel;
class QPainter;
class QProgressBar;
class QPushButton;

namespace rnnscope::zoo {
struct Checkpoint;
}

namespace rnnscope::ui {

class LossPlot;
class Session;

/// The training that runs: loss curves, how far it is, Pause and Cancel. Without one, the curves that are stored in the
/// current checkpoint.
class TrainingPanel : public QWidget
{
    Q_OBJECT
public:
    explicit TrainingPanel(Session& session, QWidget* parent = nullptr);

    LossPlot* plot() const { return m_plot; }
    void render(QPainter& painter, const QSize& size, bool light) const;

Q_SIGNALS:
    void goOn(std::shared_ptr<const zoo::Checkpoint> checkpoint); ///< the user wants to train it further

private:
    void refresh();
    void showTraining();
    void showCheckpoint(const zoo::Checkpoint& checkpoint);
    void showButtons();
    void pauseOrResume();

    Session& m_session;
    LossPlot* m_plot;
    QLabel* m_empty;
    QWidget* m_side;
    QLabel* m_title;
    QLabel* m_facts;
    QProgressBar* m_progress;
    QPushButton* m_pause;
    QPushButton* m_cancel;
    QPushButton* m_goOn;
    QCheckBox* m_logarithmic;
};

} // namespace rnnscope::ui
