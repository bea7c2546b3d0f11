#pragma once

#include "ui/jobs/job.h"
#include "ui/models/behaviour.h"

#include <QWidget>

#include <memory>
#include <optional>

class QLabel;
class QPainter;
class QTableWidget;

namespace rnnscope::ui {

class Selection;
class Session;

/// Strings that the current network writes when it is let, each with how often and whether it belongs to its language.
/// Works only while it can be seen.
class BehaviourPanel : public QWidget
{
    Q_OBJECT
public:
    static constexpr std::size_t kStrings = 500;

    BehaviourPanel(Session& session, Selection& selection, QWidget* parent = nullptr);

    /// A tab behind others is visible to Qt all the same; its dock knows better.
    void setSeen(bool seen);
    bool empty() const { return !m_behaviour; }
    /// As many strings as there is room for.
    void render(QPainter& painter, const QSize& size, bool light) const;

protected:
    void changeEvent(QEvent* event) override;

private:
    void follow();
    void showMessage(const QString& text);
    void showBehaviour(const Behaviour& behaviour);
    QString summaryOf(const Behaviour& behaviour) const;

    Session& m_session;
    Selection& m_selection;
    QLabel* m_summary;
    QTableWidget* m_table;
    std::shared_ptr<const EmbeddedZoo> m_asked; ///< of what, and of which network
    std::optional<std::size_t> m_row;
    std::optional<Behaviour> m_behaviour;
    bool m_seen = false;
    JobRunner::Id m_job = 0;
    JobRunner m_runner; ///< the last to come: it waits for its job
};

} // namespace rnnscope::ui
