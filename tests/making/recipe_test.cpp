#include "core/making/initial_parameters.h"
#include "core/making/memory_need.h"
#include "core/making/recipe.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace {

using namespace rnnscope;
using namespace rnnscope::making;
using testing::ElementsAre;

TEST(LearningRate, FallsInTwoStraightLinesOverAbsoluteSteps)
{
    Recipe recipe;
    EXPECT_DOUBLE_EQ(learningRateAt(recipe, 0), 0.01);
    EXPECT_DOUBLE_EQ(learningRateAt(recipe, 5000), 0.0065);
    EXPECT_DOUBLE_EQ(learningRateAt(recipe, 10000), 0.003);
    EXPECT_DOUBLE_EQ(learningRateAt(recipe, 15000), 0.00165);
    EXPECT_DOUBLE_EQ(learningRateAt(recipe, 20000), 0.0003);
    EXPECT_DOUBLE_EQ(learningRateAt(recipe, 100000), 0.0003);
    recipe.steps = 100;
    EXPECT_DOUBLE_EQ(learningRateAt(recipe, 100), 0.01 - 0.007 * 0.01);
    recipe.learningRate = 0.1;
    EXPECT_DOUBLE_EQ(learningRateAt(recipe, 20000), 0.003);
}

TEST(Snapshots, AreThoseUpToTheLastStepAndThatOne)
{
    Recipe recipe;
    EXPECT_THAT(snapshotSteps(recipe), ElementsAre(0, 100, 200, 500, 1000, 2000, 5000, 10000, 20000));
    recipe.steps = 700;
    EXPECT_THAT(snapshotSteps(recipe), ElementsAre(0, 100, 200, 500, 700));
    recipe.snapshots = {300, 20, 300, 700, 900};
    EXPECT_THAT(snapshotSteps(recipe), ElementsAre(20, 300, 700));
    recipe.snapshots = {};
    recipe.steps = 0;
    EXPECT_THAT(snapshotSteps(recipe), ElementsAre(0));
}

TEST(FirstParameters, AreUniformAsPyTorchs)
{
    const zoo::Architecture architecture {zoo::Cell::Lstm, 6, 16, 2, 6};
    const auto parameters = initialParameters(architecture, 5);
    ASSERT_EQ(parameters.size(), architecture.parameterCount());
    const auto [least, most] = std::ranges::minmax(parameters);
    EXPECT_GE(least, -0.25F);
    EXPECT_LE(most, 0.25F);
    EXPECT_LT(least, -0.249F);
    EXPECT_GT(most, 0.249F);
    double sum = 0.0, squares = 0.0;
    for (const float value : parameters) {
        sum += static_cast<double>(value);
        squares += static_cast<double>(value) * static_cast<double>(value);
    }
    const auto count = static_cast<double>(parameters.size());
    EXPECT_NEAR(sum / count, 0.0, 5.0 * 0.25 / std::sqrt(3.0 * count));
    EXPECT_NEAR(squares / count, 0.0625 / 3.0, 0.001);
    EXPECT_EQ(parameters, initialParameters(architecture, 5));
    EXPECT_NE(parameters, initialParameters(architecture, 6));
}

TEST(Recipes, NameZoosAsTheAuthors)
{
    Recipe recipe;
    EXPECT_EQ(nameOf(recipe), "formal_languages_tokens_4_length_42_2x32");
    recipe.family = zoo::TaskFamily::SequentialMnist;
    EXPECT_EQ(nameOf(recipe), "sequential_mnist_tile_4x4_model_2x32");
    recipe.name = "mine";
    EXPECT_EQ(nameOf(recipe), "mine");
}

TEST(Recipes, MakeNetworksThatFitTheirData)
{
    Recipe recipe;
    EXPECT_EQ(architectureOf(recipe), (zoo::Architecture {zoo::Cell::Lstm, 6, 32, 2, 6}));
    recipe.family = zoo::TaskFamily::SequentialMnist;
    recipe.mnist.tileSide = 7;
    recipe.cell = zoo::Cell::Gru;
    EXPECT_EQ(architectureOf(recipe), (zoo::Architecture {zoo::Cell::Gru, 49, 32, 2, 10}));
}

struct Wrong
{
    std::string name;
    std::function<void(Recipe&)> spoil;
    std::string message;
};

class WrongRecipes : public testing::TestWithParam<Wrong>
{
};

TEST_P(WrongRecipes, AreRefusedInOneSentence)
{
    Recipe recipe;
    ASSERT_TRUE(validate(recipe));
    GetParam().spoil(recipe);
    const auto valid = validate(recipe);
    ASSERT_FALSE(valid);
    EXPECT_EQ(valid.error().message, GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Options, WrongRecipes,
    testing::Values(
        Wrong {"Runs", [](Recipe& r) { r.runs = 0; }, "--runs is 0, expected 1 to 1000000"},
        Wrong {"Hidden", [](Recipe& r) { r.hidden = 0; }, "--hidden is 0, expected 1 to 4096"},
        Wrong {"Rate", [](Recipe& r) { r.learningRate = NAN; }, "--learning-rate is nan, expected 0 to 100"},
        Wrong {"Letters", [](Recipe& r) { r.language.letters = 27; }, "--letters is 27, expected 2 to 26"},
        Wrong {"TaskLength",
               [](Recipe& r) {
                   r.language.task = {0, 1};
               },
               "the task has 2 numbers, expected one for each of 4 letters"},
        Wrong {"TaskStart",
               [](Recipe& r) {
                   r.language.task = {1, 1, 0, 0};
               },
               "the task starts with 1, expected 0"},
        Wrong {"ShortN", [](Recipe& r) { r.language.maxN = 3; },
               "n goes up to 2, expected at least 3, below which a letter would occur a negative number of times"},
        Wrong {"TaskN",
               [](Recipe& r) {
                   r.language.task = {0, 1, -10, 0};
               },
               "n goes up to 9, expected at least 10, below which a letter would occur a negative number of times"},
        Wrong {"TaskFits",
               [](Recipe& r) {
                   r.language.task = {0, -9, 9, 9};
               },
               "--length is 42, expected at least 47, the shortest string of --task with its begin and end"},
        Wrong {"Tile",
               [](Recipe& r) {
                   r.family = zoo::TaskFamily::SequentialMnist;
                   r.mnist.tileSide = 5;
               },
               "--tile is 5, expected a divisor of 28"}),
    [](const auto& tested) { return tested.param.name; });

TEST(Recipes, NeedMemoryForTheirNetworks)
{
    Recipe recipe;
    EXPECT_TRUE(checkMemory(recipe, 64));
    EXPECT_LT(memoryOfRun(recipe), 2e7);
    recipe.family = zoo::TaskFamily::SequentialMnist;
    recipe.batch = 1'000'000;
    EXPECT_GT(memoryOfRun(recipe), 1e11);
    const auto refused = checkMemory(recipe, 100);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, testing::StartsWith("100 networks of this size at once would need about "));
    recipe = {};
    recipe.hidden = 256;
    recipe.language.letters = 26;
    recipe.language.maxN = 100;
    EXPECT_GT(memoryOfRun(recipe), 1e10);
    recipe = {};
    recipe.sequences = 1'000'000;
    EXPECT_GT(memoryOfRun(recipe), 1e9);
}

TEST(Recipes, SayWhatDiffers)
{
    Recipe recipe;
    const auto before = toJson(recipe, "");
    EXPECT_EQ(difference(toJson(recipe, ""), before), "");
    recipe.steps = 300;
    recipe.snapshots = {0};
    EXPECT_EQ(difference(toJson(recipe, ""), before), "steps is 300 now and was 20000");
    recipe.steps = 20000;
    EXPECT_EQ(difference(toJson(recipe, ""), before),
              "snapshots is [0,20000] now and was [0,100,200,500,1000,2000,5000,10000,20000]");
    recipe = {};
    recipe.language.task = {0, 1, -2, 2};
    EXPECT_EQ(difference(toJson(recipe, ""), before), "task is [0,1,-2,2] now and was not given");
    EXPECT_EQ(difference(before, nlohmann::json()), "they are not known");
    recipe = {};
    recipe.family = zoo::TaskFamily::SequentialMnist;
    EXPECT_EQ(difference(toJson(recipe, "aa"), toJson(recipe, "bb")), "digits is \"aa\" now and was \"bb\"");
    recipe.mnist.angle = 90.0;
    EXPECT_EQ(difference(toJson(Recipe {recipe}, "aa"), toJson(recipe, "aa")), "");
}

/// Every option that changes what comes out must be in the text, or other zoos would be taken for the same.
TEST(Recipes, ThatDifferInAnyOptionAreToldApart)
{
    const std::vector<std::function<void(Recipe&)>> changes {
        [](Recipe& r) { r.cell = zoo::Cell::Gru; },
        [](Recipe& r) { r.hidden = 31; },
        [](Recipe& r) { r.layers = 1; },
        [](Recipe& r) { r.runs = 2; },
        [](Recipe& r) { r.steps = 2; },
        [](Recipe& r) { r.snapshots = {1}; },
        [](Recipe& r) { r.batch = 31; },
        [](Recipe& r) { r.learningRate = 0.02; },
        [](Recipe& r) { r.weightDecay = 0.1; },
        [](Recipe& r) { r.sequences = 1; },
        [](Recipe& r) { r.seed = 2; },
        [](Recipe& r) { r.half = true; },
        [](Recipe& r) { r.device = "cuda"; },
        [](Recipe& r) { r.name = "mine"; },
        [](Recipe& r) { r.language.letters = 3; },
        [](Recipe& r) { r.language.maxN = 9; },
        [](Recipe& r) { r.language.length = 41; },
        [](Recipe& r) { r.language.samples = 10; },
        [](Recipe& r) {
            r.language.task = {0, 0, 0, 0};
        },
    };
    for (std::size_t i = 0; i < changes.size(); ++i) {
        Recipe changed;
        changes[i](changed);
        EXPECT_NE(difference(toJson(changed, ""), toJson({}, "")), "") << i;
    }
    Recipe mnist;
    mnist.family = zoo::TaskFamily::SequentialMnist;
    for (const auto& change : std::vector<std::function<void(Recipe&)>> {
             [](Recipe& r) { r.mnist.tileSide = 7; }, [](Recipe& r) { r.mnist.angle = 1.0; },
             [](Recipe& r) { r.mnist.mostDigits = 1; }, [](Recipe& r) { r.weightDecay = 0.0; }}) {
        Recipe changed = mnist;
        change(changed);
        EXPECT_NE(difference(toJson(changed, ""), toJson(mnist, "")), "");
    }
}

} // namespace
