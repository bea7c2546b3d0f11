#include "core/prediction/conformal.h"
#include "core/prediction/head.h"

#include <gtest/gtest.h>

#include <cmath>
#include <gmock/gmock.h>
#include <limits>

namespace {

using namespace rnnscope;
using namespace rnnscope::prediction;
using zoo::PropertyKind;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
const double kRadian = 180.0 / std::acos(-1.0);

/// Nine equal scores: the threshold of every level up to 0.9.
zoo::Calibration always(double score)
{
    return {std::vector<double>(9, score), {0, 1, 2, 3, 4, 5, 6, 7, 8}};
}

zoo::Head identityHead(PropertyKind kind, double score)
{
    zoo::Head head;
    head.property = "charm";
    head.kind = kind;
    head.state = {{"0.weight", {{2, 2}, {1, 0, 0, 1}}}, {"0.bias", {{2}, {0, 0}}}};
    head.mean = {10.0};
    head.scale = {2.0};
    if (kind == PropertyKind::Circular)
        head.period = 360.0;
    head.calibration = always(score);
    return head;
}

Prediction predicted(const zoo::Head& head, std::vector<float> embedding, double level = 0.9)
{
    Matrix row(1, embedding.size());
    row.values = std::move(embedding);
    const auto prediction = predict(head, row, level);
    EXPECT_TRUE(prediction) << prediction.error().message;
    return prediction ? *prediction : Prediction {};
}

/// An angle with a circular standard deviation of one radian.
std::vector<float> angle(double degrees)
{
    const double length = std::exp(-0.5);
    return {static_cast<float>(length * std::sin(degrees / kRadian)),
            static_cast<float>(length * std::cos(degrees / kRadian))};
}

TEST(Intervals, OfRealsAreAsWideAsTheSpreadSays)
{
    const auto prediction = predicted(identityHead(PropertyKind::Real, 3.0), {1.0F, std::log(0.5F)});
    EXPECT_TRUE(prediction.calibrated());
    EXPECT_EQ(prediction.level, 0.9);
    EXPECT_EQ(prediction.value(0), 12.0);
    EXPECT_NEAR(prediction.lower.at(0), 9.0, 1e-6);
    EXPECT_NEAR(prediction.upper.at(0), 15.0, 1e-6);
    EXPECT_TRUE(prediction.inSet.empty());
}

TEST(Intervals, HoldNothingThatThePropertyCannotBe)
{
    auto head = identityHead(PropertyKind::Real, 3.0);
    head.property = "accuracy"; // 10 + 2 * (-4.8) = 0.4
    const auto accuracy = predicted(head, {-4.8F, 0.0F});
    EXPECT_NEAR(accuracy.value(0), 0.4, 1e-6);
    EXPECT_EQ(accuracy.lower.at(0), 0.0);
    EXPECT_EQ(accuracy.upper.at(0), 1.0);
    head.property = "eval_loss";
    const auto loss = predicted(head, {-6.0F, 0.0F}, 0.95);
    EXPECT_EQ(loss.value(0), 0.0);
    EXPECT_EQ(loss.lower.at(0), 0.0);
    EXPECT_EQ(loss.upper.at(0), kInfinity);
}

TEST(Intervals, ExcludeNothingWithoutEnoughCalibration)
{
    const auto real = predicted(identityHead(PropertyKind::Real, 3.0), {1.0F, 0.0F}, 0.95);
    EXPECT_EQ(real.lower.at(0), -kInfinity);
    EXPECT_EQ(real.upper.at(0), kInfinity);
    const auto circular = predicted(identityHead(PropertyKind::Circular, 0.1), angle(20.0), 0.95);
    EXPECT_EQ(circular.lower.at(0), 0.0);
    EXPECT_EQ(circular.upper.at(0), 360.0);
}

TEST(Intervals, OfAnglesWrapAround)
{
    const auto head = identityHead(PropertyKind::Circular, 30.0 / kRadian);
    const auto plain = predicted(head, angle(90.0));
    EXPECT_NEAR(plain.lower.at(0), 60.0, 1e-4);
    EXPECT_NEAR(plain.upper.at(0), 120.0, 1e-4);
    const auto wrapping = predicted(head, angle(350.0));
    EXPECT_NEAR(wrapping.lower.at(0), 320.0, 1e-4);
    EXPECT_NEAR(wrapping.upper.at(0), 20.0, 1e-4);
    const auto wrapsBelow = predicted(head, angle(10.0));
    EXPECT_NEAR(wrapsBelow.lower.at(0), 340.0, 1e-4);
    EXPECT_NEAR(wrapsBelow.upper.at(0), 40.0, 1e-4);
}

TEST(Intervals, OfHalfAPeriodEitherWayAreTheWholeCircle)
{
    const auto nearly = predicted(identityHead(PropertyKind::Circular, 179.0 / kRadian), angle(90.0));
    EXPECT_NEAR(nearly.lower.at(0), 271.0, 1e-3);
    EXPECT_NEAR(nearly.upper.at(0), 269.0, 1e-3);
    const auto whole = predicted(identityHead(PropertyKind::Circular, 181.0 / kRadian), angle(90.0));
    EXPECT_EQ(whole.lower.at(0), 0.0);
    EXPECT_EQ(whole.upper.at(0), 360.0);
}

TEST(Intervals, OfALengthBeyondOneAreNotWiderThanOfOne)
{
    const auto head = identityHead(PropertyKind::Circular, 1.0);
    const auto sure = predicted(head, {0.0F, 7.0F});
    EXPECT_NEAR(sure.upper.at(0), std::sqrt(-2.0 * std::log(0.999)) * kRadian, 1e-9);
    EXPECT_EQ(predicted(head, {0.0F, 1.0F}).upper, sure.upper);
}

TEST(Intervals, HoldTheTruthExactlyWhenItsScoreIsWithinTheThreshold)
{
    for (const auto kind : {PropertyKind::Real, PropertyKind::Circular}) {
        const auto head = identityHead(kind, 0.7);
        Matrix embedding(1, 2);
        embedding.values = {0.3F, 0.4F};
        const auto prediction = predicted(head, embedding.values);
        const double lower = prediction.lower.at(0);
        const double upper = prediction.upper.at(0);
        zoo::Property truth;
        truth.kind = kind;
        for (double value = 0.25; value < 360.0; value += 0.5) {
            truth.values = {value};
            const bool within = lower <= upper ? lower <= value && value <= upper : lower <= value || value <= upper;
            const auto scores = nonconformity(head, embedding, truth, std::vector<std::size_t> {0});
            ASSERT_TRUE(scores);
            EXPECT_EQ(coverage(*scores, 0.7) == 1.0, within) << value;
        }
    }
}

TEST(Intervals, AreNanWithoutAnEmbedding)
{
    const float nan = std::numeric_limits<float>::quiet_NaN();
    for (const double level : {0.9, 0.95}) {
        const auto prediction = predicted(identityHead(PropertyKind::Real, 1.0), {nan, 0.0F}, level);
        EXPECT_TRUE(std::isnan(prediction.lower.at(0)));
        EXPECT_TRUE(std::isnan(prediction.upper.at(0)));
    }
}

TEST(Sets, HoldLikelyClassesAndAlwaysTheLikeliest)
{
    zoo::Head head;
    head.property = "task";
    head.kind = PropertyKind::Integer;
    head.classes = {{0, 1}, {-1, 0, 1}};
    head.state
        = {{"0.weight", {{5, 1}, {0, 0, 0, 0, 0}}},
           {"0.bias", {{5}, {std::log(0.75F), std::log(0.25F), std::log(0.45F), std::log(0.3F), std::log(0.25F)}}}};
    using Bytes = std::vector<std::uint8_t>;
    head.calibration = always(0.72);
    EXPECT_EQ(predicted(head, {1.0F}).inSet, (Bytes {1, 0, 0, 1, 1, 0}));
    head.calibration = always(0.8);
    EXPECT_EQ(predicted(head, {1.0F}).inSet, (Bytes {1, 1, 0, 1, 1, 1}));
    head.calibration = always(0.0);
    EXPECT_EQ(predicted(head, {1.0F}).inSet, (Bytes {1, 0, 0, 1, 0, 0}));
    EXPECT_EQ(predicted(head, {1.0F}, 0.99).inSet, (Bytes {1, 1, 0, 1, 1, 1})); // too few for 99 %: nothing excluded
    EXPECT_EQ(predicted(head, {std::numeric_limits<float>::quiet_NaN()}).inSet, Bytes(6, 0));
}

TEST(Regions, AreWrittenAsPeopleReadThem)
{
    EXPECT_EQ(formatRegion(predicted(identityHead(PropertyKind::Real, 3.0), {1.0F, 0.0F}), 0), "[6.000, 18.000]");
    EXPECT_EQ(formatRegion(predicted(identityHead(PropertyKind::Real, 3.0), {1.0F, 0.0F}, 0.99), 0), "[−∞, ∞]");
    const auto circular = identityHead(PropertyKind::Circular, 30.0 / kRadian);
    EXPECT_EQ(formatRegion(predicted(circular, angle(350.0)), 0), "[320, 20]");
    EXPECT_EQ(formatRegion(predicted(circular, angle(350.0), 0.99), 0), "[0, 360]");
    zoo::Head optimiser;
    optimiser.property = "optimiser";
    optimiser.kind = PropertyKind::Categorical;
    optimiser.classes = {{0, 1, 2}};
    optimiser.labels = {"a", "b", "c"};
    optimiser.state = {{"0.weight", {{3, 1}, {0, 0, 0}}}, {"0.bias", {{3}, {-9, 1, 1}}}};
    optimiser.calibration = always(0.6);
    EXPECT_EQ(formatRegion(predicted(optimiser, {1.0F}), 0), "{b, c}");
    EXPECT_EQ(formatRegion(predicted(optimiser, {std::numeric_limits<float>::quiet_NaN()}), 0), "");
    optimiser.calibration = {};
    EXPECT_EQ(formatRegion(predicted(optimiser, {1.0F}), 0), "");
}

TEST(Intervals, NeedCalibration)
{
    auto head = identityHead(PropertyKind::Real, 1.0);
    head.calibration = {};
    const auto prediction = predicted(head, {1.0F, 0.0F});
    EXPECT_FALSE(prediction.calibrated());
    EXPECT_TRUE(prediction.lower.empty());
    EXPECT_TRUE(prediction.upper.empty());
}

TEST(Intervals, OfHeadsWithoutASpreadHaveOneWidth)
{
    auto head = identityHead(PropertyKind::Real, 1.5);
    head.state = {{"0.weight", {{1, 1}, {1}}}, {"0.bias", {{1}, {0}}}};
    const auto prediction = predicted(head, {1.0F});
    EXPECT_EQ(prediction.value(0), 12.0);
    EXPECT_EQ(prediction.lower.at(0), 9.0); // 1.5 training standard deviations
    EXPECT_EQ(prediction.upper.at(0), 15.0);
}

TEST(Intervals, HaveALevelBetweenNoneAndAll)
{
    const auto head = identityHead(PropertyKind::Real, 1.0);
    for (const double level : {0.0, 1.0, -0.1, 1.5, std::nan("")}) {
        const auto prediction = predict(head, Matrix(1, 2), level);
        ASSERT_FALSE(prediction);
        EXPECT_EQ(prediction.error().code, Errc::BadValue);
        EXPECT_THAT(prediction.error().message, testing::HasSubstr("charm"));
    }
}

} // namespace
