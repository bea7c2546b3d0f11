#include "core/prediction/head.h"

#include <gtest/gtest.h>

#include <cmath>
#include <gmock/gmock.h>
#include <limits>

namespace {

using namespace rnnscope;
using namespace rnnscope::prediction;
using testing::HasSubstr;
using zoo::PropertyKind;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

/// One linear layer, [out, in] row-major.
zoo::State linear(std::vector<float> weight, std::vector<float> bias)
{
    const auto out = static_cast<std::int64_t>(bias.size());
    const auto in = static_cast<std::int64_t>(weight.size()) / out;
    return {{"0.weight", {{out, in}, std::move(weight)}}, {"0.bias", {{out}, std::move(bias)}}};
}

Matrix rows(std::initializer_list<std::vector<float>> list)
{
    Matrix matrix(list.size(), list.begin()->size());
    std::size_t i = 0;
    for (const auto& row : list)
        std::copy(row.begin(), row.end(), matrix.row(i++).begin());
    return matrix;
}

zoo::Head realHead()
{
    zoo::Head head;
    head.property = "accuracy";
    head.mean = {0.5};
    head.scale = {0.25};
    // relu(x), relu(-x), summed: |x|, plus 1
    head.state = {{"0.weight", {{2, 1}, {1.0F, -1.0F}}},
                  {"0.bias", {{2}, {0.0F, 0.0F}}},
                  {"2.weight", {{1, 2}, {1.0F, 1.0F}}},
                  {"2.bias", {{1}, {1.0F}}}};
    return head;
}

zoo::Head taskHead()
{
    zoo::Head head;
    head.property = "task";
    head.kind = PropertyKind::Integer;
    head.classes = {{0}, {-2, -1, 3}};
    head.state = linear({0, 0, 1, 0, 0, 1, 0, 0}, {0, 0, 0, 0.5F});
    return head;
}

zoo::Head angleHead()
{
    zoo::Head head;
    head.property = "task";
    head.kind = PropertyKind::Circular;
    head.unit = "deg";
    head.period = 360.0;
    head.state = linear({1, 0, 0, 1}, {0, 0});
    return head;
}

std::string errorOf(const zoo::Head& head, const Matrix& embedding)
{
    const auto prediction = predict(head, embedding);
    EXPECT_FALSE(prediction);
    return prediction ? std::string() : prediction.error().message;
}

TEST(Predict, UnstandardisesReals)
{
    const auto prediction = predict(realHead(), rows({{-0.5F}, {0.0F}}));
    ASSERT_TRUE(prediction) << prediction.error().message;
    EXPECT_EQ(prediction->values, (std::vector<double> {0.5 + 0.25 * 1.5, 0.5 + 0.25}));
    EXPECT_EQ(prediction->confidence(0), 1.0);
    EXPECT_EQ(format(*prediction, 0), "0.875");
}

TEST(Predict, TurnsSineAndCosineIntoAnAngle)
{
    const auto prediction = predict(angleHead(), rows({{0.0F, 2.0F}, {1.0F, 0.0F}, {0.0F, -1.0F}, {-3.0F, 0.0F}}));
    ASSERT_TRUE(prediction) << prediction.error().message;
    EXPECT_NEAR(prediction->value(0), 0.0, 1e-12);
    EXPECT_NEAR(prediction->value(1), 90.0, 1e-12);
    EXPECT_NEAR(prediction->value(2), 180.0, 1e-12);
    EXPECT_NEAR(prediction->value(3), 270.0, 1e-12);
    EXPECT_EQ(format(*prediction, 3), "270");
}

TEST(Predict, KeepsAnglesBelowThePeriod)
{
    const auto prediction = predict(angleHead(), rows({{-1e-30F, 1.0F}}));
    ASSERT_TRUE(prediction);
    EXPECT_GE(prediction->value(0), 0.0);
    EXPECT_LT(prediction->value(0), 360.0);
}

TEST(Predict, GivesTheLikeliestClassOfEveryColumn)
{
    const auto prediction = predict(taskHead(), rows({{2.0F, 1.0F}, {0.0F, 0.0F}}));
    ASSERT_TRUE(prediction) << prediction.error().message;
    EXPECT_EQ(prediction->columns, 2U);
    EXPECT_EQ(prediction->values, (std::vector<double> {0, -2, 0, 3}));
    EXPECT_EQ(format(*prediction, 0), "0 −2");
    ASSERT_EQ(prediction->maxClasses(), 3U);
    ASSERT_EQ(prediction->probabilities.size(), 2U * 2U * 3U);
    EXPECT_EQ(prediction->probabilities[0], 1.0F);
    EXPECT_EQ(prediction->probabilities[1], 0.0F);
    const double sum = std::exp(2.0) + std::exp(1.0) + std::exp(0.5);
    EXPECT_NEAR(prediction->probabilities[3], std::exp(2.0) / sum, 1e-6);
    EXPECT_NEAR(prediction->confidence(0), std::exp(2.0) / sum, 1e-6);
}

TEST(Predict, SurvivesHugeLogits)
{
    const auto prediction = predict(taskHead(), rows({{1e38F, -1e38F}}));
    ASSERT_TRUE(prediction);
    EXPECT_NEAR(prediction->confidence(0), 1.0, 1e-6);
}

TEST(Predict, LeavesRowsWithoutAnEmbeddingUnknown)
{
    for (const auto& head : {angleHead(), taskHead()}) {
        const auto prediction = predict(head, rows({{kNan, 0.0F}, {1.0F, 0.0F}}));
        ASSERT_TRUE(prediction);
        EXPECT_TRUE(std::isnan(prediction->value(0)));
        EXPECT_FALSE(std::isnan(prediction->value(1)));
    }
    EXPECT_EQ(predict(taskHead(), rows({{kNan, 0.0F}}))->confidence(0), 0.0);
}

TEST(Predict, OfNothingIsNothing)
{
    const auto prediction = predict(taskHead(), Matrix(0, 2));
    ASSERT_TRUE(prediction);
    EXPECT_EQ(prediction->rows(), 0U);
}

TEST(Predict, TakesIntegersWithoutClassesAsReals)
{
    auto head = realHead();
    head.kind = PropertyKind::Integer;
    const auto prediction = predict(head, rows({{-6.0F}}));
    ASSERT_TRUE(prediction);
    EXPECT_EQ(prediction->maxClasses(), 0U);
    EXPECT_EQ(format(*prediction, 0), "2");
}

TEST(Predict, NamesTheTensorThatDoesNotFit)
{
    const Matrix one = rows({{1.0F}});
    EXPECT_EQ(errorOf(realHead(), rows({{1.0F, 2.0F}})),
              "tensor 0.weight of the head for accuracy reads 1 numbers, but the embedding has 2");
    auto head = realHead();
    head.state["2.weight"] = {{1, 3}, {1, 1, 1}};
    EXPECT_THAT(errorOf(head, one), HasSubstr("tensor 2.weight of the head for accuracy reads 3 numbers"));
    head.state["2.weight"] = {{1, 2}, {1, 1, 1}};
    EXPECT_THAT(errorOf(head, one), HasSubstr("its shape is [1, 2] with 3 values"));
    head.state["2.weight"] = {{-1, -2}, {1, 1}};
    EXPECT_THAT(errorOf(head, one), HasSubstr("tensor 2.weight"));
    head.state["2.weight"] = {{std::int64_t {1} << 62, 4}, {1, 1}};
    EXPECT_THAT(errorOf(head, one), HasSubstr("tensor 2.weight"));
    head.state.erase("2.weight");
    EXPECT_THAT(errorOf(head, one), HasSubstr("3 tensors"));
    head = realHead();
    head.state["0.bias"] = {{3}, {0, 0, 0}};
    EXPECT_THAT(errorOf(head, one), HasSubstr("tensor 0.bias of the head for accuracy should have shape [2]"));
    head.state.clear();
    EXPECT_EQ(errorOf(head, one), "the head for accuracy has no tensor 0.weight");
}

TEST(Predict, SaysWhenTheOutputsDoNotFitTheProperty)
{
    auto task = taskHead();
    task.classes = {{0}, {1, 2}};
    EXPECT_THAT(errorOf(task, rows({{1.0F, 0.0F}})), HasSubstr("gives 4 numbers, expected 3, one for each class"));
    task.classes = {{0, 1, 2, 3}, {}};
    EXPECT_THAT(errorOf(task, rows({{1.0F, 0.0F}})), HasSubstr("a column without classes"));
    auto accuracy = realHead();
    accuracy.scale.clear();
    EXPECT_THAT(errorOf(accuracy, rows({{1.0F}})), HasSubstr("expected 1, one for each mean and scale"));
    auto angle = angleHead();
    angle.state = linear({1, 0}, {0});
    EXPECT_THAT(errorOf(angle, rows({{1.0F, 0.0F}})), HasSubstr("a sine and a cosine"));
    angle = angleHead();
    angle.period = 0.0;
    EXPECT_THAT(errorOf(angle, rows({{1.0F, 0.0F}})), HasSubstr("period is 0"));
}

} // namespace
