#include "core/evaluation/evaluation.h"
#include "core/tasks/dataset_split.h"
#include "evaluation/scripted_engine.h"
#include "nn/synthetic_zoo.h"

#include <cmath>
#include <gmock/gmock.h>

namespace {

using namespace rnnscope;
using namespace rnnscope::evaluation;
using testing::HasSubstr;

class Evaluate : public testing::Test
{
protected:
    Evaluate()
    {
        options.resplits = 0;
        options.samples = 0;
        options.rawBaselines = false;
    }

    /// Trained on the zoo of this test, or (with another fingerprint) elsewhere.
    std::shared_ptr<zoo::Checkpoint> checkpoint(const std::string& path, bool here = true) const
    {
        auto made = std::make_shared<zoo::Checkpoint>();
        made->path = path;
        made->config = zoo::compactConfig(zoo::EncoderKind::LayerwiseStatistics, zoo->architecture, zoo->family);
        made->config.embeddingSize = 2;
        made->emulator["some.weight"] = {{1}, {1.0F}};
        made->heads = {engine.head(2)};
        made->zooFingerprint = here ? zoo::fingerprint(*zoo).value() : "0123456789abcdef";
        made->training.emplace();
        made->training->splits = plan.runs;
        return made;
    }

    Evaluation evaluated(const Checkpoints& checkpoints)
    {
        NoProgress progress;
        auto result = evaluate(engine, zoo, checkpoints, options, progress, {});
        EXPECT_TRUE(result) << (result ? "" : result.error().message);
        return result ? *result : Evaluation {};
    }

    static const Entry* find(const std::vector<Entry>& entries, const std::string& property, const std::string& metric,
                             Part part, const std::string& method = "layerwise_statistics")
    {
        for (const Entry& e : entries)
            if (e.property == property && e.metric == metric && e.part == part && e.method == method)
                return &e;
        return nullptr;
    }

    double meanRow(std::initializer_list<zoo::Split> splits) const
    {
        double sum = 0.0;
        double count = 0.0;
        for (std::size_t row = 0; row < plan.rows.size(); ++row)
            for (const zoo::Split split : splits)
                if (plan.rows[row] == split) {
                    sum += static_cast<double>(row) / 100.0;
                    ++count;
                }
        return sum / count;
    }

    test::SyntheticZoo synthetic {20};
    std::shared_ptr<zoo::Zoo> zoo = synthetic.zoo;
    tasks::SplitPlan plan = tasks::splitZoo(*zoo);
    test::ScriptedEngine engine;
    EvaluationOptions options;
};

TEST_F(Evaluate, EmulationLossesStandBesideTheConstantEmbedding)
{
    const Evaluation table = evaluated({checkpoint("a.h5")});
    const Entry* validation = find(table.entries, "emulation", "total_variation", Part::Validation);
    ASSERT_NE(validation, nullptr);
    EXPECT_NEAR(validation->value.mean, meanRow({zoo::Split::Validation, zoo::Split::Calibration}), 1e-12);
    EXPECT_NEAR(find(table.entries, "emulation", "total_variation", Part::Ood)->value.mean, meanRow({zoo::Split::Ood}),
                1e-12);
    // 0.5 for the selecting networks and 0.6 for the calibrating ones, as many as there are of them
    const auto count
        = [&](zoo::Split split) { return static_cast<double>(std::count(plan.rows.begin(), plan.rows.end(), split)); };
    const double selecting = count(zoo::Split::Validation);
    const double calibrating = count(zoo::Split::Calibration);
    EXPECT_NEAR(validation->baseline, (0.5 * selecting + 0.6 * calibrating) / (selecting + calibrating), 1e-12);
}

TEST_F(Evaluate, ConstantEmbeddingIsTrainedOnceAndOnlyWhereItIsMissing)
{
    const auto known = checkpoint("known.h5");
    known->constant = zoo::ConstantBaseline {100, 0.1, 0.2, 0.2, 0.25};
    const Evaluation table = evaluated({known});
    EXPECT_EQ(engine.constantTrainings, 0);
    EXPECT_DOUBLE_EQ(find(table.entries, "emulation", "total_variation", Part::Ood)->baseline, 0.25);
    evaluated({checkpoint("a.h5"), checkpoint("b.h5")});
    EXPECT_EQ(engine.constantTrainings, 1);
}

TEST_F(Evaluate, CheckpointsOfOneConfigAreSeedsOfOneMethod)
{
    const auto other = checkpoint("c.h5");
    other->config.mlpHiddenSizes = {7};
    const Evaluation table = evaluated({checkpoint("a.h5"), checkpoint("b.h5"), other});
    const Entry* both = find(table.entries, "emulation", "total_variation", Part::Ood);
    ASSERT_NE(both, nullptr);
    EXPECT_EQ(both->value.seeds, 2U);
    EXPECT_DOUBLE_EQ(both->value.halfWidth, 0.0);
    const Entry* alone = find(table.entries, "emulation", "total_variation", Part::Ood, "layerwise_statistics (2)");
    ASSERT_NE(alone, nullptr);
    EXPECT_EQ(alone->value.seeds, 1U);
}

TEST_F(Evaluate, IntervalsThatHoldTheTruthCoverAndOthersDoNot)
{
    // accuracies are 0 and 1, all are predicted as 0.5
    EXPECT_DOUBLE_EQ(find(evaluated({checkpoint("a.h5")}).entries, "accuracy", "coverage", Part::Ood)->value.mean, 1.0);
    engine.halfWidth = 0.4;
    const Evaluation narrow = evaluated({checkpoint("a.h5")});
    EXPECT_DOUBLE_EQ(find(narrow.entries, "accuracy", "coverage", Part::Ood)->value.mean, 0.0);
    EXPECT_DOUBLE_EQ(find(narrow.entries, "accuracy", "coverage", Part::Ood)->baseline, 0.9);
    EXPECT_DOUBLE_EQ(find(narrow.entries, "accuracy", "mean_absolute_error", Part::Ood)->value.mean, 0.5);
}

TEST_F(Evaluate, CoverageLeavesCalibratingNetworksOut)
{
    const Evaluation table = evaluated({checkpoint("a.h5")});
    const auto selecting
        = static_cast<std::size_t>(std::count(plan.rows.begin(), plan.rows.end(), zoo::Split::Validation));
    EXPECT_EQ(find(table.entries, "accuracy", "coverage", Part::Validation)->networks, selecting);
    EXPECT_GT(find(table.entries, "accuracy", "mean_absolute_error", Part::Validation)->networks, selecting);
}

TEST_F(Evaluate, AnotherZooIsUnseen)
{
    const Evaluation table = evaluated({checkpoint("a.h5", false)});
    const Entry* unseen = find(table.entries, "emulation", "total_variation", Part::Unseen);
    ASSERT_NE(unseen, nullptr);
    EXPECT_EQ(unseen->networks, zoo->size);
    for (const Entry& entry : table.entries)
        EXPECT_EQ(entry.part, Part::Unseen) << entry.property << " " << entry.metric;
}

TEST_F(Evaluate, PredictorsThatAreMissingAreTrainedAndItSaysSo)
{
    const auto bare = checkpoint("bare.h5");
    bare->heads.clear();
    const Evaluation table = evaluated({bare});
    EXPECT_EQ(engine.headTrainings, 1);
    EXPECT_THAT(table.notes, testing::Contains(HasSubstr("bare.h5 holds no predictors")));
    EXPECT_NE(find(table.entries, "accuracy", "coverage", Part::Ood), nullptr);
}

TEST_F(Evaluate, EveryResplitTrainsHeadsAnew)
{
    options.resplits = 4;
    const Evaluation table = evaluated({checkpoint("a.h5")});
    EXPECT_EQ(engine.headTrainings, 4);
    const Entry* coverage = find(table.entries, "accuracy", "coverage", Part::Resplits);
    ASSERT_NE(coverage, nullptr);
    EXPECT_DOUBLE_EQ(coverage->value.mean, 1.0);
    EXPECT_EQ(coverage->networks,
              4U * static_cast<std::size_t>(std::count(plan.rows.begin(), plan.rows.end(), zoo::Split::Ood)));
}

TEST_F(Evaluate, WeightsWithoutAnEncoderAreInTheTable)
{
    options.rawBaselines = true;
    const Evaluation table = evaluated({checkpoint("a.h5")});
    EXPECT_NE(find(table.entries, "accuracy", "mean_absolute_error", Part::Ood, "raw statistics"), nullptr);
    EXPECT_NE(find(table.entries, "accuracy", "mean_absolute_error", Part::Ood, "PCA of the weights"), nullptr);
    EXPECT_EQ(find(table.entries, "emulation", "total_variation", Part::Ood, "raw statistics"), nullptr);
}

TEST_F(Evaluate, AccuraciesAreMeasuredByRunningTheNetworks)
{
    options.samples = 20;
    const Evaluation table = evaluated({checkpoint("a.h5")});
    EXPECT_NE(find(table.measured, "accuracy", "mean", Part::Ood, "recorded in the zoo"), nullptr);
    EXPECT_NE(find(table.measured, "accuracy", "mean_absolute_error", Part::Ood), nullptr);
    EXPECT_NE(find(table.measured, "ordered_accuracy", "mean", Part::Ood, "recorded in the zoo"), nullptr);
}

TEST_F(Evaluate, DigitsThatAreMissingAreAskedFor)
{
    options.samples = 20;
    zoo->family = zoo::TaskFamily::SequentialMnist;
    const Evaluation table = evaluated({checkpoint("a.h5")});
    EXPECT_TRUE(table.measured.empty());
    EXPECT_THAT(table.notes, testing::Contains(HasSubstr("--mnist")));
}

TEST_F(Evaluate, EncoderThatDoesNotFitIsNamed)
{
    const auto other = checkpoint("other.h5");
    other->config.rnn.hiddenSize = 99;
    NoProgress progress;
    const auto result = evaluate(engine, zoo, {other}, options, progress, {});
    ASSERT_FALSE(result);
    EXPECT_THAT(result.error().message, HasSubstr("other.h5"));
}

TEST_F(Evaluate, CanBeCancelled)
{
    std::stop_source stop;
    stop.request_stop();
    NoProgress progress;
    const auto result = evaluate(engine, zoo, {checkpoint("a.h5")}, options, progress, stop.get_token());
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Errc::Cancelled);
}

} // namespace
