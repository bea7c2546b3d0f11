#include "core/engine/train_presets.h"
#include "core/nn/torch_encoder.h"
#include "core/nn/trainer.h"
#include "nn/synthetic_zoo.h"

#include <cmath>
#include <gmock/gmock.h>
#include <limits>

namespace {

using namespace rnnscope;
using test::SyntheticZoo;

class Notes final : public Progress
{
public:
    void begin(std::string_view, std::size_t) override { }
    void update(std::size_t done) override
    {
        if (done == stopAt)
            stop.request_stop();
    }
    void note(std::string_view message) override { all += std::string(message) + "\n"; }
    std::string all;
    std::stop_source stop;
    std::size_t stopAt = std::numeric_limits<std::size_t>::max();
};

engine::TrainOptions smallOptions(const zoo::Zoo& zoo, zoo::EncoderKind kind = zoo::EncoderKind::LayerwiseStatistics)
{
    auto options = engine::presetOptions(engine::Preset::Compact, kind, zoo);
    options.config.embeddingSize = 4;
    options.config.coreHiddenSize = 8;
    options.config.mlpHiddenSize = 8;
    options.config.probingLength = 4;
    options.config.mlpHiddenSizes = {8};
    options.emulator.hiddenSize = 16;
    options.steps = 60;
    options.batch = 16;
    options.learningRate = 1e-2;
    options.evaluateEvery = 20;
    return options;
}

Result<zoo::Checkpoint> train(const zoo::Zoo& zoo, const engine::TrainOptions& options, Notes& notes)
{
    return nn::trainEncoder(zoo, options, c10::Device(c10::kCPU), notes, notes.stop.get_token());
}

TEST(Trainer, LossFallsAndEverythingIsRecorded)
{
    const SyntheticZoo synthetic(20);
    Notes notes;
    const auto checkpoint = train(*synthetic.zoo, smallOptions(*synthetic.zoo), notes);
    ASSERT_TRUE(checkpoint) << checkpoint.error().message;
    const auto& record = checkpoint->training.value();
    ASSERT_EQ(record.step.size(), 3U);
    EXPECT_LT(record.trainLoss.back(), 0.8 * record.trainLoss.front());
    EXPECT_FALSE(checkpoint->encoder.empty());
    EXPECT_FALSE(checkpoint->emulator.empty());
    EXPECT_EQ(checkpoint->referenceEmbedding.rows, synthetic.zoo->size);
    EXPECT_EQ(checkpoint->heads.size(), 2U);
    EXPECT_FALSE(checkpoint->zooFingerprint.empty());
    const auto& splits = record.splits;
    EXPECT_EQ(splits.train.size() + splits.validation.size() + splits.calibration.size() + splits.ood.size(), 20U);
}

TEST(Trainer, SameSeedGivesTheSameEncoder)
{
    const SyntheticZoo synthetic(20);
    Notes notes;
    auto options = smallOptions(*synthetic.zoo, zoo::EncoderKind::InteractiveProbing);
    options.steps = 4;
    const auto first = train(*synthetic.zoo, options, notes);
    const auto second = train(*synthetic.zoo, options, notes);
    ASSERT_TRUE(first && second);
    EXPECT_EQ(first->referenceEmbedding.values, second->referenceEmbedding.values);
    options.seed = 2;
    const auto other = train(*synthetic.zoo, options, notes);
    ASSERT_TRUE(other);
    EXPECT_NE(first->referenceEmbedding.values, other->referenceEmbedding.values);
}

TEST(Trainer, FewTasksAreSplitByRunAndItSaysSo)
{
    const SyntheticZoo synthetic(4);
    Notes notes;
    auto options = smallOptions(*synthetic.zoo);
    options.steps = 2;
    const auto checkpoint = train(*synthetic.zoo, options, notes);
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
    const auto checkpoint = train(*synthetic.zoo, options, notes);
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
    const auto checkpoint = train(*synthetic.zoo, smallOptions(*synthetic.zoo), notes);
    ASSERT_FALSE(checkpoint);
    EXPECT_EQ(checkpoint.error().code, Errc::Cancelled);
}

TEST(Trainer, ZooWithoutRolloutsIsRefused)
{
    const SyntheticZoo synthetic(20);
    synthetic.zoo->rollouts = nullptr;
    Notes notes;
    const auto checkpoint = train(*synthetic.zoo, smallOptions(*synthetic.zoo), notes);
    ASSERT_FALSE(checkpoint);
    EXPECT_THAT(checkpoint.error().message, testing::HasSubstr("no roll-outs"));
}

TEST(TorchEncoder, BadRowsAreNamedAndTheOthersUnchanged)
{
    SyntheticZoo synthetic(10);
    Notes notes;
    auto options = smallOptions(*synthetic.zoo, zoo::EncoderKind::InteractiveProbing);
    options.steps = 1;
    const auto checkpoint = train(*synthetic.zoo, options, notes);
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
