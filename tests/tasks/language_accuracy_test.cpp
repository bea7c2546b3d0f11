#include "core/tasks/language_accuracy.h"
#include "tasks/memory_zoo.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace {

using namespace rnnscope;
using namespace rnnscope::tasks;
using Parameters = std::vector<float>;
using Task = std::vector<double>;

constexpr float kSure = 60.0F;

/// A memoryless network over `letters` letters: after each token the softmax of that token's row of logits.
class TokenChain
{
public:
    explicit TokenChain(int letters)
        : tokens(static_cast<std::size_t>(letters) + 2)
        , m_logits(tokens * tokens)
    {
    }
    TokenChain& after(int token, int next, float logit = kSure)
    {
        m_logits[static_cast<std::size_t>(token) * tokens + static_cast<std::size_t>(next)] = logit;
        return *this;
    }
    zoo::Architecture architecture() const
    {
        const int size = static_cast<int>(tokens);
        return {zoo::Cell::RnnRelu, size, size, 1, size, false};
    }
    /// The hidden state is the input; the read-out holds the logits.
    Parameters parameters() const
    {
        Parameters all(2 * tokens * tokens);
        for (std::size_t i = 0; i < tokens; ++i)
            all[i * tokens + i] = 1.0F;
        for (std::size_t next = 0; next < tokens; ++next)
            for (std::size_t token = 0; token < tokens; ++token)
                all.push_back(m_logits[token * tokens + next]);
        all.resize(all.size() + tokens);
        return all;
    }

    const std::size_t tokens;

private:
    std::vector<float> m_logits;
};

class MeasuredLanguage : public testing::Test
{
protected:
    NoProgress quiet;

    static zoo::Zoo zooOf(const TokenChain& chain, const Task& task)
    {
        return test::memoryZoo(zoo::TaskFamily::FormalLanguage, chain.architecture(), {chain.parameters()}, {task});
    }
    LanguageAccuracy measure(const TokenChain& chain, const Task& task, std::size_t samples = 100)
    {
        const auto zoo = zooOf(chain, task);
        const auto found = measureLanguageAccuracy(zoo, test::allRows(zoo), {.samples = samples}, quiet, {});
        EXPECT_TRUE(found);
        return found->at(0);
    }
};

// letters a = 0, b = 1; begin 2, end 3
TEST_F(MeasuredLanguage, AcceptsANetworkThatWritesItsLanguage)
{
    const auto found = measure(TokenChain(2).after(2, 0).after(0, 1).after(1, 3), {0, 0});
    EXPECT_EQ(found.accuracy, 1.0);
    EXPECT_EQ(found.orderedAccuracy, 1.0);
    EXPECT_EQ(found.undefined, 0.0);
}

TEST_F(MeasuredLanguage, JudgesByTheNetworksOwnTask)
{
    const auto found = measure(TokenChain(2).after(2, 0).after(0, 1).after(1, 3), {0, 1});
    EXPECT_EQ(found.accuracy, 0.0);
    EXPECT_EQ(found.undefined, 0.0);
}

TEST_F(MeasuredLanguage, TellsOrderFromCounts)
{
    const auto found = measure(TokenChain(2).after(2, 1).after(1, 0).after(0, 3), {0, 0});
    EXPECT_EQ(found.accuracy, 1.0);
    EXPECT_EQ(found.orderedAccuracy, 0.0);
}

TEST_F(MeasuredLanguage, CountsStringsWithoutEndAsNotAccepted)
{
    const auto found = measure(TokenChain(2).after(2, 0).after(0, 1).after(1, 0), {0, 0});
    EXPECT_EQ(found.accuracy, 0.0);
    EXPECT_EQ(found.undefined, 1.0);
}

// One letter, ended with probability 1/50 at each of the 41 tokens after begin; every string that ends is accepted.
TEST_F(MeasuredLanguage, DrawsFromTheSoftmaxForFortyOneTokens)
{
    constexpr float kNever = -60.0F;
    const float end = std::log(1.0F / 49.0F);
    TokenChain chain(1); // a = 0; begin 1, end 2
    for (const int token : {0, 1})
        chain.after(token, 0, 0.0F).after(token, 1, kNever).after(token, 2, end);
    constexpr std::size_t kStrings = 200000;
    const auto found = measure(chain, {0}, kStrings);
    const double expected = std::pow(0.98, 41);
    const double deviation = std::sqrt(expected * (1.0 - expected) / static_cast<double>(kStrings));
    EXPECT_NEAR(found.undefined, expected, 4.0 * deviation); // one token more or less: 8 deviations
    EXPECT_NEAR(found.accuracy, 1.0 - found.undefined, 1e-12);
}

/// Networks that are right half of the time, so that other strings give other numbers.
class HalfRightNetworks : public MeasuredLanguage
{
protected:
    static constexpr std::size_t kNetworks = 7;
    zoo::Zoo zoo = [] {
        const auto chain = TokenChain(2).after(2, 0).after(0, 1).after(0, 3).after(1, 3);
        return test::memoryZoo(zoo::TaskFamily::FormalLanguage, chain.architecture(),
                               std::vector(kNetworks, chain.parameters()), std::vector(kNetworks, Task {0, 0}));
    }();

    std::vector<double> accuracies(std::span<const std::size_t> rows, const LanguageAccuracyOptions& options)
    {
        const auto found = measureLanguageAccuracy(zoo, rows, options, quiet, {});
        std::vector<double> values;
        for (const auto& one : found.value())
            values.push_back(one.accuracy);
        return values;
    }
};

TEST_F(HalfRightNetworks, MeasureTheSameOnAnyNumberOfThreads)
{
    const auto rows = test::allRows(zoo);
    const auto one = accuracies(rows, {.threads = 1});
    EXPECT_EQ(one, accuracies(rows, {.threads = 3}));
    EXPECT_NEAR(one.front(), 0.5, 0.08);
}

TEST_F(HalfRightNetworks, MeasureTheSameInAnyChoiceOfRows)
{
    const auto all = accuracies(test::allRows(zoo), {});
    const std::vector<std::size_t> some {5, 0, 2};
    EXPECT_EQ(accuracies(some, {}), (std::vector {all[5], all[0], all[2]}));
}

TEST_F(HalfRightNetworks, HaveStringsOfTheirOwnForEverySeedAndRow)
{
    const auto rows = test::allRows(zoo);
    const auto first = accuracies(rows, {.seed = 1});
    EXPECT_NE(first, accuracies(rows, {.seed = 2}));
    EXPECT_NE(first, std::vector(kNetworks, first.front()));
}

TEST_F(HalfRightNetworks, AreNotMeasuredOnceStopped)
{
    std::stop_source stop;
    stop.request_stop();
    const auto found = measureLanguageAccuracy(zoo, test::allRows(zoo), {}, quiet, stop.get_token());
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, Errc::Cancelled);
}

TEST_F(HalfRightNetworks, RefuseRowsThatAreNotThere)
{
    const std::vector<std::size_t> rows {0, kNetworks};
    const auto found = measureLanguageAccuracy(zoo, rows, {}, quiet, {});
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().message, "memory has 7 networks, there is no row 7");
}

TEST_F(MeasuredLanguage, IsUnknownForSickWeightsAndUnknownTasks)
{
    const TokenChain chain = TokenChain(2).after(2, 3);
    auto sick = chain.parameters();
    sick[3] = std::numeric_limits<float>::quiet_NaN();
    auto huge = chain.parameters();
    for (float& weight : huge)
        weight = std::numeric_limits<float>::max();
    const double unknown = std::numeric_limits<double>::quiet_NaN();
    const auto zoo
        = test::memoryZoo(zoo::TaskFamily::FormalLanguage, chain.architecture(),
                          {chain.parameters(), sick, huge, chain.parameters()}, {{0, 0}, {0, 0}, {0, 0}, {0, unknown}});
    const auto found = measureLanguageAccuracy(zoo, test::allRows(zoo), {}, quiet, {});
    ASSERT_TRUE(found);
    EXPECT_EQ(found->at(0).accuracy, 1.0);
    for (const std::size_t row : {1U, 2U, 3U}) {
        EXPECT_TRUE(std::isnan(found->at(row).accuracy)) << row;
        EXPECT_TRUE(std::isnan(found->at(row).orderedAccuracy)) << row;
        EXPECT_TRUE(std::isnan(found->at(row).undefined)) << row;
    }
}

TEST_F(MeasuredLanguage, RefusesZoosOfOtherTasks)
{
    const auto errorOf = [&](const zoo::Zoo& zoo) {
        const auto found = measureLanguageAccuracy(zoo, test::allRows(zoo), {}, quiet, {});
        return found ? std::string() : found.error().message;
    };
    auto zoo = zooOf(TokenChain(2), {0, 0, 1});
    EXPECT_EQ(errorOf(zoo),
              "the networks of memory read 4 and answer 4 numbers, expected 5 tokens of tasks with 3 letters");
    zoo.properties.clear();
    EXPECT_EQ(errorOf(zoo), "memory does not record the property 'task' of its networks");
    zoo.family = zoo::TaskFamily::SequentialMnist;
    EXPECT_EQ(errorOf(zoo), "memory is a zoo of sequential_mnist, expected formal_language");
}

TEST_F(MeasuredLanguage, PassesOnWhatCannotBeRead)
{
    const TokenChain chain(2);
    const auto zoo = test::memoryZoo(zoo::TaskFamily::FormalLanguage, chain.architecture(),
                                     std::vector(4, chain.parameters()), std::vector(4, Task {0, 0}), 2);
    const auto found = measureLanguageAccuracy(zoo, test::allRows(zoo), {.threads = 2}, quiet, {});
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().message, "row 2 cannot be read");
}

} // namespace
