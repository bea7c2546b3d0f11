#include "core/base/random.h"
#include "core/making/initial_parameters.h"
#include "core/making/language_scores.h"
#include "core/making/string_forest.h"
#include "core/rnn/rnn.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace {

using namespace rnnscope;
using namespace rnnscope::making;
using tasks::FormalLanguage;

constexpr std::size_t kLength = 42;

struct Strings
{
    std::vector<int> tokens; ///< [B, T]
    std::vector<int> labels; ///< [B, T]
    std::vector<float> weights; ///< [B]
};

/// The drawn strings in ascending order, as the forest must cut them out.
Strings drawn(const FormalLanguage& language, const std::vector<std::uint32_t>& counts)
{
    std::vector<std::pair<std::vector<int>, std::uint32_t>> sequences;
    for (int n = language.smallestN(); n <= language.largestN(); ++n)
        sequences.emplace_back(validSequence(language, n, kLength), 0U);
    std::sort(sequences.begin(), sequences.end());
    Strings strings;
    for (std::size_t s = 0; s < sequences.size(); ++s) {
        const auto& sequence = sequences[s].first;
        if (counts[s] == 0)
            continue;
        strings.tokens.insert(strings.tokens.end(), sequence.begin(), sequence.end() - 1);
        strings.labels.insert(strings.labels.end(), sequence.begin() + 1, sequence.end());
        strings.weights.push_back(static_cast<float>(counts[s]));
    }
    return strings;
}

class Forests : public testing::TestWithParam<std::vector<int>>
{
};

TEST_P(Forests, AreCutToTheBatchOfTheDrawnStrings)
{
    const FormalLanguage language {.differences = GetParam()};
    StringForest forest(language, language.smallestN(), language.largestN(), kLength);
    ASSERT_EQ(forest.strings(), static_cast<std::size_t>(10 - language.smallestN()));
    RandomStream random(4);
    rnn::PrefixBatch cut;
    for (int times = 0; times < 20; ++times) {
        std::vector<std::uint32_t> counts(forest.strings());
        for (std::size_t i = 0; i < 8; ++i)
            ++counts[random.below(counts.size())];
        forest.cut(counts, cut);
        const Strings strings = drawn(language, counts);
        rnn::PrefixBatch plain;
        makePrefixes(rnn::LabelledTokens {.steps = kLength - 1,
                                          .classes = GetParam().size() + 2,
                                          .tokens = strings.tokens,
                                          .labels = strings.labels,
                                          .weights = strings.weights},
                     plain);
        EXPECT_EQ(cut.first, plain.first);
        EXPECT_EQ(cut.parent, plain.parent);
        EXPECT_EQ(cut.tokens, plain.tokens);
        ASSERT_EQ(cut.targets.size(), plain.targets.size());
        for (std::size_t i = 0; i < cut.targets.size(); ++i)
            EXPECT_NEAR(cut.targets[i], plain.targets[i], 1e-7F);
    }
}

INSTANTIATE_TEST_SUITE_P(Tasks, Forests,
                         testing::Values(std::vector {0, 0, 0, 0}, std::vector {0, 2, 2, 2}, std::vector {0, -3, 1, -2},
                                         std::vector {0, 1}));

/// What a network says of the strings, one string at a time.
struct SlowScores
{
    double nats = 0.0;
    double tokens = 0.0;
    double certain = 0.0;
    double strings = 0.0;
};

SlowScores readSlowly(const rnn::Rnn& network, const FormalLanguage& language, int first, int last, std::size_t length)
{
    SlowScores scores;
    for (int n = first; n <= last; ++n) {
        const auto sequence = validSequence(language, n, length);
        rnn::RnnState state = network.zeroState(1);
        std::vector<float> logits(network.shape().outputSize);
        bool right = true;
        for (std::size_t t = 0; t + 1 < sequence.size(); ++t) {
            network.step(std::span(&sequence[t], 1), state, logits);
            double total = 0.0;
            for (const float logit : logits)
                total += std::exp(static_cast<double>(logit));
            const int next = sequence[t + 1];
            scores.nats += std::log(total) - static_cast<double>(logits[static_cast<std::size_t>(next)]);
            scores.tokens += 1.0;
            const bool determined = t > static_cast<std::size_t>(n); // begin and n times the first letter went before
            const auto best = std::max_element(logits.begin(), logits.end()) - logits.begin();
            right = right && (!determined || best == next);
            if (next == language.end())
                break;
        }
        scores.certain += right ? 1.0 : 0.0;
        scores.strings += 1.0;
    }
    return scores;
}

TEST(ReadingScores, AreThoseOfStringsReadOneByOne)
{
    const zoo::Architecture architecture {zoo::Cell::Lstm, 6, 8, 2, 6};
    const rnn::Shape shape {.cell = rnn::Cell::Lstm, .inputSize = 6, .hiddenSize = 8, .numLayers = 2, .outputSize = 6};
    auto parameters = initialParameters(architecture, 9);
    for (float& value : parameters)
        value *= 4.0F;
    const rnn::Rnn network(shape, parameters);
    for (const std::vector<int>& task : {std::vector {0, 2, 2, 2}, std::vector {0, -3, 0, 1}}) {
        const FormalLanguage language {.differences = task};
        for (const auto& [first, last, length] : {std::tuple {3, 9, 42}, std::tuple {10, 19, 100}}) {
            const StringForest strings(language, first, last, static_cast<std::size_t>(length));
            const auto found = readStrings(shape, parameters, strings);
            const auto slow = readSlowly(network, language, first, last, static_cast<std::size_t>(length));
            EXPECT_NEAR(found.loss, slow.nats / slow.tokens, 1e-4);
            EXPECT_DOUBLE_EQ(found.certain, slow.certain / slow.strings);
        }
    }
}

/// b follows a, end follows b, and whatever follows begin: all strings ab are certain, aabb are not.
TEST(ReadingScores, AskOnlyForTokensThatAreDetermined)
{
    constexpr std::size_t kTokens = 4; // a, b, begin, end
    std::vector<float> parameters(2 * kTokens * kTokens); // the hidden state is the input
    for (std::size_t i = 0; i < kTokens; ++i)
        parameters[i * kTokens + i] = 1.0F;
    const std::array next {1, 3, 3, 3}; // after begin wrong, but nobody can know n there
    for (std::size_t row = 0; row < kTokens; ++row)
        for (std::size_t token = 0; token < kTokens; ++token)
            parameters.push_back(static_cast<std::size_t>(next.at(token)) == row ? 9.0F : 0.0F);
    parameters.resize(parameters.size() + kTokens);
    const rnn::Shape shape {.cell = rnn::Cell::RnnTanh,
                            .inputSize = kTokens,
                            .hiddenSize = kTokens,
                            .numLayers = 1,
                            .outputSize = kTokens,
                            .bias = false};
    const FormalLanguage language {.differences = {0, 0}};
    EXPECT_EQ(readStrings(shape, parameters, StringForest(language, 1, 1, 10)).certain, 1.0);
    EXPECT_EQ(readStrings(shape, parameters, StringForest(language, 2, 2, 10)).certain, 0.0);
    EXPECT_EQ(readStrings(shape, parameters, StringForest(language, 1, 4, 10)).certain, 0.25);
    parameters.back() = NAN;
    EXPECT_TRUE(std::isnan(readStrings(shape, parameters, StringForest(language, 1, 1, 10)).certain));
}

} // namespace
