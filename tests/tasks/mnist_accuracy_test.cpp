#include "core/tasks/mnist_accuracy.h"
#include "tasks/memory_zoo.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace {

using namespace rnnscope;
using namespace rnnscope::tasks;
using Parameters = std::vector<float>;

constexpr std::size_t kSide = 14; // four tiles a digit
constexpr std::size_t kTile = kSide * kSide;

/// Its only unit is the mean of the tile, if that is positive; it answers 1 for bright tiles, else 0.
Parameters brightnessReader()
{
    Parameters all(kTile, 1.0F / static_cast<float>(kTile));
    all.push_back(0.0F); // weight_hh
    Parameters readOut(kDigitClasses);
    readOut[1] = 100.0F;
    all.insert(all.end(), readOut.begin(), readOut.end());
    Parameters bias(kDigitClasses, -50.0F);
    bias[0] = 50.0F;
    all.insert(all.end(), bias.begin(), bias.end());
    return all;
}

zoo::Architecture architecture()
{
    return {zoo::Cell::RnnRelu, static_cast<int>(kTile), 1, 1, static_cast<int>(kDigitClasses), false};
}

/// Every other digit has a white quarter, top left, and the label 1.
Digits quarters(std::size_t count)
{
    Digits digits;
    for (std::size_t i = 0; i < count; ++i) {
        std::vector<std::uint8_t> image(kDigitPixels);
        for (std::size_t y = 0; y < kSide && i % 2 == 1; ++y)
            std::fill_n(image.begin() + static_cast<std::ptrdiff_t>(y * kDigitSide), kSide, std::uint8_t {255});
        digits.pixels.insert(digits.pixels.end(), image.begin(), image.end());
        digits.labels.push_back(static_cast<std::uint8_t>(i % 2));
    }
    return digits;
}

zoo::Zoo zooOf(const std::vector<Parameters>& networks, const std::vector<double>& angles)
{
    std::vector<std::vector<double>> tasks;
    for (const double angle : angles)
        tasks.push_back({angle});
    return test::memoryZoo(zoo::TaskFamily::SequentialMnist, architecture(), networks, tasks);
}

class MeasuredMnist : public testing::Test
{
protected:
    NoProgress quiet;
    const Digits digits = quarters(300);

    std::vector<MnistScore> measure(const zoo::Zoo& zoo, const MnistOptions& options = {})
    {
        const auto found = measureMnist(zoo, test::allRows(zoo), digits, options, quiet, {});
        EXPECT_TRUE(found) << (found ? "" : found.error().message);
        return found.value();
    }
    std::string errorOf(const zoo::Zoo& zoo, const Digits& given)
    {
        const auto found = measureMnist(zoo, test::allRows(zoo), given, {}, quiet, {});
        return found ? std::string() : found.error().message;
    }
};

TEST_F(MeasuredMnist, CountsTheLastStepOfDigitsTurnedByTheNetworksAngle)
{
    const auto scores = measure(zooOf({brightnessReader(), brightnessReader()}, {180.0, 0.0}));
    EXPECT_EQ(scores[0].accuracy, 1.0); // the white quarter is the last tile
    EXPECT_NEAR(scores[1].accuracy, 0.5, 0.1); // it is the second of five steps, then all is dark
    EXPECT_LT(scores[1].accuracy, 1.0);
}

/// Logits that are the same for all inputs: the loss is what the labels say, at every step.
TEST_F(MeasuredMnist, AveragesCrossEntropyOverStepsAndDigits)
{
    Parameters constant(brightnessReader().size());
    constant[constant.size() - kDigitClasses + 1] = 2.0F;
    const auto score = measure(zooOf({constant}, {45.0})).front();
    const double normaliser = std::log(9.0 + std::exp(2.0));
    double ones[2] {}, counts[2] {};
    for (std::size_t i = 0; i < digits.size(); ++i) {
        counts[isTrainingDigit(i) ? 1 : 0] += 1.0;
        ones[isTrainingDigit(i) ? 1 : 0] += digits.labels[i];
    }
    EXPECT_NEAR(score.trainLoss, normaliser - 2.0 * ones[1] / counts[1], 1e-6);
    EXPECT_NEAR(score.evalLoss, normaliser - 2.0 * ones[0] / counts[0], 1e-6);
    EXPECT_NEAR(score.accuracy, ones[0] / counts[0], 1e-12);
    EXPECT_DOUBLE_EQ(score.generalizationGap(), score.evalLoss - score.trainLoss);
}

TEST_F(MeasuredMnist, WeighsAllStepsOfADigitAlike)
{
    // Of five steps, begin included, the white one alone is surely right for label 1: 4/5 of 100 nat each, half the
    // digits; dark digits are right at every step.
    const auto score = measure(zooOf({brightnessReader()}, {0.0})).front();
    double ones = 0.0, count = 0.0;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        count += isTrainingDigit(i) ? 1.0 : 0.0;
        ones += isTrainingDigit(i) ? digits.labels[i] : 0.0;
    }
    EXPECT_NEAR(score.trainLoss, 0.8 * 100.0 * ones / count, 1e-4);
}

TEST_F(MeasuredMnist, IsTheSameOnAnyNumberOfThreads)
{
    std::vector<Parameters> networks(5, brightnessReader());
    for (std::size_t i = 0; i < networks.size(); ++i)
        networks[i].front() = static_cast<float>(i);
    const auto zoo = zooOf(networks, {0.0, 31.0, 90.0, 180.0, 275.5});
    const auto one = measure(zoo, {.threads = 1});
    const auto three = measure(zoo, {.threads = 3});
    for (std::size_t i = 0; i < networks.size(); ++i) {
        EXPECT_EQ(one[i].accuracy, three[i].accuracy);
        EXPECT_EQ(one[i].trainLoss, three[i].trainLoss);
        EXPECT_EQ(one[i].evalLoss, three[i].evalLoss);
    }
    EXPECT_NE(one[0].trainLoss, one[1].trainLoss);
}

TEST_F(MeasuredMnist, UsesNoMoreDigitsThanAsked)
{
    Parameters constant(brightnessReader().size());
    constant[constant.size() - kDigitClasses] = 50.0F; // always 0
    std::size_t first = 0;
    while (isTrainingDigit(first))
        ++first;
    const auto score = measure(zooOf({constant}, {0.0}), {.mostDigits = 1}).front();
    EXPECT_EQ(score.accuracy, digits.labels[first] == 0 ? 1.0 : 0.0);
}

TEST_F(MeasuredMnist, IsUnknownForSickWeightsAndUnknownAngles)
{
    auto sick = brightnessReader();
    sick[5] = std::numeric_limits<float>::infinity();
    const auto scores = measure(zooOf({sick, brightnessReader()}, {0.0, std::numeric_limits<double>::quiet_NaN()}));
    for (const auto& score : scores) {
        EXPECT_TRUE(std::isnan(score.accuracy));
        EXPECT_TRUE(std::isnan(score.trainLoss));
        EXPECT_TRUE(std::isnan(score.evalLoss));
    }
}

TEST_F(MeasuredMnist, RefusesOtherZoosAndTooFewDigits)
{
    auto zoo = zooOf({brightnessReader()}, {0.0});
    EXPECT_EQ(errorOf(zoo, quarters(1)),
              std::string("cannot measure losses by ") + (isTrainingDigit(0) ? "1 training and 0" : "0 training and 1")
                  + " held-out digits, expected at least 1 each");
    zoo.architecture.inputSize = 15;
    EXPECT_EQ(errorOf(zoo, digits),
              "the networks of memory read 15 numbers and answer 10, expected square tiles of a 28x28 digit and 10");
    zoo.properties.clear();
    EXPECT_EQ(errorOf(zoo, digits), "memory does not record the property 'task' as one angle");
    zoo.family = zoo::TaskFamily::FormalLanguage;
    EXPECT_EQ(errorOf(zoo, digits), "memory is a zoo of formal_language, expected sequential_mnist");
}

TEST_F(MeasuredMnist, IsNotMeasuredOnceStopped)
{
    std::stop_source stop;
    stop.request_stop();
    const auto zoo = zooOf({brightnessReader()}, {0.0});
    const auto found = measureMnist(zoo, test::allRows(zoo), digits, {}, quiet, stop.get_token());
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, Errc::Cancelled);
}

} // namespace
