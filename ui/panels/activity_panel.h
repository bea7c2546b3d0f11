#pragma once

#include "ui/models/activity.h"

#include <QWidget>

#include <map>
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
struct HeatMap;

/// What goes on inside the current network over the steps of the probe, a heat map for each layer; or inside the two
/// that are selected, a layer of both beside each other. With the cursor of the probing panel.
class ActivityPanel : public QWidget
{
    Q_OBJECT
public:
    ActivityPanel(Session& session, Selection& selection, QWidget* parent = nullptr);

    void setSequence(std::size_t sequence); ///< of the parallel probes
    void setCursor(int step);
    const std::vector<HeatMapView*>& maps() const { return m_maps; } ///< those not needed are hidden
    QString message() const; ///< instead of states; empty while there are some
    void render(QPainter& painter, const QSize& size, bool light) const;

Q_SIGNALS:
    void cursorMoved(int step);

private:
    using Known = std::shared_ptr<const Activity>;

    void build();
    void follow();
    void receive(std::size_t row, const Known& activity);
    void showMessage(const QString& text);
    std::vector<std::size_t> rows() const;
    void offerChoices(const std::vector<Known>& shown);
    bool askForGates(const std::vector<Known>& shown);
    void showStates();
    std::vector<HeatMap> mapsOf(const std::vector<Known>& shown);
    void showMaps(std::vector<HeatMap> maps);

    Session& m_session;
    Selection& m_selection;
    QComboBox* m_chooser;
    QComboBox* m_layer; ///< of two networks
    QCheckBox* m_sorted;
    QLabel* m_note;
    QLabel* m_message;
    QHBoxLayout* m_layout;
    std::vector<HeatMapView*> m_maps;
    std::map<std::size_t, Known> m_known; ///< of those that were asked last, by row of the map
    std::size_t m_sequence = 0;
    int m_cursor = -1;
};

} // namespace rnnscope::ui
