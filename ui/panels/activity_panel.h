#pragma once

#include "ui/models/activity.h"

#include <QWidget>

#include <memory>
#include <vector>

class QCheckBox;
class QComboBox;
class QHBoxLayout;
class QLabel;
class QPainter;

namespace rnnscope::ui {

class HeatMapView;
class Selection;
class Session;

/// Hidden and cell states of the current network over the steps of the probe, a heat map for each layer, with the
/// cursor of the probing panel.
class ActivityPanel : public QWidget
{
    Q_OBJECT
public:
    ActivityPanel(Session& session, Selection& selection, QWidget* parent = nullptr);

    void setSequence(std::size_t sequence); ///< of the parallel probes
    void setCursor(int step);
    const std::vector<HeatMapView*>& maps() const { return m_maps; } ///< one per layer
    QString message() const; ///< instead of states; empty while there are some
    void render(QPainter& painter, const QSize& size, bool light) const;

Q_SIGNALS:
    void cursorMoved(int step);

private:
    void build();
    void follow();
    void showMessage(const QString& text);
    void showStates();

    Session& m_session;
    Selection& m_selection;
    QComboBox* m_chooser;
    QCheckBox* m_sorted;
    QLabel* m_message;
    QHBoxLayout* m_layout;
    std::vector<HeatMapView*> m_maps;
    std::shared_ptr<const Activity> m_activity; ///< null while a message is shown
    std::size_t m_sequence = 0;
};

} // namespace rnnscope::ui
