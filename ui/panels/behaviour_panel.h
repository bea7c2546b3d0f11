#pragma once

#include "ui/jobs/job.h"
#include "ui/models/answers.h"
#include "ui/models/behaviour.h"

#include <QWidget>

#include <memory>
#include <optional>
#include <vector>

class QBoxLayout;
class QLabel;
class QListWidget;
class QPainter;

namespace rnnscope::ui {

class AnswersView;
class Emulators;
class ProbeEdit;
class Selection;
class Session;
class WrittenStrings;

/// What the current network does when it is let: strings it writes, each with how often and whether it belongs to its
/// language, or digits with the class it gives them; beside it the emulator that knows its embedding only. Strings and
/// digits can be chosen or made up, and every selected network reads them. Works only while it can be seen.
class BehaviourPanel : public QWidget
{
    Q_OBJECT
public:
    static constexpr std::size_t kStrings = 500;
    static constexpr std::size_t kNetworks = 3; ///< that answer beside each other

    BehaviourPanel(Session& session, Selection& selection, QWidget* parent = nullptr);
    ~BehaviourPanel() override;

    /// A tab behind others is visible to Qt all the same; its dock knows better.
    void setSeen(bool seen);
    bool busy() const { return m_runner.busy(); }
    /// The emulator alone, for an embedding [D] that is no network's, until a network is selected. Empty: no longer.
    void setPlace(std::vector<float> embedding);
    bool empty() const; ///< nothing to render
    /// As many strings as there is room for, and the answers.
    void render(QPainter& painter, const QSize& size, bool light) const;

private:
    /// Who is looked at.
    struct Whom
    {
        std::shared_ptr<const EmbeddedZoo> shown;
        std::vector<std::size_t> rows; ///< the current network first; empty: the place
        std::vector<float> place; ///< empty: none
        bool operator==(const Whom&) const = default;
    };

    void build();
    void follow();
    void let(); ///< the network and its emulator do what they do
    void letWrite();
    void ask(); ///< for answers to the probe
    void showMessage(const QString& text);
    void showBehaviour(const Behaviour& behaviour);
    void showDigits(const std::vector<RecordedDigit>& digits);
    std::vector<float> embeddingOf(std::size_t row) const; ///< empty: none

    Session& m_session;
    Selection& m_selection;
    QLabel* m_summary;
    QWidget* m_content;
    WrittenStrings* m_strings;
    QListWidget* m_digits;
    ProbeEdit* m_probe;
    AnswersView* m_answers;
    QBoxLayout* m_reading = nullptr; ///< of probe and answers
    std::vector<RecordedDigit> m_recorded;
    std::vector<float> m_place; ///< empty: none
    std::optional<Whom> m_whom;
    zoo::TaskFamily m_family = zoo::TaskFamily::Custom;
    bool m_seen = false;
    JobRunner::Id m_letting = 0;
    JobRunner::Id m_asking = 0;
    std::shared_ptr<Emulators> m_emulators; ///< used by jobs only
    JobRunner m_runner; ///< the last to come: it waits for its job
};

} // namespace rnnscope::ui
