#include "core/nn/torch_encoder.h"
#include "nn/training_run_case.h"

#include <atomic>
#include <cmath>
#include <gmock/gmock.h>

namespace {

using namespace rnnscope;
using test::advanceTo;
using test::Notes;
using test::smallOptions;
using test::SyntheticZoo;
using test::train;

TEST(Trainer, LossFallsAndEverythingIsRecorded)
{
    const SyntheticZoo synthetic(20);
    Notes notes;
    auto options = smallOptions(*synthetic.zoo);
    options.headProperties.clear(); // every one
    const auto checkpoint = train(synthetic.zoo, options, notes);
    ASSERT_TRUE(checkpoint) << checkpoint.error().message;
    const auto& record = checkpoint->training.value();
    ASSERT_EQ(record.step.size(), 3U);
    EXPECT_LT(record.trainLoss.back(), 0.8 * record.trainLoss.front());
    EXPECT_FALSE(checkpoint->encoder.empty());
    EXPECT_FALSE(checkpoint->emulator.empty());
    EXPECT_EQ(checkpoint->referenceEmbedding.rows, synthetic.zoo->size);
    EXPECT_EQ(checkpoint->heads.size(), 2U);
    EXPECT_FALSE(checkpoint->zooFingerprint.empty());
    EXPECT_EQ(checkpoint->referenceSplits.size(), synthetic.zoo->size);
    EXPECT_EQ(checkpoint->referenceRuns[7], 3);
    EXPECT_FALSE(checkpoint->resume);
    const auto& splits = record.splits;
    EXPECT_EQ(splits.train.size() + splits.validation.size() + splits.calibration.size() + splits.ood.size(), 20U);
}

TEST(Trainer, SameSeedGivesTheSameEncoder)
{
    const SyntheticZoo synthetic(20);
    Notes notes;
    auto options = smallOptions(*synthetic.zoo, zoo::EncoderKind::InteractiveProbing);
    options.steps = 4;
    const auto first = train(synthetic.zoo, options, notes);
    const auto second = train(synthetic.zoo, options, notes);
    ASSERT_TRUE(first && second);
    EXPECT_EQ(first->referenceEmbedding.values, second->referenceEmbedding.values);
    options.seed = 2;
    const auto other = train(synthetic.zoo, options, notes);
    ASSERT_TRUE(other);
    EXPECT_NE(first->referenceEmbedding.values, other->referenceEmbedding.values);
}

TEST(Trainer, FewTasksAreSplitByRunAndItSaysSo)
{
    const SyntheticZoo synthetic(4);
    Notes notes;
    auto options = smallOptions(*synthetic.zoo);
    options.steps = 2;
    const auto checkpoint = train(synthetic.zoo, options, notes);
    ASSERT_TRUE(checkpoint) << checkpoint.error().message;
    EXPECT_THAT(notes.all, testing::HasSubstr("by run"));
    EXPECT_THAT(checkpoint->provenance, testing::HasSubstr("\"split\":\"run\""));
}

TEST(Trainer, NetworksThatAreNotFiniteAreNamedAndLeftOut)
{
    SyntheticZoo synthetic(20);
    const std::size_t columns = synthetic.zoo->architecture.parameterCount();
    synthetic.weights()[5 * columns + 3] = std::numeric_limits<float>::quiet_NaN();
    Notes notes;
    auto options = smallOptions(*synthetic.zoo);
    options.steps = 20;
    const auto checkpoint = train(synthetic.zoo, options, notes);
    ASSERT_TRUE(checkpoint) << checkpoint.error().message;
    EXPECT_THAT(notes.all, testing::HasSubstr("rows 5"));
    EXPECT_TRUE(std::isfinite(checkpoint->training->trainLoss.back()));
    EXPECT_TRUE(std::isnan(checkpoint->referenceEmbedding(5, 0)));
    EXPECT_TRUE(std::isfinite(checkpoint->referenceEmbedding(6, 0)));
}

TEST(Trainer, StopsWhenCancelled)
{
    const SyntheticZoo synthetic(20);
    Notes notes;
    notes.stopAt = 3;
    const auto checkpoint = train(synthetic.zoo, smallOptions(*synthetic.zoo), notes);
    ASSERT_FALSE(checkpoint);
    EXPECT_EQ(checkpoint.error().code, Errc::Cancelled);
}

TEST(Trainer, KeepsTheEncoderWithTheLowestValidationLoss)
{
    const SyntheticZoo synthetic(20);
    Notes notes;
    auto options = smallOptions(*synthetic.zoo);
    options.learningRate = 0.3; // jumps about
    options.finalLearningRate = 0.3;
    options.evaluateEvery = 5;
    auto run = test::start(synthetic.zoo, options, notes).value();
    zoo::State best;
    double lowest = std::numeric_limits<double>::infinity();
    while (!run->done()) {
        const std::size_t evaluations = run->record().step.size();
        ASSERT_TRUE(run->advance(notes, {}));
        if (run->record().step.size() > evaluations && run->record().validationLoss.back() < lowest) {
            lowest = run->record().validationLoss.back();
            best = run->current().encoder;
        }
    }
    ASSERT_GT(run->record().validationLoss.back(), lowest) << "the last is the best: nothing was tested";
    const auto kept = run->snapshot().encoder;
    for (const auto& [name, tensor] : best)
        EXPECT_EQ(kept.at(name).values, tensor.values) << name;
}

TEST(Trainer, StopsEarlyWithoutABetterValidationLoss)
{
    const SyntheticZoo synthetic(20);
    Notes notes;
    auto options = smallOptions(*synthetic.zoo);
    options.steps = 100000;
    options.learningRate = 1.0;
    options.finalLearningRate = 1.0;
    options.evaluateEvery = 1;
    options.patience = 3;
    auto run = test::start(synthetic.zoo, options, notes).value();
    ASSERT_TRUE(advanceTo(*run, options.steps, notes));
    EXPECT_LT(run->step(), options.steps);
    const auto& losses = run->record().validationLoss;
    const auto best = std::min_element(losses.begin(), losses.end());
    EXPECT_EQ(losses.end() - best, 4);
}

/// A disk that can be taken away.
class FailingRollouts final : public zoo::RolloutSource
{
public:
    explicit FailingRollouts(std::shared_ptr<const zoo::RolloutSource> source)
        : m_source(std::move(source))
    {
    }
    zoo::RolloutShape shape() const override { return m_source->shape(); }
    Result<void> readInputs(std::size_t row, std::size_t first, std::size_t count, std::span<float> out) const override
    {
        return m_source->readInputs(row, first, count, out);
    }
    Result<void> readLogits(std::size_t row, std::size_t first, std::size_t count, std::span<float> out) const override
    {
        if (failing)
            return fail(Errc::Io, "the disk is gone");
        return m_source->readLogits(row, first, count, out);
    }
    std::atomic<bool> failing = false;

private:
    std::shared_ptr<const zoo::RolloutSource> m_source;
};

TEST(Trainer, AFailedEvaluationLeavesTheRunAsItWas)
{
    SyntheticZoo synthetic(20);
    Notes notes;
    auto options = smallOptions(*synthetic.zoo);
    options.evaluateEvery = 3;
    const auto rollouts = std::make_shared<FailingRollouts>(synthetic.zoo->rollouts);
    synthetic.zoo->rollouts = rollouts;
    auto run = test::start(synthetic.zoo, options, notes).value();
    ASSERT_TRUE(advanceTo(*run, 2, notes));
    const auto before = run->current().encoder;
    rollouts->failing = true; // batches have been read ahead, the networks of the evaluation have not
    const auto failed = run->advance(notes, {});
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().message, "the disk is gone");
    EXPECT_EQ(run->step(), 2U);
    EXPECT_TRUE(run->record().step.empty());
    for (const auto& [name, tensor] : run->current().encoder)
        EXPECT_EQ(tensor.values, before.at(name).values) << name;
    rollouts->failing = false;
    ASSERT_TRUE(run->advance(notes, {}));
    const auto unbroken = test::start(synthetic.zoo, options, notes).value();
    ASSERT_TRUE(advanceTo(*unbroken, 3, notes));
    EXPECT_EQ(run->record().trainLoss, unbroken->record().trainLoss);
    EXPECT_EQ(run->record().validationLoss, unbroken->record().validationLoss);
}

TEST(Trainer, ZooWithoutRolloutsIsRefused)
{
    const SyntheticZoo synthetic(20);
    synthetic.zoo->rollouts = nullptr;
    Notes notes;
    const auto checkpoint = train(synthetic.zoo, smallOptions(*synthetic.zoo), notes);
    ASSERT_FALSE(checkpoint);
    EXPECT_THAT(checkpoint.error().message, testing::HasSubstr("no roll-outs"));
}

TEST(TorchEncoder, BadRowsAreNamedAndTheOthersUnchanged)
{
    SyntheticZoo synthetic(10);
    Notes notes;
    auto options = smallOptions(*synthetic.zoo, zoo::EncoderKind::InteractiveProbing);
    options.steps = 1;
    const auto checkpoint = train(synthetic.zoo, options, notes);
    ASSERT_TRUE(checkpoint) << checkpoint.error().message;
    const std::size_t columns = synthetic.zoo->architecture.parameterCount();
    synthetic.weights()[4 * columns] = std::numeric_limits<float>::infinity();
    auto encoder = nn::TorchEncoder::make(*checkpoint, c10::Device(c10::kCPU));
    ASSERT_TRUE(encoder) << encoder.error().message;
    std::vector<std::size_t> failed;
    const auto sink = [&](engine::EncodedBlock&& block) -> Result<void> {
        failed.insert(failed.end(), block.failed.begin(), block.failed.end());
        for (std::size_t i = 0; i < block.embedding.rows; ++i) {
            const bool bad = block.first + i == 4;
            EXPECT_EQ(std::isnan(block.embedding(i, 0)), bad);
            EXPECT_EQ(std::isnan(block.traces.outputs[i * block.traces.outputs.size() / block.embedding.rows]), bad);
            if (!bad) {
                EXPECT_NEAR(block.embedding(i, 1), checkpoint->referenceEmbedding(block.first + i, 1), 1e-5);
            }
        }
        return {};
    };
    const engine::EncodeOptions small {.traces = true, .batch = 3};
    ASSERT_TRUE((*encoder)->encode(*synthetic.zoo, small, sink, notes, {}));
    EXPECT_THAT(failed, testing::ElementsAre(4U));
}

} // namespace
