#pragma once

#include "core/engine/engine.h"
#include "core/weights/load.h"
#include "core/weights/weight_zoo.h"
#include "core/zoo/checkpoint.h"
#include "core/zoo/zoo.h"
#include "ui/models/activity.h"
#include "ui/models/embedded_zoo.h"
#include "ui/models/symmetry.h"

#include <QObject>
#include <QString>
#include <QStringList>

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace rnnscope::ui {

/// Networks from weight files: stars on the map, each file by itself.
struct WeightsOpened
{
    std::shared_ptr<const zoo::Zoo> zoo;
    std::vector<weights::LoadReport> reports; ///< one per file
};

/// How the session gets its engine; tests give a fake one.
using EngineLoader = std::function<Result<std::shared_ptr<engine::Engine>>()>;

class Emulators;
class EvaluationRun;
class FileQuestions;
class MapLayout;
class Saving;
class Training;

struct Opened;

/// What is open and shown. The current checkpoint puts all zoos and dropped files it can read on one map, but for those
/// that are hidden; the current zoo is the one that is trained on and evaluated. Lives on the GUI thread; opening,
/// embedding and tracing run as jobs.
class Session : public QObject
{
    Q_OBJECT
public:
    explicit Session(QObject* parent = nullptr); ///< with engine::loadEngine
    explicit Session(EngineLoader loader, QObject* parent = nullptr);
    ~Session() override;

    /// Loads the engine in the background, so that the first embedding need not wait for it. Once, after the window
    /// shows; without it the first embedding loads the engine.
    void loadEngine();
    /// Embeddings are found again in this folder by content, from one start of the program to the next, and need no
    /// engine then. Before anything is opened.
    void keepEmbeddingsIn(const QString& folder);

    const std::vector<std::shared_ptr<const zoo::Zoo>>& zoos() const; ///< without dropped files
    const std::vector<WeightsOpened>& dropped() const;
    const std::vector<std::shared_ptr<const zoo::Checkpoint>>& checkpoints() const;
    std::shared_ptr<const zoo::Zoo> currentZoo() const; ///< null when none is open
    std::shared_ptr<const zoo::Checkpoint> currentCheckpoint() const; ///< null when none fits
    /// Those that can read the current zoo, in order of opening; without one those that can read a dropped file.
    std::vector<std::shared_ptr<const zoo::Checkpoint>> fittingCheckpoints() const;
    /// The map. Null until the first networks are embedded; always by the current checkpoint.
    std::shared_ptr<const EmbeddedZoo> embedded() const;
    /// The current zoo alone, by its own rows; null unless it is embedded.
    std::shared_ptr<const EmbeddedZoo> currentEmbedded() const;
    bool busy() const;

    /// Zoos, authors' folders, checkpoints, weight files, mixed; what they are is worked out from their content.
    void open(const QStringList& paths);
    /// Networks from weight files, as open() does with what it finds: few are dropped files, many a zoo. Those of the
    /// same files as before take their place.
    void addWeights(const weights::WeightZoos& loaded);
    /// Copies of these networks of the map with their hidden units in another order, as dropped files; in place of
    /// those there were, once their weights have been read.
    void addPermuted(const std::vector<std::size_t>& rows);
    void removePermuted();
    const std::vector<PermutedCopies>& permuted() const;
    /// A checkpoint made in memory, shown if it fits; it takes the place of an open one of the same path.
    void addCheckpoint(const std::shared_ptr<const zoo::Checkpoint>& checkpoint);
    /// What was made of the weight file that a network of an open zoo or dropped file comes from; null for others.
    const weights::LoadReport* loadReport(const std::shared_ptr<const zoo::Zoo>& zoo, std::size_t row) const;
    void setCurrentZoo(const std::shared_ptr<const zoo::Zoo>& zoo); ///< and shows it
    void setCurrentCheckpoint(const std::shared_ptr<const zoo::Checkpoint>& checkpoint);
    /// Of zoos and dropped files; one that the current checkpoint cannot read is not on the map all the same.
    void show(const std::shared_ptr<const zoo::Zoo>& zoo);
    void hide(const std::shared_ptr<const zoo::Zoo>& zoo);
    bool isHidden(const std::shared_ptr<const zoo::Zoo>& zoo) const;
    /// Why the current checkpoint does not put it on the map.
    Result<void> readable(const zoo::Zoo& zoo) const;
    /// The smallest number that was free when it was opened: its colour and shape.
    std::size_t number(const std::shared_ptr<const zoo::Zoo>& zoo) const;
    void close(const std::shared_ptr<const zoo::Zoo>& zoo); ///< a zoo or a dropped file
    void closeAll(); ///< zoos, dropped files and checkpoints; one that is being trained stays
    /// What open() was given and something of is still open, in order.
    QStringList openedPaths() const;
    void cancel(); ///< the running work, within a second; the training when nothing else runs
    /// Trains encoders. While it does, the encoder is one of checkpoints(): replaced by a newer one now and then, and
    /// in the end by the finished one.
    Training& training();
    EvaluationRun& evaluation();
    FileQuestions& questions(); ///< asks about what open() found and could not open by itself
    Saving& saving();
    MapLayout& layout(); ///< where the networks of embedded() lie on the map
    /// The networks of the map by another encoder, as far as it can read them, for a map beside it. `done` is called
    /// once, with null when there is nothing, unless `owner` dies before.
    using OtherMap = std::function<void(std::shared_ptr<const EmbeddedZoo>)>;
    void embedBy(const std::shared_ptr<const zoo::Checkpoint>& other, QObject* owner, OtherMap done);
    /// Emulators for jobs on another thread. Keeps the engine, and may outlive the session.
    std::shared_ptr<Emulators> makeEmulators() const;
    /// Probes and answers of networks of the map; answered by traceReady for each, in that order and one right after
    /// the other, unless superseded by a later request.
    void requestTraces(const std::vector<std::size_t>& rows);
    /// What the gates of some of the networks that answered last let through; answered by activityReady once more.
    void requestGates(const std::vector<std::size_t>& rows);

Q_SIGNALS:
    void filesChanged(); ///< zoos, dropped files, checkpoints, or what is hidden
    void currentChanged(); ///< current zoo or checkpoint
    void embeddedChanged();
    void arrived(std::shared_ptr<const zoo::Zoo> zoo); ///< a dropped file that is, or will be, on the map
    void weightsLoaded(std::vector<weights::LoadReport> reports);
    void weightsRefused(std::vector<weights::Refused> refused); ///< questions() and failed() have said so
    void traceReady(std::size_t row, std::shared_ptr<const engine::Traces> traces); ///< empty traces: no probes
    /// What went on inside that network as it answered, without gates until they are requested; after traceReady, where
    /// there are probes that fit.
    void activityReady(std::size_t row, std::shared_ptr<const Activity> activity);
    void failed(const QString& message, const QString& detail); ///< one sentence for the message bar
    void noted(const QString& message);
    void workChanged(const QString& what, std::size_t done, std::size_t total); ///< total 0: idle
    /// A checkpoint of a training that has not come to its end was opened.
    void unfinishedOpened(std::shared_ptr<const zoo::Checkpoint> checkpoint);
    /// A published encoder was opened; it has to be imported before it can be used.
    void encoderStateFound(const QString& path);
    void deviceChanged(const QString& description);

private:
    struct Private;
    std::unique_ptr<Private> m_d;
};

} // namespace rnnscope::ui
