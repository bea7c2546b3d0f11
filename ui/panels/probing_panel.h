#pragma once

#include "core/zoo/architecture.h"

#include <QWidget>

#include <cstddef>
#include <memory>
#include <optional>

class QPainter;

namespace rnnscope::engine {
struct Traces;
}
namespace rnnscope::zoo {
struct Checkpoint;
struct Zoo;
} // namespace rnnscope::zoo

namespace rnnscope::ui {

class ProbingView;
class Selection;
class Session;

/// Probes and answers of the current network; asks the session for them.
class ProbingPanel : public QWidget
{
    Q_OBJECT
public:
    ProbingPanel(Session& session, Selection& selection, QWidget* parent = nullptr);
    void render(QPainter& painter, const QSize& size, bool light) const;
    ProbingView& view() { return *m_view; }

private:
    /// What was asked for last; the same is not asked for twice.
    struct Request
    {
        std::optional<std::size_t> row; ///< of the map
        std::shared_ptr<const zoo::Zoo> zoo;
        std::shared_ptr<const zoo::Checkpoint> checkpoint;
        zoo::TaskFamily family = zoo::TaskFamily::Custom; ///< of the map: dropped files do not know theirs
        bool operator==(const Request&) const = default;
    };

    void refresh();
    void receive(std::size_t row, const std::shared_ptr<const engine::Traces>& traces);

    Session& m_session;
    Selection& m_selection;
    ProbingView* m_view;
    Request m_request;
};

} // namespace rnnscope::ui
