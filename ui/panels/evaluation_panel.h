#pragma once

#include "ui/models/agreement.h"

#include <QWidget>

#include <vector>

class QCheckBox;
class QComboBox;
class QLabel;
class QPainter;
class QProgressBar;
class QPushButton;
class QSplitter;
class QTableWidget;

namespace rnnscope::ui {

class ConfusionView;
class PredictedActualPlot;
class Selection;
class Session;

/// What the predictions of the current encoder are worth: a plot or confusion matrix of one property, and the table,
/// which the whole evaluation fills with more.
class EvaluationPanel : public QWidget
{
    Q_OBJECT
public:
    EvaluationPanel(Session& session, Selection& selection, QWidget* parent = nullptr);

    void evaluate(); ///< in the background: all encoders that fit the current zoo
    PredictedActualPlot* plot() const { return m_plot; }
    ConfusionView* matrix() const { return m_matrix; }
    QTableWidget* table() const { return m_table; }
    void render(QPainter& painter, const QSize& size, bool light) const; ///< plot or matrix
    bool empty() const { return !m_embedded || m_topics.empty(); }
    /// The whole evaluation when there is one, else the numbers of the plot. Empty when there are none.
    QByteArray csv() const;

private:
    void arrange();
    void refresh(); ///< another embedding
    std::optional<std::size_t> current() const;
    void select(std::size_t row); ///< of the current zoo
    void fillTopics();
    void showTopic();
    void fillTable();
    void showProgress();
    void chooseProperty(const QString& property);

    Session& m_session;
    Selection& m_selection;
    QComboBox* m_topic;
    QComboBox* m_split;
    QCheckBox* m_bars;
    QLabel* m_progressText;
    QProgressBar* m_progress;
    QPushButton* m_evaluate;
    QPushButton* m_cancel;
    QLabel* m_empty;
    QSplitter* m_content;
    PredictedActualPlot* m_plot;
    ConfusionView* m_matrix;
    QTableWidget* m_table;
    std::vector<AgreementTopic> m_topics;
    std::shared_ptr<const EmbeddedZoo> m_embedded; ///< shown now; complete, with predictions, or null
};

} // namespace rnnscope::ui
