#include "core/tasks/formal_language.h"
#include "tasks/golden_file.h"

#include <gtest/gtest.h>

namespace {

using namespace rnnscope;
using namespace rnnscope::tasks;
using test::GoldenFile;

FormalLanguage languageOf(const GoldenFile& golden, const std::string& group)
{
    FormalLanguage language;
    language.maxN = golden.attribute(group, "max_n");
    for (const double m : golden.array(group + "/occurrence_differences").values)
        language.differences.push_back(static_cast<int>(m));
    return language;
}

TEST(GoldenFormalLanguage, GeneratesTheAuthorsStrings)
{
    const GoldenFile golden("formal_language.h5");
    for (const auto& group : golden.names()) {
        SCOPED_TRACE(group);
        const auto language = languageOf(golden, group);
        const auto n = golden.array(group + "/generated_n").values;
        const auto generated = golden.array(group + "/generated");
        EXPECT_EQ(language.smallestN(), golden.attribute(group, "min_n"));
        ASSERT_FALSE(n.empty());
        EXPECT_EQ(language.smallestN(), static_cast<int>(n.front()));
        EXPECT_EQ(language.largestN(), static_cast<int>(n.back()));
        for (std::size_t i = 0; i < n.size(); ++i)
            EXPECT_EQ(validSequence(language, static_cast<int>(n[i]), generated.columns()), generated.row(i)) << n[i];
    }
}

TEST(GoldenFormalLanguage, AcceptsWhatTheAuthorsAccept)
{
    const GoldenFile golden("formal_language.h5");
    std::size_t compared = 0;
    for (const auto& group : golden.names()) {
        SCOPED_TRACE(group);
        const auto language = languageOf(golden, group);
        const auto sequences = golden.array(group + "/sequences");
        const auto after = golden.array(group + "/sequences_after");
        const auto correct = golden.array(group + "/is_correct").values;
        const auto undefined = golden.array(group + "/is_undefined").values;
        for (std::size_t i = 0; i < correct.size(); ++i) {
            auto sequence = sequences.row(i);
            const auto acceptance = accept(language, sequence);
            EXPECT_EQ(acceptance.correct, correct[i] != 0.0) << i;
            EXPECT_EQ(acceptance.undefined, undefined[i] != 0.0) << i;
            EXPECT_LE(acceptance.ordered, acceptance.correct) << i;
            markUndefined(language, sequence);
            EXPECT_EQ(sequence, after.row(i)) << i;
            ++compared;
        }
    }
    EXPECT_GE(compared, 300U);
}

TEST(GoldenFormalLanguage, GeneratedStringsThatAreNotCutAreInOrder)
{
    const GoldenFile golden("formal_language.h5");
    for (const auto& group : golden.names()) {
        const auto language = languageOf(golden, group);
        const auto generated = golden.array(group + "/generated");
        for (std::size_t i = 0; i < generated.shape[0]; ++i) {
            const auto acceptance = accept(language, generated.row(i));
            EXPECT_NE(acceptance.ordered, acceptance.undefined) << group << " " << i;
        }
    }
}

} // namespace
