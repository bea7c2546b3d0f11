#include "core/tasks/formal_language.h"

#include <gtest/gtest.h>

#include <limits>

namespace {

using namespace rnnscope;
using namespace rnnscope::tasks;
using Tokens = std::vector<int>;

const FormalLanguage kLanguage {{0, 1, -1}}; // a^n b^(n+1) c^(n-1); begin 3, end 4

TEST(Accept, ChecksOrderOnlyForOrdered)
{
    const auto inOrder = accept(kLanguage, Tokens {3, 0, 1, 1, 4, 4});
    EXPECT_TRUE(inOrder.correct);
    EXPECT_TRUE(inOrder.ordered);
    const auto mixed = accept(kLanguage, Tokens {3, 1, 0, 1, 4});
    EXPECT_TRUE(mixed.correct);
    EXPECT_FALSE(mixed.ordered);
    const auto withBegin = accept(kLanguage, Tokens {3, 0, 3, 1, 1, 4});
    EXPECT_TRUE(withBegin.correct);
    EXPECT_FALSE(withBegin.ordered);
}

TEST(Accept, IgnoresWhatFollowsTheFirstEnd)
{
    EXPECT_TRUE(accept(kLanguage, Tokens {3, 0, 1, 1, 4, 2, 2}).ordered);
    EXPECT_FALSE(accept(kLanguage, Tokens {3, 0, 1, 4, 1}).correct);
}

TEST(Accept, CallsAStringWithoutEndUndefined)
{
    for (const Tokens& tokens : {Tokens {3, 0, 1, 1}, Tokens {}}) {
        EXPECT_TRUE(accept(kLanguage, tokens).undefined);
        EXPECT_FALSE(accept(kLanguage, tokens).correct);
    }
}

TEST(Accept, SurvivesTokensOfNoAlphabet)
{
    EXPECT_FALSE(accept(kLanguage, Tokens {-7, 0, 99, 1, 1, 4}).ordered);
    EXPECT_FALSE(accept(FormalLanguage {}, Tokens {1}).correct);
}

TEST(MarkUndefined, IsTakenBackByRestoreBegin)
{
    Tokens tokens {3, 0, 1, 1};
    markUndefined(kLanguage, tokens);
    EXPECT_EQ(tokens, (Tokens {4, 0, 1, 1}));
    restoreBegin(kLanguage, tokens);
    EXPECT_EQ(tokens, (Tokens {3, 0, 1, 1}));
    Tokens finished {3, 4};
    markUndefined(kLanguage, finished);
    EXPECT_EQ(finished, (Tokens {3, 4}));
}

TEST(ValidSequence, IsCutAtTheLength)
{
    EXPECT_EQ(validSequence(kLanguage, 2, 5), (Tokens {3, 0, 0, 1, 1}));
    EXPECT_EQ(validSequence(kLanguage, 1, 6), (Tokens {3, 0, 1, 1, 4, 4}));
    EXPECT_TRUE(validSequence(kLanguage, 1, 0).empty());
}

TEST(TokenText, WritesLettersAndMarks)
{
    EXPECT_EQ(tokenText(0, 3), "a");
    EXPECT_EQ(tokenText(2, 3), "c");
    EXPECT_EQ(tokenText(3, 3), "⊢");
    EXPECT_EQ(tokenText(4, 3), "⊣");
    EXPECT_EQ(tokenText(5, 3), "?");
    EXPECT_EQ(tokenText(-1, 3), "?");
}

TEST(StringText, RunsFromBeginToTheFirstEnd)
{
    EXPECT_EQ(stringText(Tokens {3, 0, 0, 1, 2, 4, 4}, 3), "aabc⊣");
    EXPECT_EQ(stringText(Tokens {3, 4, 4}, 3), "⊣");
    EXPECT_EQ(stringText(Tokens {4, 0, 1}, 3), "ab");
    EXPECT_EQ(stringText(Tokens {0, 3, 1}, 3), "a⊢b");
    EXPECT_EQ(stringText(Tokens {}, 3), "");
}

TEST(TaskPieces, HaveExponentsToSuperscript)
{
    const auto pieces = taskPieces(Tokens {0, 1, -2});
    ASSERT_EQ(pieces.size(), 3U);
    EXPECT_EQ(pieces[0].letter, "a");
    EXPECT_EQ(pieces[0].exponent, "n");
    EXPECT_EQ(pieces[1].exponent, "n+1");
    EXPECT_EQ(pieces[2].exponent, "n−2");
    EXPECT_EQ(taskText(Tokens {0, 1, -2, 0}), "a^n b^(n+1) c^(n−2) d^n");
}

TEST(DifferencesOf, AreEmptyWhenUnknown)
{
    zoo::Property task;
    task.columns = 2;
    task.values = {0, -2, 0, std::numeric_limits<double>::quiet_NaN(), 0, 0.5, 0, 1e300};
    EXPECT_EQ(differencesOf(task, 0), (Tokens {0, -2}));
    for (const std::size_t row : {1U, 2U, 3U})
        EXPECT_TRUE(differencesOf(task, row).empty());
}

TEST(EntropyCriterion, IsTheSameForPermutedTasks)
{
    EXPECT_EQ(entropyCriterion(Tokens {0, 1, -2, 2}), entropyCriterion(Tokens {2, 0, 1, -2}));
    EXPECT_GT(entropyCriterion(Tokens {0, 0, 0, 0}), entropyCriterion(Tokens {0, 2, 2, 2}));
}

} // namespace
