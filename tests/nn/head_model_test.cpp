#include "core/nn/head_model.h"
#include "core/nn/module.h"
#include "core/prediction/head.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <vector>

namespace rnnscope {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

zoo::Property property(zoo::PropertyKind kind, std::vector<double> values, std::size_t columns = 1)
{
    zoo::Property made;
    made.name = "charm";
    made.kind = kind;
    made.columns = columns;
    made.period = kind == zoo::PropertyKind::Circular ? 360.0 : 0.0;
    made.values = std::move(values);
    return made;
}

std::vector<std::size_t> all(const zoo::Property& property)
{
    std::vector<std::size_t> rows(property.rows());
    std::iota(rows.begin(), rows.end(), std::size_t {0});
    return rows;
}

double loss(const zoo::Head& head, const at::Tensor& outputs, const at::Tensor& targets)
{
    return nn::headLosses(head, outputs, targets).mean().item<double>();
}

TEST(HeadModel, MeanAndScaleAreThoseOfTheKnownTrainingRows)
{
    const auto real = property(zoo::PropertyKind::Real, {1.0, 3.0, kNan, 500.0});
    const auto head = nn::describeHead(real, std::vector<std::size_t> {0, 1, 2});
    EXPECT_EQ(head.mean, std::vector {2.0});
    EXPECT_EQ(head.scale, std::vector {1.0});
    EXPECT_EQ(nn::headOutputs(head, 1), 2);
}

TEST(HeadModel, ClassesAreThoseOfTheTrainingRows)
{
    const auto task = property(zoo::PropertyKind::Integer, {0, -3, 0, 2, 0, 7}, 2);
    const auto head = nn::describeHead(task, std::vector<std::size_t> {0, 1});
    ASSERT_EQ(head.classes.size(), 2U);
    EXPECT_EQ(head.classes[1], (std::vector<double> {-3, 2}));
    EXPECT_EQ(nn::headOutputs(head, 2), 3);
    const auto targets = nn::headTargets(head, task, all(task));
    EXPECT_EQ(targets[1][1].item<float>(), 1.0F);
    EXPECT_TRUE(std::isnan(targets[2][1].item<float>())); // 7 was never seen
}

TEST(HeadModel, IntegersThatSpreadFarAreQuantities)
{
    const auto step = property(zoo::PropertyKind::Integer, {0, 100, 20000});
    EXPECT_EQ(nn::describeHead(step, all(step)).kind, zoo::PropertyKind::Real);
    auto label = property(zoo::PropertyKind::Categorical, {0, 100, 20000});
    EXPECT_EQ(nn::describeHead(label, all(label)).classes.at(0).size(), 3U);
}

TEST(HeadModel, RealLossIsLeastAtTheMedianAndTheMeanAbsoluteError)
{
    const auto real = property(zoo::PropertyKind::Real, {-1.0, 0.0, 0.5, 2.0, 9.0});
    auto head = nn::describeHead(real, all(real));
    head.mean = {0.0};
    head.scale = {1.0};
    const auto targets = nn::headTargets(head, real, all(real));
    const double spread = std::log((1.5 + 0.5 + 0.0 + 1.5 + 8.5) / 5.0);
    const auto at = [&](double value, double logSpread) {
        return loss(head, at::tensor({value, logSpread}, at::kFloat).expand({5, 2}), targets);
    };
    const double best = at(0.5, spread);
    EXPECT_NEAR(best, 1.0 + spread, 1e-6);
    for (const double step : {-0.05, 0.05}) {
        EXPECT_GT(at(0.5 + step, spread), best);
        EXPECT_GT(at(0.5, spread + step), best);
    }
}

TEST(HeadModel, CircularLossDoesNotFeelTheSeam)
{
    const auto angle = property(zoo::PropertyKind::Circular, {359.0, 1.0});
    const auto head = nn::describeHead(angle, all(angle));
    const auto targets = nn::headTargets(head, angle, all(angle));
    const auto losses = nn::headLosses(head, at::tensor({0.0, 1.0}, at::kFloat).expand({2, 2}), targets);
    EXPECT_NEAR(losses[0].item<double>(), losses[1].item<double>(), 1e-6);
    EXPECT_LT(losses[0].item<double>(), 1e-3);
}

TEST(HeadModel, ClassLossIsTheMeanNegativeLogProbability)
{
    const auto task = property(zoo::PropertyKind::Integer, {0, 1, 1, 0}, 2);
    const auto head = nn::describeHead(task, all(task));
    const auto outputs = at::log(at::tensor({0.25, 0.75, 0.5, 0.5}, at::kFloat)).expand({2, 4});
    const auto losses = nn::headLosses(head, outputs, nn::headTargets(head, task, all(task)));
    EXPECT_NEAR(losses[0].item<double>(), -0.5 * (std::log(0.25) + std::log(0.5)), 1e-6);
    EXPECT_NEAR(losses[1].item<double>(), -0.5 * (std::log(0.75) + std::log(0.5)), 1e-6);
}

class UnknownTargets : public testing::TestWithParam<zoo::PropertyKind>
{
};

TEST_P(UnknownTargets, CostNothingAndMoveNothing)
{
    const auto some = property(GetParam(), {1.0, kNan, 2.0});
    const auto head = nn::describeHead(some, all(some));
    const at::Tensor outputs = at::ones({3, nn::headOutputs(head, 1)}).requires_grad_();
    const at::Tensor losses = nn::headLosses(head, outputs, nn::headTargets(head, some, all(some)));
    EXPECT_EQ(losses[1].item<double>(), 0.0);
    losses.sum().backward();
    EXPECT_TRUE(outputs.grad().isfinite().all().item<bool>());
    EXPECT_EQ(outputs.grad()[1].abs().max().item<double>(), 0.0);
    EXPECT_GT(outputs.grad()[0].abs().max().item<double>(), 0.0);
}

INSTANTIATE_TEST_SUITE_P(Kinds, UnknownTargets,
                         testing::Values(zoo::PropertyKind::Real, zoo::PropertyKind::Integer,
                                         zoo::PropertyKind::Circular));

TEST(HeadModel, ModuleIsWhatPredictReads)
{
    const auto real = property(zoo::PropertyKind::Real, {1.0, 3.0});
    auto head = nn::describeHead(real, all(real));
    const auto module = nn::makeHeadModule(head, 1, 4);
    head.state = nn::saveState(*module);
    const Matrix embedding(1, 4, 0.5F);
    const auto predicted = prediction::predict(head, embedding);
    ASSERT_TRUE(predicted) << predicted.error().message;
    const double output = module->forward(at::full({1, 4}, 0.5, at::kFloat))[0][0].item<double>();
    EXPECT_NEAR(predicted->value(0), 2.0 + output, 1e-5);
}

} // namespace

} // namespace rnnscope
