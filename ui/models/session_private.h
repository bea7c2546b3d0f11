#pragma once

#include "ui/jobs/job.h"
#include "ui/models/compute_state.h"
#include "ui/models/opening.h"
#include "ui/models/session.h"

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

    Session& q;
    std::vector<ZooPtr> zoos;
    std::vector<CheckpointPtr> checkpoints;
    ZooPtr zoo;
    CheckpointPtr checkpoint;
    std::map<ZooPtr, CheckpointPtr> chosen; ///< per zoo, by the user or by default
    std::map<Pair, std::shared_ptr<const EmbeddedZoo>> cache; ///< complete ones
    std::shared_ptr<const EmbeddedZoo> embedded;
    std::shared_ptr<const EmbeddedZoo> lastComplete; ///< what Cancel goes back to
    JobRunner::Id embedJob = 0;
    JobRunner::Id traceJob = 0;
    std::shared_ptr<ComputeState> compute; ///< used by jobs of `computing` only
    JobRunner opening;
    JobRunner computing; ///< last: its destructor waits for jobs that use the rest
};

} // namespace rnnscope::ui
