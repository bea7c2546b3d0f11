#include "ui/models/session_private.h"

#include <algorithm>
#include <system_error>
#include <utility>

namespace rnnscope::ui {

void Session::Private::connectTraining()
{
    connect(&training, &Training::learned, &q,
            [this](const std::shared_ptr<const EmbeddedZoo>& snapshot) { showLearning(snapshot); });
    connect(&training, &Training::finished, &q, [this](const CheckpointPtr& trained) { showTrained(trained); });
    connect(&training, &Training::ended, &q, [this] { dropLearning(); });
    connect(&training, &Training::failed, &q, &Session::failed);
    connect(&training, &Training::noted, &q, &Session::noted);
    connect(&evaluating, &EvaluationRun::failed, &q, &Session::failed);
    connect(&evaluating, &EvaluationRun::noted, &q, &Session::noted);
    for (const auto signal : {&Training::advanced, &Training::stateChanged})
        connect(&training, signal, &q, [this] {
            if (!q.busy())
                tellTraining();
        });
}

/// The learning encoder of before gives way to this one wherever it was; the first one is shown at once.
void Session::Private::showLearning(const std::shared_ptr<const EmbeddedZoo>& snapshot)
{
    if (!isOpen(snapshot->zoo))
        return;
    const auto before = std::exchange(learning, snapshot->checkpoint);
    const bool follow = zoo == snapshot->zoo && (!before || checkpoint == before);
    const auto at = std::find(checkpoints.begin(), checkpoints.end(), before);
    if (before && at != checkpoints.end())
        *at = learning;
    else
        checkpoints.push_back(learning);
    if (lastComplete && lastComplete->checkpoint == before)
        lastComplete = snapshot;
    if (before)
        forgetCheckpoint(before);
    cache[{snapshot->zoo, learning}] = snapshot;
    if (follow)
        become(snapshot->zoo, learning);
    Q_EMIT q.filesChanged();
}

/// The finished encoder takes the place of the learning one, and of an older one from the same file.
void Session::Private::showTrained(const CheckpointPtr& trained)
{
    const auto learner = std::exchange(learning, nullptr);
    const auto replaced = [&](const CheckpointPtr& each) {
        std::error_code error;
        return each == learner || each->path == trained->path
            || std::filesystem::equivalent(each->path, trained->path, error);
    };
    for (const auto& each : checkpoints)
        if (replaced(each))
            forgetCheckpoint(each);
    std::erase_if(checkpoints, replaced);
    checkpoints.push_back(trained);
    Q_EMIT q.filesChanged();
    if (const auto& trainedOn = training.plan().zoo; trainedOn == zoo)
        become(zoo, trained);
    else
        chosen[trainedOn] = trained;
}

void Session::Private::dropLearning()
{
    const auto learner = std::exchange(learning, nullptr);
    if (!learner)
        return;
    std::erase(checkpoints, learner);
    forgetCheckpoint(learner);
    Q_EMIT q.filesChanged();
    if (checkpoint == learner)
        become(zoo, zoo ? preferred(zoo) : nullptr);
}

void Session::Private::forgetCheckpoint(const CheckpointPtr& gone)
{
    std::erase_if(chosen, [&](const auto& entry) { return entry.second == gone; });
    std::erase_if(cache, [&](const auto& entry) { return entry.first.second == gone; });
    if (lastComplete && lastComplete->checkpoint == gone)
        lastComplete.reset();
    computing.runSlice(
        &q, [state = compute, gone](JobContext&) -> Result<int> { return state->forget(gone), 0; },
        [](const Result<int>&) {});
}

/// What the status bar says while nothing else runs.
void Session::Private::tellTraining()
{
    const auto& status = training.status();
    if (training.state() == Training::State::Running)
        Q_EMIT q.workChanged(QStringLiteral("Training"), status.step, status.steps);
    else if (training.state() == Training::State::Finishing)
        Q_EMIT q.workChanged(QStringLiteral("Training · %1").arg(training.message()), 0, 1);
    else
        Q_EMIT q.workChanged({}, 0, 0);
}

} // namespace rnnscope::ui
