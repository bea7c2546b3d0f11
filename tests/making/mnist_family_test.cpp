#include "core/base/half.h"
#include "core/making/digit_batch.h"
#include "core/making/digit_scores.h"
#include "core/making/initial_parameters.h"
#include "core/tasks/mnist_accuracy.h"
#include "core/tasks/run_networks.h"
#include "making/making_case.h"
#include "tasks/memory_zoo.h"

#include <algorithm>
#include <cmath>
#include <gmock/gmock.h>
#include <map>

namespace {

using namespace rnnscope;
using namespace rnnscope::making;
using tasks::Digits;

class Tiles : public testing::TestWithParam<double>
{
};

TEST_P(Tiles, AreThoseOfTheTurnedDigitToTheBit)
{
    const Digits digits = test::someDigits(3);
    for (const std::size_t side : {1U, 2U, 4U, 7U, 14U, 28U}) {
        const RotatedTiles cut(GetParam(), side);
        ASSERT_EQ(cut.steps(), tasks::tileSteps(side));
        std::vector<float> expected(cut.values()), found(cut.values());
        for (std::size_t i = 0; i < digits.size(); ++i) {
            tasks::tiles(tasks::rotated(digits.image(i), GetParam()), side, expected);
            cut.cut(digits.image(i), found);
            EXPECT_EQ(found, expected) << side;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Angles, Tiles, testing::Values(0.0, 45.0, 90.0, 180.0, 270.0, 13.679, 359.9, -30.0));

class MnistRuns : public testing::Test
{
protected:
    Recipe recipe = test::smallMnist();
    std::shared_ptr<const DigitSet> set = test::someDigitSet();

    std::unique_ptr<Family> family() const { return mnistFamily(recipe, set); }
    Snapshot judged(std::size_t run) const
    {
        auto parameters = initialParameters(architectureOf(recipe), run);
        for (float& value : parameters)
            value *= 4.0F;
        return family()->course(run)->judge(3, parameters, {}).value();
    }
};

TEST_F(MnistRuns, HaveAnglesAndWeightDecaysOfTheirOwn)
{
    recipe.sequences = 0;
    recipe.mnist.mostDigits = 1;
    std::map<double, int> decays;
    double sum = 0.0;
    constexpr std::size_t kRuns = 200;
    for (std::size_t run = 0; run < kRuns; ++run) {
        const auto values = judged(run).values;
        EXPECT_GE(values.front(), 0.0);
        EXPECT_LT(values.front(), 360.0);
        sum += values.front();
        ++decays[values.back()];
    }
    EXPECT_NEAR(sum / kRuns, 180.0, 35.0); // 4.8 deviations
    EXPECT_EQ(decays.size(), 4U);
    for (const double decay : {0.0, 0.001, 0.01, 0.1})
        EXPECT_NEAR(decays[decay], 50, 28) << decay;
    recipe.mnist.angle = 90.0;
    recipe.weightDecay = 0.25;
    EXPECT_EQ(judged(7).values.front(), 90.0);
    EXPECT_EQ(judged(7).values.back(), 0.25);
}

/// Batches hold every training digit once before any a second time, and no held-out one.
TEST_F(MnistRuns, ReadTheTrainingDigitsInRounds)
{
    recipe.batch = 1;
    recipe.mnist.tileSide = 28;
    recipe.mnist.angle = 0.0;
    const auto course = family()->course(0);
    rnn::PrefixBatch batch;
    std::multiset<std::vector<float>> drawn, expected;
    for (std::size_t round = 0; round < 2; ++round)
        for (const std::size_t digit : set->training) {
            course->draw(batch);
            drawn.insert(
                {batch.features.end() - static_cast<std::ptrdiff_t>(tasks::kDigitPixels), batch.features.end()});
            std::vector<float> tiles(2 * tasks::kDigitPixels);
            tasks::tiles(set->digits.image(digit), tasks::kDigitSide, tiles);
            expected.insert({tiles.begin() + static_cast<std::ptrdiff_t>(tasks::kDigitPixels), tiles.end()});
            EXPECT_TRUE(round > 0 || drawn.count(*drawn.rbegin()) == 1U);
        }
    EXPECT_EQ(drawn, expected);
}

TEST_F(MnistRuns, LearnFromTheTurnedDigits)
{
    recipe.mnist.angle = 33.0;
    const auto course = family()->course(0);
    rnn::PrefixBatch batch;
    course->draw(batch);
    ASSERT_EQ(batch.steps(), 17U);
    EXPECT_EQ(batch.first[1], 1U); // all read the zero tile first
    EXPECT_EQ(batch.first[2], 2U); // and then the blank corner
    EXPECT_THAT(std::vector(batch.features.begin(), batch.features.begin() + 49), testing::Each(0.0F));
    double sum = 0.0;
    for (const float target : batch.targets)
        sum += static_cast<double>(target);
    EXPECT_NEAR(sum, 1.0, 1e-5);
}

TEST_F(MnistRuns, AreJudgedAsMeasuredZoosAre)
{
    for (const std::size_t most : {15U, 1000U}) {
        recipe.mnist.mostDigits = most;
        for (std::size_t run = 0; run < 3; ++run) {
            const Snapshot snapshot = judged(run);
            const auto zoo = test::memoryZoo(zoo::TaskFamily::SequentialMnist, architectureOf(recipe),
                                             {snapshot.parameters}, {{snapshot.values.front()}});
            NoProgress quiet;
            const auto measured
                = tasks::measureMnist(zoo, std::vector<std::size_t> {0}, set->digits, {.mostDigits = most}, quiet, {});
            ASSERT_TRUE(measured) << measured.error().message;
            EXPECT_DOUBLE_EQ(snapshot.values[1], measured->front().accuracy);
            EXPECT_NEAR(snapshot.values[2], measured->front().trainLoss, 1e-5);
            EXPECT_NEAR(snapshot.values[3], measured->front().evalLoss, 1e-5);
            EXPECT_DOUBLE_EQ(snapshot.values[4], snapshot.values[3] - snapshot.values[2]);
        }
    }
}

/// Digits that are the same share a node, and count as many as they are.
TEST_F(MnistRuns, CountEqualDigitsSingly)
{
    const std::vector<std::size_t> part {5, 5, 5, 6};
    const RotatedTiles cut(0.0, 7);
    auto parameters = initialParameters(architectureOf(recipe), 1);
    const auto both = readDigitsBy(tasks::shapeOf(architectureOf(recipe)), parameters, set->digits, part, cut, {});
    const auto scoreOf = [&](std::size_t digit) {
        return *readDigitsBy(tasks::shapeOf(architectureOf(recipe)), parameters, set->digits,
                             std::vector<std::size_t> {digit}, cut, {});
    };
    EXPECT_DOUBLE_EQ(both->accuracy, 0.75 * scoreOf(5).accuracy + 0.25 * scoreOf(6).accuracy);
    EXPECT_NEAR(both->loss, 0.75 * scoreOf(5).loss + 0.25 * scoreOf(6).loss, 1e-6);
}

TEST_F(MnistRuns, KeepHeldOutDigitsAndTheLogitsAtEveryStep)
{
    const Snapshot snapshot = judged(1);
    const RotatedTiles cut(snapshot.values.front(), recipe.mnist.tileSide);
    std::vector<std::vector<std::uint16_t>> heldOut;
    for (const std::size_t digit : set->heldOut) {
        std::vector<float> tiles(cut.values());
        cut.cut(set->digits.image(digit), tiles);
        storeHalf(tiles, heldOut.emplace_back(tiles.size()));
    }
    const rnn::Rnn network(tasks::shapeOf(architectureOf(recipe)), snapshot.parameters);
    for (std::size_t s = 0; s < recipe.sequences; ++s) {
        const auto first = snapshot.inputs.begin() + static_cast<std::ptrdiff_t>(s * cut.values());
        EXPECT_THAT(heldOut, testing::Contains(std::vector(first, first + static_cast<std::ptrdiff_t>(cut.values()))));
        rnn::RnnState state = network.zeroState(1);
        std::vector<float> tile(cut.inputs()), logits(10);
        for (std::size_t t = 0; t < cut.steps(); ++t) {
            for (std::size_t i = 0; i < tile.size(); ++i)
                tile[i] = halfToFloat(first[static_cast<std::ptrdiff_t>(t * tile.size() + i)]);
            network.step(tile, state, logits);
            for (std::size_t o = 0; o < logits.size(); ++o)
                EXPECT_NEAR(halfToFloat(snapshot.logits[(s * cut.steps() + t) * 10 + o]), logits[o], 0.02);
        }
    }
}

TEST_F(MnistRuns, SayNothingOfBrokenNetworks)
{
    const std::vector<float> broken(architectureOf(recipe).parameterCount(), NAN);
    const Snapshot snapshot = family()->course(0)->judge(0, broken, {}).value();
    for (std::size_t i = 1; i < 5; ++i)
        EXPECT_TRUE(std::isnan(snapshot.values[i])) << i;
    std::stop_source stop;
    stop.request_stop();
    EXPECT_FALSE(family()->course(0)->judge(0, broken, stop.get_token()).has_value()
                 && readDigitsBy(tasks::shapeOf(architectureOf(recipe)), judged(0).parameters, set->digits,
                                 set->training, RotatedTiles(0.0, 7), stop.get_token())
                        .has_value());
}

TEST(DigitSets, NeedDigitsOnBothSides)
{
    const auto split = splitDigits(test::someDigits(1));
    ASSERT_FALSE(split);
    EXPECT_THAT(split.error().message, testing::HasSubstr("expected at least 1 each"));
    const auto one = test::someDigitSet(50), other = test::someDigitSet(51);
    EXPECT_NE(one->fingerprint, other->fingerprint);
    EXPECT_EQ(one->training.size() + one->heldOut.size(), 50U);
}

TEST(DigitSets, SayWhichFilesAreWanted)
{
    const auto read = readDigits(testing::TempDir());
    ASSERT_FALSE(read);
    for (const char* file :
         {"train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"})
        EXPECT_THAT(read.error().message, testing::HasSubstr(file));
}

} // namespace
