#pragma once

#include "ui/jobs/job.h"
#include "ui/models/map_layout.h"
#include "ui/models/session.h"

#include <QWidget>

#include <memory>
#include <vector>

class QComboBox;
class QLabel;
class QListWidget;

namespace rnnscope::ui {

class MapView;
class Selection;

/// The networks of the map once more, by another encoder or projection, beside it: the same selection and hover, and a
/// list of the networks that have moved most from one map to the other.
class SideMap : public QWidget
{
    Q_OBJECT
public:
    static constexpr std::size_t kMovers = 20;

    SideMap(Session& session, Selection& selection, QWidget* parent = nullptr);

    MapView& view() { return *m_view; }
    std::shared_ptr<const zoo::Checkpoint> checkpoint() const { return m_checkpoint; } ///< null: none fits
    void setCheckpoint(const std::shared_ptr<const zoo::Checkpoint>& checkpoint);
    projection::MapKind kind() const { return m_layout.kind(); }
    void setKind(projection::MapKind kind);

Q_SIGNALS:
    void placed(); ///< the points have come, or others in their place
    void closed(); ///< by the user

private:
    void build();
    void followEncoders();
    void followNetworks(); ///< the map shows others, or they have another encoder here
    void place();
    void listMovers(const Matrix& own);

    Session& m_session;
    Selection& m_selection;
    QComboBox* m_encoders;
    QComboBox* m_kinds;
    MapView* m_view;
    QLabel* m_head;
    QListWidget* m_movers;
    std::vector<std::shared_ptr<const zoo::Checkpoint>> m_choices;
    std::shared_ptr<const zoo::Checkpoint> m_checkpoint;
    std::shared_ptr<const EmbeddedZoo> m_shown; ///< what the map beside this one has
    std::shared_ptr<const EmbeddedZoo> m_other; ///< the same networks here; null: not embedded yet
    std::size_t m_request = 0; ///< the last one; what answers others comes too late
    JobRunner m_laying;
    MapLayout m_layout {m_laying}; ///< before the runner goes
};

} // namespace rnnscope::ui
