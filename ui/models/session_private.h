#pragma once

#include "ui/jobs/job.h"
#include "ui/models/compute_state.h"
#include "ui/models/evaluation_run.h"
#include "ui/models/opening.h"
#include "ui/models/session.h"
#include "ui/models/training.h"

#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace rnnscope::ui {

struct Session::Private
{
    using ZooPtr = std::shared_ptr<const zoo::Zoo>;
    using CheckpointPtr = std::shared_ptr<const zoo::Checkpoint>;
    using Pair = std::pair<ZooPtr, CheckpointPtr>;

    Private(Session& session, EngineLoader loader);

    bool isOpen(const ZooPtr& candidate) const;
    std::vector<CheckpointPtr> fitting(const ZooPtr& candidate) const;
    CheckpointPtr preferred(const ZooPtr& candidate) const;

    void take(const Opened& opened);
    void addNew(const Opened& opened, std::vector<ZooPtr>& newZoos, std::vector<CheckpointPtr>& newCheckpoints);
    void adopt(const std::vector<CheckpointPtr>& newCheckpoints);
    void explainUnfit(const zoo::Checkpoint& checkpoint);
    void show(const ZooPtr& newZoo, const CheckpointPtr& newCheckpoint);
    void startEmbedding();
    void finishEmbedding(const Pair& pair, const Result<std::shared_ptr<const EmbeddedZoo>>& result);
    void fallBack();
    void setEmbedded(std::shared_ptr<const EmbeddedZoo> snapshot);
    void dropTrace();
    void dropWork();
    void report(const Error& error);
    void forgetZoo(const ZooPtr& closed);
    void tellIdle();

    // session_learning.cpp
    void connectTraining();
    void showLearning(const std::shared_ptr<const EmbeddedZoo>& snapshot);
    void showTrained(const CheckpointPtr& trained);
    void dropLearning();
    void forgetCheckpoint(const CheckpointPtr& gone);
    void tellTraining();

    Session& q;
    std::vector<ZooPtr> zoos;
    std::vector<CheckpointPtr> checkpoints;
    ZooPtr zoo;
    CheckpointPtr checkpoint;
    std::map<ZooPtr, CheckpointPtr> chosen; ///< per zoo, by the user or by default
    std::map<Pair, std::shared_ptr<const EmbeddedZoo>> cache; ///< complete ones
    std::shared_ptr<const EmbeddedZoo> embedded;
    std::shared_ptr<const EmbeddedZoo> lastComplete; ///< what Cancel goes back to
    CheckpointPtr learning; ///< the encoder that is being trained as the last map shows it; one of `checkpoints`
    JobRunner::Id embedJob = 0;
    JobRunner::Id traceJob = 0;
    std::shared_ptr<ComputeState> compute; ///< used by jobs of `computing` only
    JobRunner opening;
    JobRunner computing; ///< its destructor waits for jobs that use the rest
    Training training {computing, compute};
    EvaluationRun evaluating {computing, compute};
};

} // namespace rnnscope::ui
