#include "core/nn/head_fit.h"
#include "core/nn/head_model.h"
#include "core/nn/head_network.h"
#include "core/nn/head_trainer.h"
#include "core/prediction/conformal.h"
#include "core/prediction/head.h"
#include "core/prediction/metrics.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <gmock/gmock.h>
#include <limits>
#include <numeric>
#include <random>
#include <set>

namespace rnnscope {

namespace {

constexpr std::size_t kTasks = 40;
constexpr std::size_t kSnapshots = 6;
constexpr std::size_t kSize = kTasks * kSnapshots;

/// Networks whose properties can be read off their embedding on the circle, with some noise.
struct Sample
{
    zoo::Zoo zoo;
    Matrix embedding {kSize, 2};
    std::vector<zoo::Split> splits;
};

zoo::Property property(const std::string& name, zoo::PropertyKind kind, std::size_t columns = 1)
{
    zoo::Property made;
    made.name = name;
    made.kind = kind;
    made.columns = columns;
    made.period = kind == zoo::PropertyKind::Circular ? 360.0 : 0.0;
    return made;
}

Sample sample()
{
    using Kind = zoo::PropertyKind;
    using zoo::Split;
    Sample made;
    made.zoo.path = "sample.h5";
    made.zoo.size = kSize;
    auto run = property("run", Kind::Integer);
    auto task = property("task", Kind::Integer);
    auto charm = property("charm", Kind::Real);
    auto angle = property("angle", Kind::Circular);
    auto signs = property("signs", Kind::Categorical, 2);
    std::mt19937 random(3);
    std::normal_distribution<double> noise(0.0, 0.05);
    std::uniform_real_distribution<double> any(0.0, 360.0);
    constexpr std::array kSplits {Split::Training,    Split::Training, Split::Training, Split::Validation,
                                  Split::Calibration, Split::Training, Split::Ood,      Split::Training};
    for (std::size_t row = 0; row < kSize; ++row) {
        const double degrees = any(random);
        const double radians = degrees / 180.0 * std::acos(-1.0);
        made.embedding(row, 0) = static_cast<float>(std::sin(radians));
        made.embedding(row, 1) = static_cast<float>(std::cos(radians));
        run.values.push_back(static_cast<double>(row / 3));
        task.values.push_back(static_cast<double>(row / kSnapshots));
        charm.values.push_back(500.0 + 100.0 * (std::sin(radians) + noise(random)));
        angle.values.push_back(std::fmod(degrees + 57.3 * noise(random) + 360.0, 360.0));
        signs.values.push_back(std::sin(radians) > 0.0 ? 1.0 : 0.0);
        signs.values.push_back(std::cos(radians) > 0.0 ? 1.0 : 0.0);
        made.splits.push_back(kSplits[row / kSnapshots % kSplits.size()]);
    }
    made.zoo.properties = {run, task, charm, angle, signs};
    return made;
}

std::vector<zoo::Head> train(const Sample& from, engine::HeadOptions options = {})
{
    NoProgress progress;
    auto heads = nn::trainHeads(from.zoo, from.embedding, from.splits, options, progress, {});
    EXPECT_TRUE(heads) << heads.error().message;
    return heads ? *std::move(heads) : std::vector<zoo::Head> {};
}

bool same(const zoo::Head& a, const zoo::Head& b)
{
    if (a.calibration.scores != b.calibration.scores || a.state.size() != b.state.size())
        return false;
    return std::all_of(a.state.begin(), a.state.end(),
                       [&](const auto& entry) { return entry.second.values == b.state.at(entry.first).values; });
}

TEST(HeadNetwork, StepsDownTheGradientOfTheLoss)
{
    nn::HeadNetwork network(3, 8, 2, 5);
    Matrix inputs(6, 3);
    for (std::size_t i = 0; i < inputs.values.size(); ++i)
        inputs.values[i] = static_cast<float>(std::sin(1.7 * static_cast<double>(i)));
    // AdamW's first step is the learning rate times the sign of the gradient, so that autograd's can be compared.
    const std::vector<double> zeros(3, 0.0);
    const std::vector<double> ones(3, 1.0);
    const auto before = network.state(zeros, ones);
    const auto tensor
        = [](const zoo::Tensor& from) { return at::tensor(from.values, at::kFloat).view(from.shape).requires_grad_(); };
    const std::vector<at::Tensor> parameters {tensor(before.at("0.weight")), tensor(before.at("0.bias")),
                                              tensor(before.at("2.weight")), tensor(before.at("2.bias"))};
    const at::Tensor x = at::tensor(inputs.values, at::kFloat).view({6, 3});
    const at::Tensor y
        = at::linear(at::relu(at::linear(x, parameters[0], parameters[1])), parameters[2], parameters[3]);
    y.square().sum().backward();

    Matrix gradient = network.forward(inputs);
    for (std::size_t i = 0; i < gradient.values.size(); ++i)
        EXPECT_NEAR(gradient.values[i], y.view({-1})[static_cast<std::int64_t>(i)].item<float>(), 1e-6);
    for (float& value : gradient.values)
        value *= 2.0F;
    network.step(inputs, gradient, 1e-3F, 0.0F);
    const auto after = network.state(zeros, ones);
    const std::array names {"0.weight", "0.bias", "2.weight", "2.bias"};
    for (std::size_t p = 0; p < names.size(); ++p) {
        const auto expected = parameters[p].grad().flatten();
        for (std::size_t i = 0; i < before.at(names[p]).values.size(); ++i) {
            const double slope = expected[static_cast<std::int64_t>(i)].item<double>();
            const double moved = static_cast<double>(after.at(names[p]).values[i])
                - static_cast<double>(before.at(names[p]).values[i]);
            const double wanted = std::abs(slope) < 1e-4 ? moved : -1e-3 * (slope > 0.0 ? 1.0 : -1.0);
            EXPECT_NEAR(moved, wanted, 2e-6) << names[p] << " " << i;
        }
    }
}

TEST(HeadNetwork, StateReadsInputsThatAreNotStandardised)
{
    nn::HeadNetwork network(2, 8, 2, 5);
    Matrix standard(1, 2);
    standard.values = {0.5F, -1.5F};
    const std::vector<double> mean {10.0, -3.0};
    const std::vector<double> scale {4.0, 0.5};
    zoo::Head head;
    head.property = "charm";
    head.mean = {0.0};
    head.scale = {1.0};
    head.state = network.state(mean, scale);
    Matrix plain(1, 2);
    plain.values = {12.0F, -3.75F};
    const auto predicted = prediction::predict(head, plain);
    ASSERT_TRUE(predicted) << predicted.error().message;
    EXPECT_NEAR(predicted->value(0), network.forward(standard)(0, 0), 1e-5);
}

TEST(HeadTrainer, LearnsEveryKindOfProperty)
{
    const Sample from = sample();
    const auto heads = train(from);
    ASSERT_EQ(heads.size(), 4U); // all but run
    for (const auto& head : heads) {
        const auto predicted = prediction::predict(head, from.embedding);
        ASSERT_TRUE(predicted) << predicted.error().message;
        const auto& truth = *from.zoo.property(head.property);
        if (head.property == "charm") {
            EXPECT_GT(prediction::rSquared(truth.values, predicted->values), 0.95);
        } else if (head.property == "angle") {
            EXPECT_LT(prediction::meanAngularError(truth.values, predicted->values, 360.0), 6.0);
        } else if (head.property == "signs") {
            EXPECT_GT(prediction::exactAccuracy(truth.values, predicted->values, 2), 0.9);
        }
    }
}

TEST(HeadTrainer, CalibratesOnTheCalibrationRowsByTask)
{
    const Sample from = sample();
    const auto heads = train(from);
    for (const auto& head : heads) {
        const auto rows = std::count(from.splits.begin(), from.splits.end(), zoo::Split::Calibration);
        EXPECT_EQ(head.calibration.scores.size(), static_cast<std::size_t>(rows)) << head.property;
        const std::set<std::int64_t> groups(head.calibration.groups.begin(), head.calibration.groups.end());
        EXPECT_EQ(groups.size(), static_cast<std::size_t>(rows) / kSnapshots);
    }
    const auto& charm = heads.at(1);
    ASSERT_EQ(charm.property, "charm");
    const auto predicted = prediction::predict(charm, from.embedding, 0.9);
    ASSERT_TRUE(predicted);
    std::size_t within = 0;
    std::size_t count = 0;
    for (std::size_t row = 0; row < kSize; ++row)
        if (from.splits[row] == zoo::Split::Ood) { // held out, here of the same kind
            const double truth = from.zoo.property("charm")->value(row);
            within += predicted->lower[row] <= truth && truth <= predicted->upper[row] ? 1 : 0;
            ++count;
        }
    const double share = static_cast<double>(within) / static_cast<double>(count);
    EXPECT_GE(share, 0.7); // 30 networks each calibrate and are counted: 0.9 within two and a half deviations
}

TEST(HeadTrainer, IsTheSameForAnyThreadsAndOrderAndLeavesTorchAlone)
{
    const Sample from = sample();
    const int threads = at::get_num_threads();
    at::manual_seed(77);
    const at::Tensor expected = at::rand({4});
    at::manual_seed(77);
    at::set_num_threads(1);
    const auto one = train(from);
    at::set_num_threads(4);
    const auto four = train(from);
    at::set_num_threads(threads);
    EXPECT_TRUE(at::equal(at::rand({4}), expected));
    const auto some = train(from, {.properties = {"signs", "charm"}, .seed = 1});
    ASSERT_EQ(one.size(), four.size());
    for (std::size_t i = 0; i < one.size(); ++i)
        EXPECT_TRUE(same(one[i], four[i])) << one[i].property;
    EXPECT_TRUE(same(some.at(0), one.at(3)));
    EXPECT_TRUE(same(some.at(1), one.at(1)));
    const auto other = train(from, {.properties = {"charm"}, .seed = 2});
    EXPECT_FALSE(same(other.at(0), one.at(1)));
}

TEST(HeadTrainer, LeavesOutWhatIsNotKnown)
{
    Sample from = sample();
    auto& charm = from.zoo.properties[2].values;
    charm[0] = std::numeric_limits<double>::quiet_NaN();
    from.embedding(1, 1) = std::numeric_limits<float>::quiet_NaN();
    const auto heads = train(from, {.properties = {"charm"}, .seed = 1});
    ASSERT_EQ(heads.size(), 1U);
    for (const auto& [name, tensor] : heads[0].state)
        for (const float value : tensor.values)
            ASSERT_TRUE(std::isfinite(value)) << name;
    std::fill(charm.begin(), charm.end(), std::numeric_limits<double>::quiet_NaN());
    EXPECT_TRUE(train(from, {.properties = {"charm"}, .seed = 1}).empty());
}

TEST(HeadTrainer, WorksWithoutValidationAndCalibration)
{
    Sample from = sample();
    std::fill(from.splits.begin(), from.splits.end(), zoo::Split::Training);
    const auto heads = train(from, {.properties = {"charm"}, .seed = 1});
    ASSERT_EQ(heads.size(), 1U);
    EXPECT_TRUE(heads[0].calibration.scores.empty());
    const auto predicted = prediction::predict(heads[0], from.embedding);
    ASSERT_TRUE(predicted);
    EXPECT_FALSE(predicted->calibrated());
}

TEST(HeadTrainer, SaysWhatIsWrongAndStops)
{
    const Sample from = sample();
    NoProgress progress;
    const auto unknown
        = nn::trainHeads(from.zoo, from.embedding, from.splits, {.properties = {"spin"}, .seed = 1}, progress, {});
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().code, Errc::NotFound);
    EXPECT_THAT(unknown.error().message, testing::HasSubstr("'spin'"));
    const auto few = nn::trainHeads(from.zoo, Matrix(3, 2), from.splits, engine::HeadOptions {}, progress, {});
    ASSERT_FALSE(few);
    EXPECT_EQ(few.error().code, Errc::ShapeMismatch);
    std::stop_source stop;
    stop.request_stop();
    const auto stopped
        = nn::trainHeads(from.zoo, from.embedding, from.splits, engine::HeadOptions {}, progress, stop.get_token());
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, Errc::Cancelled);
}

TEST(CalibrationGroups, AreTasksUnlessTheSplitTearsThemApart)
{
    Sample from = sample();
    const auto byTask = nn::calibrationGroups(from.zoo, from.splits);
    EXPECT_EQ(byTask[0], byTask[5]);
    EXPECT_NE(byTask[5], byTask[6]);
    std::fill(from.splits.begin(), from.splits.begin() + 3, zoo::Split::Ood); // half of the first task
    const auto byRun = nn::calibrationGroups(from.zoo, from.splits);
    EXPECT_EQ(byRun[0], byRun[2]);
    EXPECT_NE(byRun[2], byRun[3]);
    from.zoo.properties.clear();
    const auto alone = nn::calibrationGroups(from.zoo, from.splits);
    EXPECT_EQ(std::set<std::int64_t>(alone.begin(), alone.end()).size(), kSize);
}

TEST(FitHead, UsesMinibatchesOfLargeZoos)
{
    Sample from = sample();
    const auto& charm = *from.zoo.property("charm");
    std::vector<std::size_t> rows(kSize);
    std::iota(rows.begin(), rows.end(), std::size_t {0});
    auto head = nn::describeHead(charm, rows);
    const nn::HeadRows all {from.embedding, nn::headTargets(head, charm, rows)};
    const nn::HeadRows none {Matrix(0, 2), all.targets.narrow(0, 0, 0)};
    head.state = nn::fitHead(head, all, none, {.batch = 32}, {});
    const auto predicted = prediction::predict(head, from.embedding);
    ASSERT_TRUE(predicted);
    EXPECT_GT(prediction::rSquared(charm.values, predicted->values), 0.95);
}

} // namespace

} // namespace rnnscope
