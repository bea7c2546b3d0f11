#pragma once

#include "core/projection/map_kind.h"
#include "core/zoo/checkpoint.h"
#include "ui/models/filter.h"
#include "ui/models/selection.h"

#include <QObject>
#include <QUndoStack>

#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace rnnscope::ui {

/// What undo brings back.
struct ViewState
{
    std::shared_ptr<const std::vector<Selection::Id>> selected; ///< never null
    std::optional<Selection::Id> current;
    Filter::State filter;
    QString colour; ///< id of the field
    QString size {}; ///< the same; empty: all points are alike
    QString shape {};
    std::optional<std::pair<double, double>> clip {}; ///< of the colours
    projection::MapKind map = projection::MapKind::Pca;
    std::shared_ptr<const zoo::Checkpoint> checkpoint;
};
bool operator==(const ViewState& a, const ViewState& b);

/// Remembers what the window showed, to undo and redo selections, filters and settings. Changes in one go, as of a
/// brush that is dragged, are one step.
class History : public QObject
{
    Q_OBJECT
public:
    using Read = std::function<ViewState()>;
    using Apply = std::function<void(const ViewState&)>;

    History(Read read, Apply apply, QObject* parent = nullptr);

    /// Something may have changed by the user; looked at when the event loop comes to it.
    void note();
    /// What there is now was not the user's doing: undo goes back to it.
    void rebase();
    /// Rows mean other networks: nothing before can be brought back.
    void forget();
    QUndoStack& stack() { return m_stack; }

private:
    class Step;
    void record();
    void show(const ViewState& state);

    Read m_read;
    Apply m_apply;
    ViewState m_last;
    bool m_noted = false;
    bool m_showing = false; ///< changes are those of undo itself
    QUndoStack m_stack;
};

} // namespace rnnscope::ui
