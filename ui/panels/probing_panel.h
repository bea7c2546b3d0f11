#pragma once

#include "core/zoo/architecture.h"

#include <QWidget>

#include <cstddef>
#include <memory>
#include <vector>

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

/// Probes and answers of the selected network, or of the first few beside each other; asks the session for them.
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
        std::vector<std::size_t> rows; ///< of the map
        std::vector<std::shared_ptr<const zoo::Zoo>> zoos; ///< of each
        std::shared_ptr<const zoo::Checkpoint> checkpoint;
        zoo::TaskFamily family = zoo::TaskFamily::Custom; ///< of the map: dropped files do not know theirs
        bool operator==(const Request&) const = default;
    };

    void refresh();
    void receive(std::size_t row, const std::shared_ptr<const engine::Traces>& traces);
    void showAnswers();
    void compareAnswers(const std::vector<std::size_t>& finite);

    Session& m_session;
    Selection& m_selection;
    ProbingView* m_view;
    Request m_request;
    std::vector<std::shared_ptr<const engine::Traces>> m_answers; ///< of each row of it; null until it has come
};

} // namespace rnnscope::ui
