#include "core/prediction/head.h"
#include "nn/training_run_case.h"

#include <gmock/gmock.h>

namespace {

using namespace rnnscope;
using test::advanceTo;
using test::Notes;
using test::smallOptions;
using test::SyntheticZoo;

engine::TrainOptions endToEnd(const zoo::Zoo& zoo)
{
    auto options = smallOptions(zoo);
    options.endToEnd = true;
    options.headProperties.clear();
    return options;
}

TEST(EndToEnd, LearnsPropertiesWithoutRolloutsOrEmulator)
{
    const SyntheticZoo synthetic(20);
    synthetic.zoo->rollouts = nullptr;
    Notes notes;
    const auto checkpoint = test::train(synthetic.zoo, endToEnd(*synthetic.zoo), notes);
    ASSERT_TRUE(checkpoint) << checkpoint.error().message;
    EXPECT_TRUE(checkpoint->emulator.empty());
    EXPECT_FALSE(checkpoint->constant);
    const auto& record = checkpoint->training.value();
    EXPECT_LT(record.trainLoss.back(), record.trainLoss.front());
    ASSERT_EQ(checkpoint->heads.size(), 2U); // task, accuracy
    for (const zoo::Head& head : checkpoint->heads) {
        EXPECT_FALSE(head.calibration.scores.empty()) << head.property;
        const auto predicted = prediction::predict(head, checkpoint->referenceEmbedding);
        ASSERT_TRUE(predicted) << predicted.error().message;
        EXPECT_EQ(predicted->rows(), synthetic.zoo->size);
    }
}

TEST(EndToEnd, HeadsLearnTheTrainingNetworks)
{
    const SyntheticZoo synthetic(20);
    Notes notes;
    auto options = endToEnd(*synthetic.zoo);
    options.config.kind = zoo::EncoderKind::Flat;
    options.headProperties = {"task"};
    options.steps = 300;
    options.evaluateEvery = 300; // the last is the best
    const auto checkpoint = test::train(synthetic.zoo, options, notes).value();
    const auto predicted = prediction::predict(checkpoint.heads[0], checkpoint.referenceEmbedding).value();
    const zoo::Property& task = *synthetic.zoo->property("task");
    std::size_t right = 0;
    std::size_t all = 0;
    for (std::size_t row = 0; row < synthetic.zoo->size; ++row)
        if (checkpoint.referenceSplits[row] == zoo::Split::Training) {
            ++all;
            right += predicted.value(row, 1) == task.value(row, 1) ? 1 : 0;
        }
    EXPECT_GT(right, all * 9 / 10);
}

TEST(EndToEnd, ResumesWithItsHeads)
{
    const SyntheticZoo synthetic(20);
    Notes notes;
    auto options = endToEnd(*synthetic.zoo);
    options.steps = 12;
    options.evaluateEvery = 4;
    const auto unbroken = test::train(synthetic.zoo, options, notes).value();
    auto first = test::start(synthetic.zoo, options, notes).value();
    ASSERT_TRUE(advanceTo(*first, 6, notes));
    const auto file = std::filesystem::path(testing::TempDir()) / "end_to_end.h5";
    ASSERT_TRUE(zoo::writeCheckpoint(first->snapshot(), file));
    const auto unfinished = zoo::openCheckpoint(file);
    std::filesystem::remove(file);
    ASSERT_TRUE(unfinished) << unfinished.error().message;
    auto second = test::start(synthetic.zoo, options, notes, unfinished->get());
    ASSERT_TRUE(second) << second.error().message;
    ASSERT_TRUE(advanceTo(**second, options.steps, notes));
    const auto resumed = (*second)->finish(notes, {}).value();
    EXPECT_EQ(resumed.training->validationLoss, unbroken.training->validationLoss);
    EXPECT_EQ(resumed.referenceEmbedding.values, unbroken.referenceEmbedding.values);
    ASSERT_EQ(resumed.heads.size(), unbroken.heads.size());
    for (std::size_t i = 0; i < unbroken.heads.size(); ++i) {
        EXPECT_EQ(resumed.heads[i].property, unbroken.heads[i].property);
        EXPECT_EQ(resumed.heads[i].calibration.scores, unbroken.heads[i].calibration.scores);
        for (const auto& [name, tensor] : unbroken.heads[i].state)
            EXPECT_EQ(resumed.heads[i].state.at(name).values, tensor.values) << name;
    }
}

TEST(EndToEnd, NeedsSomethingToLearn)
{
    const SyntheticZoo synthetic(20);
    Notes notes;
    auto options = endToEnd(*synthetic.zoo);
    options.headProperties = {"charm"};
    const auto unknown = test::start(synthetic.zoo, options, notes);
    ASSERT_FALSE(unknown);
    EXPECT_THAT(unknown.error().message, testing::HasSubstr("no property 'charm'"));
    options.headProperties.clear();
    synthetic.zoo->properties.resize(1); // run alone
    const auto nothing = test::start(synthetic.zoo, options, notes);
    ASSERT_FALSE(nothing);
    EXPECT_THAT(nothing.error().message, testing::HasSubstr("nothing can be learned"));
}

} // namespace
