#pragma once

#include "core/base/matrix.h"
#include "core/engine/engine.h"
#include "core/prediction/head.h"
#include "core/zoo/checkpoint.h"
#include "core/zoo/zoo.h"

#include <QObject>
#include <QString>
#include <QStringList>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace rnnscope::ui {

/// One zoo as one checkpoint sees it. An immutable snapshot; a new one is published as more networks are embedded.
struct EmbeddedZoo
{
    std::shared_ptr<const zoo::Zoo> zoo;
    std::shared_ptr<const zoo::Checkpoint> checkpoint;
    Matrix embedding; ///< [N, D]; NaN rows: not embedded (yet)
    Matrix map; ///< [N, 2], PCA
    double explained[2] = {0.0, 0.0}; ///< variance share of the two axes
    std::vector<prediction::Prediction> predictions; ///< one per head, n = N
    std::vector<zoo::Split> splits; ///< [N]
    /// [N] 0..100, share of training networks that are closer to the others than this one is (core/prediction/trust.h);
    /// NaN rows: not embedded. Empty: unknown.
    std::vector<double> trust;
    std::optional<std::size_t> learningStep; ///< of the encoder, while it is being trained
    std::vector<std::size_t> failed; ///< rows with NaN or infinite weights
    std::size_t done = 0; ///< rows embedded or failed so far
    bool complete = false;
};

/// How the session gets its engine; tests give a fake one.
using EngineLoader = std::function<Result<std::shared_ptr<engine::Engine>>()>;

class EvaluationRun;
class Training;

/// What is open and shown: zoos, checkpoints, the current pair and its embedding. Lives on the GUI thread; opening,
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

    const std::vector<std::shared_ptr<const zoo::Zoo>>& zoos() const;
    const std::vector<std::shared_ptr<const zoo::Checkpoint>>& checkpoints() const;
    std::shared_ptr<const zoo::Zoo> currentZoo() const; ///< null when nothing is open
    std::shared_ptr<const zoo::Checkpoint> currentCheckpoint() const; ///< null when none fits
    /// Those that can read the current zoo, in order of opening.
    std::vector<std::shared_ptr<const zoo::Checkpoint>> fittingCheckpoints() const;
    /// Null until the first networks are embedded.
    std::shared_ptr<const EmbeddedZoo> embedded() const;
    bool busy() const;

    /// Zoos, authors' folders, checkpoints, mixed; what they are is worked out from their content.
    void open(const QStringList& paths);
    void setCurrentZoo(const std::shared_ptr<const zoo::Zoo>& zoo);
    void setCurrentCheckpoint(const std::shared_ptr<const zoo::Checkpoint>& checkpoint);
    void close(const std::shared_ptr<const zoo::Zoo>& zoo);
    void cancel(); ///< the running work, within a second; the training when nothing else runs
    /// Trains encoders. While it does, the encoder is one of checkpoints(): replaced by a newer one now and then, and
    /// in the end by the finished one.
    Training& training();
    EvaluationRun& evaluation();
    /// Probes and answers of one network; answered by traceReady unless superseded by a later request.
    void requestTrace(std::size_t row);

Q_SIGNALS:
    void filesChanged(); ///< zoos or checkpoints
    void currentChanged(); ///< current zoo or checkpoint
    void embeddedChanged();
    void traceReady(std::size_t row, std::shared_ptr<const engine::Traces> traces); ///< empty traces: no probes
    void failed(const QString& message, const QString& detail); ///< one sentence for the message bar
    void noted(const QString& message);
    void workChanged(const QString& what, std::size_t done, std::size_t total); ///< total 0: idle
    /// A checkpoint of a training that has not come to its end was opened.
    void unfinishedOpened(std::shared_ptr<const zoo::Checkpoint> checkpoint);
    void deviceChanged(const QString& description);

private:
    struct Private;
    std::unique_ptr<Private> m_d;
};

} // namespace rnnscope::ui
