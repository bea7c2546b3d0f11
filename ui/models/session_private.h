#pragma once

#include "ui/jobs/job.h"
#include "ui/models/compute_state.h"
#include "ui/models/evaluation_run.h"
#include "ui/models/file_questions.h"
#include "ui/models/map_layout.h"
#include "ui/models/opening.h"
#include "ui/models/saving.h"
#include "ui/models/session.h"
#include "ui/models/training.h"

#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

namespace rnnscope::ui {

struct Session::Private
{
    using ZooPtr = std::shared_ptr<const zoo::Zoo>;
    using CheckpointPtr = std::shared_ptr<const zoo::Checkpoint>;
    using Pair = std::pair<ZooPtr, CheckpointPtr>;

    /// A network of the map and where its weights are.
    struct Asked
    {
        std::size_t row = 0; ///< of the map
        ZooPtr zoo;
        std::size_t place = 0; ///< row of the zoo
    };
    struct Answered
    {
        Asked asked;
        std::shared_ptr<const engine::Traces> traces;
        std::shared_ptr<const Activity> activity; ///< null: the network could not be run
    };

    Private(Session& session, EngineLoader loader);

    bool isOpen(const ZooPtr& candidate) const; ///< as a zoo
    bool isDropped(const ZooPtr& candidate) const;
    Result<void> reads(const CheckpointPtr& reader, const zoo::Zoo& candidate) const;
    std::vector<CheckpointPtr> fitting(const ZooPtr& candidate) const;
    CheckpointPtr preferred(const ZooPtr& candidate) const;
    std::size_t numberOf(const ZooPtr& candidate) const;
    void report(const Error& error);
    void tellIdle();

    // session_files.cpp
    void take(const Opened& opened);
    void addNew(const Opened& opened, std::vector<ZooPtr>& newZoos, std::vector<CheckpointPtr>& newCheckpoints);
    void choose(const std::vector<ZooPtr>& newZoos);
    void adopt(const std::vector<CheckpointPtr>& newCheckpoints);
    void explainUnfit(const zoo::Checkpoint& unfit);
    void addWeights(const std::vector<weights::WeightZoos>& batches, std::vector<Error> errors);
    void addRefused(const std::vector<weights::Refused>& refused, const std::filesystem::path& labels,
                    std::vector<Error>& errors);
    void takeWeights(const std::vector<WeightsOpened>& loaded);
    void giveNumber(const ZooPtr& fresh);
    void replaceSameFiles(const zoo::Zoo& fresh);
    CheckpointPtr readerOfDropped() const;
    void place(const std::vector<ZooPtr>& arrivals);
    void explainUnread(const zoo::Zoo& candidate);
    void forgetZoo(const ZooPtr& closed);
    static constexpr std::size_t kLongestPath = 400; ///< in details of messages

    // session_questions.cpp
    void connectQuestions();
    std::vector<zoo::Architecture> shapes() const;
    void takeCheckpoint(const CheckpointPtr& fresh);

    // session_map.cpp
    std::shared_ptr<const EmbeddedZoo> partOf(const ZooPtr& candidate) const;
    std::vector<Member> wanted() const;
    void become(const ZooPtr& newZoo, const CheckpointPtr& newCheckpoint);
    void arrange();
    void prepare();
    std::shared_ptr<const EmbeddedZoo> atHand(const std::vector<Member>& members) const;
    void startEmbedding(std::vector<Member> members);
    void keep(const std::shared_ptr<const EmbeddedZoo>& part);
    void remember();
    void finishEmbedding(const Result<std::shared_ptr<const EmbeddedZoo>>& result);
    void fallBack();
    void settle(const std::shared_ptr<const EmbeddedZoo>& whole);
    void setEmbedded(std::shared_ptr<const EmbeddedZoo> snapshot);
    void dropWork();

    // session_traces.cpp
    std::vector<Asked> placesOf(const std::vector<std::size_t>& rows) const;
    void dropTrace();

    // session_symmetry.cpp
    void takePermuted(const std::vector<PermutedCopies>& copies);

    // session_learning.cpp
    void connectTraining();
    void showLearning(const std::shared_ptr<const EmbeddedZoo>& snapshot);
    void showTrained(const CheckpointPtr& trained);
    void dropLearning();
    void forgetCheckpoint(const CheckpointPtr& gone);
    void tellTraining();

    Session& q;
    QStringList given; ///< paths given to open()
    std::vector<ZooPtr> zoos;
    std::vector<WeightsOpened> dropped;
    std::map<ZooPtr, std::vector<weights::LoadReport>> reports; ///< of what weight files became
    std::vector<PermutedCopies> permuted;
    std::set<ZooPtr> hidden;
    std::map<ZooPtr, std::size_t> numbers; ///< of all zoos and dropped files
    std::vector<CheckpointPtr> checkpoints;
    ZooPtr zoo;
    CheckpointPtr checkpoint;
    std::map<ZooPtr, CheckpointPtr> chosen; ///< per zoo, by the user or by default
    std::map<Pair, std::shared_ptr<const EmbeddedZoo>> cache; ///< complete ones, each zoo alone
    std::vector<std::shared_ptr<const EmbeddedZoo>> unsaved; ///< to be kept on disk when there is nothing else to do
    std::shared_ptr<const EmbeddedZoo> embedded;
    std::shared_ptr<const EmbeddedZoo> lastComplete; ///< what Cancel goes back to
    ZooPtr lastZoo; ///< the current one then
    CheckpointPtr learning; ///< the encoder that is being trained as the last map shows it; one of `checkpoints`
    JobRunner::Id embedJob = 0;
    JobRunner::Id otherJob = 0; ///< for a map beside the map
    std::vector<ZooPtr> embedding; ///< those embedJob puts on the map
    CheckpointPtr embeddingBy; ///< and by what
    JobRunner::Id copyJob = 0; ///< of networks, to permute them
    JobRunner::Id traceJob = 0;
    JobRunner::Id gateJob = 0;
    std::vector<Answered> answered; ///< to the last requestTraces()
    std::shared_ptr<ComputeState> compute; ///< used by jobs of `computing` only, but for the engine
    JobRunner loading; ///< of the engine, which known embeddings need not wait for
    JobRunner opening;
    JobRunner laying; ///< maps, beside the embedding of other networks
    JobRunner computing; ///< its destructor waits for jobs that use the rest
    Training training {computing, compute};
    EvaluationRun evaluating {computing, compute};
    FileQuestions asking {opening, [this] { return shapes(); }};
    Saving writing {opening};
    MapLayout layout {laying};
};

} // namespace rnnscope::ui
