#include "core/base/half.h"
#include "core/making/initial_parameters.h"
#include "core/making/language_family.h"
#include "core/tasks/formal_language.h"
#include "core/tasks/run_networks.h"
#include "making/making_case.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace {

using namespace rnnscope;
using namespace rnnscope::making;

class LanguageRuns : public testing::Test
{
protected:
    Recipe recipe = test::smallLanguages();

    Snapshot judged(std::size_t run, float scale = 1.0F) const
    {
        auto parameters = initialParameters(architectureOf(recipe), run);
        for (float& value : parameters)
            value *= scale;
        return languageFamily(recipe)->course(run)->judge(5, parameters, {}).value();
    }
    double value(const Snapshot& snapshot, const std::string& name) const
    {
        std::size_t at = 0;
        for (const zoo::Property& property : languageFamily(recipe)->properties()) {
            if (property.name == name)
                return snapshot.values.at(at);
            at += property.columns;
        }
        return NAN;
    }
    std::vector<double> taskOf(std::size_t run) const
    {
        const auto values = judged(run).values;
        return {values.begin(), values.begin() + static_cast<std::ptrdiff_t>(recipe.language.letters)};
    }
};

TEST_F(LanguageRuns, DrawTasksUniformly)
{
    recipe.language = {.letters = 4, .maxN = 10, .length = 42, .samples = 1};
    recipe.sequences = 0;
    recipe.hidden = 1;
    recipe.layers = 1;
    std::map<double, int> seen;
    constexpr std::size_t kRuns = 200;
    for (std::size_t run = 0; run < kRuns; ++run) {
        const auto task = taskOf(run);
        EXPECT_EQ(task.front(), 0.0);
        for (std::size_t k = 1; k < task.size(); ++k)
            ++seen[task[k]];
    }
    ASSERT_EQ(seen.size(), 6U);
    EXPECT_EQ(seen.begin()->first, -3.0);
    EXPECT_EQ(seen.rbegin()->first, 2.0);
    for (const auto& [difference, count] : seen)
        EXPECT_NEAR(count, 100, 40) << difference; // 4.4 deviations
}

TEST_F(LanguageRuns, TakeTheTaskThatIsWanted)
{
    recipe.language.task = {0, -1, 2};
    EXPECT_EQ(taskOf(0), (std::vector {0.0, -1.0, 2.0}));
    EXPECT_EQ(taskOf(17), (std::vector {0.0, -1.0, 2.0}));
}

/// Every n is as likely as any other, and what a batch asks for is a string of the language.
TEST_F(LanguageRuns, DrawStringsUniformly)
{
    recipe.language.task = {0, 1, -2};
    const auto course = languageFamily(recipe)->course(0);
    const tasks::FormalLanguage language {.differences = recipe.language.task, .maxN = recipe.language.maxN};
    rnn::PrefixBatch batch;
    double afterTwo = 0.0;
    constexpr int kBatches = 400;
    for (int i = 0; i < kBatches; ++i) {
        course->draw(batch);
        ASSERT_EQ(batch.steps(), recipe.language.length - 1);
        ASSERT_EQ(batch.first[1], 1U);
        EXPECT_EQ(batch.tokens[0], language.begin());
        double sum = 0.0;
        for (const float target : batch.targets)
            sum += static_cast<double>(target);
        EXPECT_NEAR(sum, 1.0, 1e-5);
        // n is 2, 3 or 4: after a, a comes b where n is 2
        const std::size_t node = batch.first[2];
        afterTwo += static_cast<double>(batch.targets[node * 5 + 1]) * static_cast<double>(batch.steps());
    }
    EXPECT_NEAR(afterTwo / kBatches, 1.0 / 3.0, 0.02); // 4.8 deviations
}

TEST_F(LanguageRuns, KeepTheStringsTheyWereJudgedBy)
{
    recipe.sequences = recipe.language.samples = 60;
    recipe.language.task = {0, 0, 0};
    const Snapshot snapshot = judged(2, 3.0F);
    const tasks::FormalLanguage language {.differences = recipe.language.task, .maxN = recipe.language.maxN};
    double correct = 0.0, ordered = 0.0, undefined = 0.0;
    for (std::size_t s = 0; s < recipe.sequences; ++s) {
        const auto first = snapshot.inputs.begin() + static_cast<std::ptrdiff_t>(s * recipe.language.length);
        const std::vector<int> string(first, first + static_cast<std::ptrdiff_t>(recipe.language.length));
        EXPECT_EQ(string.front(), language.begin());
        const auto acceptance = accept(language, string);
        correct += acceptance.correct ? 1.0 : 0.0;
        ordered += acceptance.ordered ? 1.0 : 0.0;
        undefined += acceptance.undefined ? 1.0 : 0.0;
    }
    EXPECT_GT(correct, 0.0);
    EXPECT_GT(undefined, 0.0);
    EXPECT_DOUBLE_EQ(value(snapshot, "accuracy"), correct / 60.0);
    EXPECT_DOUBLE_EQ(value(snapshot, "ordered_accuracy"), ordered / 60.0);
    EXPECT_DOUBLE_EQ(value(snapshot, "undefined"), undefined / 60.0);
}

TEST_F(LanguageRuns, KeepTheLogProbabilitiesTheTokensWereDrawnFrom)
{
    const Snapshot snapshot = judged(1, 3.0F);
    const std::size_t length = recipe.language.length, tokens = recipe.language.letters + 2;
    const rnn::Rnn network(tasks::shapeOf(architectureOf(recipe)), snapshot.parameters);
    std::vector<float> logits(tokens);
    for (std::size_t s = 0; s < recipe.sequences; ++s) {
        rnn::RnnState state = network.zeroState(1);
        for (std::size_t t = 0; t + 1 < length; ++t) {
            const int token = snapshot.inputs[s * length + t];
            network.step(std::span(&token, 1), state, logits);
            double total = 0.0;
            for (const float logit : logits)
                total += std::exp(static_cast<double>(logit));
            for (std::size_t o = 0; o < tokens; ++o)
                EXPECT_NEAR(halfToFloat(snapshot.logits[(s * (length - 1) + t) * tokens + o]),
                            static_cast<double>(logits[o]) - std::log(total), 5e-3);
        }
    }
}

TEST_F(LanguageRuns, RecordWhatTheyKnow)
{
    const Snapshot snapshot = judged(0);
    EXPECT_EQ(snapshot.step, 5U);
    EXPECT_EQ(value(snapshot, "weight_decay"), 1e-4);
    EXPECT_DOUBLE_EQ(value(snapshot, "generalization_gap"),
                     value(snapshot, "eval_loss") - value(snapshot, "train_loss"));
    recipe.weightDecay = 0.5;
    EXPECT_EQ(value(judged(0), "weight_decay"), 0.5);
    for (const zoo::Property& property : languageFamily(recipe)->properties())
        EXPECT_FALSE(property.description.empty()) << property.name;
}

TEST_F(LanguageRuns, SayNothingOfBrokenNetworks)
{
    const std::vector<float> broken(architectureOf(recipe).parameterCount(), NAN);
    const Snapshot snapshot = languageFamily(recipe)->course(0)->judge(0, broken, {}).value();
    for (const char* name : {"accuracy", "train_loss", "eval_loss", "long_accuracy", "generalization_gap"})
        EXPECT_TRUE(std::isnan(value(snapshot, name))) << name;
}

TEST_F(LanguageRuns, AreNotJudgedOnceStopped)
{
    std::stop_source stop;
    stop.request_stop();
    const auto parameters = initialParameters(architectureOf(recipe), 1);
    EXPECT_FALSE(languageFamily(recipe)->course(0)->judge(0, parameters, stop.get_token()));
}

} // namespace
