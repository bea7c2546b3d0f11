#include "app/cli_test_case.h"

#include <cstdlib>
#include <nlohmann/json.hpp>

namespace rnnscope::test {

namespace {

using testing::HasSubstr;

class CliEvaluate : public CliTest
{
protected:
    void SetUp() override
    {
        if (RNNSCOPE_HAS_ENGINE == 0 && std::getenv("RNNSCOPE_ENGINE") == nullptr)
            GTEST_SKIP() << "built without the engine";
        CliTest::SetUp();
    }

    std::vector<std::string> call(const std::vector<std::string>& more = {}) const
    {
        std::vector<std::string> words {"evaluate", authors,     encoder, "--device",         "cpu", "--resplits",
                                        "1",        "--samples", "10",    "--constant-steps", "2"};
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }
};

TEST_F(CliEvaluate, PrintsTheTableForPeopleAndNotesWhatItCouldNotDo)
{
    const Outcome outcome = runCli(call());
    ASSERT_EQ(outcome.status, 0) << outcome.error;
    EXPECT_THAT(outcome.out, HasSubstr("accuracy: mean absolute error"));
    EXPECT_THAT(outcome.out, HasSubstr("best constant guess"));
    EXPECT_THAT(outcome.out, HasSubstr("raw statistics"));
    EXPECT_THAT(outcome.out, HasSubstr("Against what was measured by running the networks"));
    EXPECT_THAT(outcome.out, HasSubstr("holds no emulator"));
    EXPECT_THAT(outcome.out, testing::Not(HasSubstr("charm"))); // no zoo records it
}

TEST_F(CliEvaluate, JsonAndCsvHoldTheSameNumbers)
{
    const auto csv = out.parent_path() / "table.csv";
    const Outcome outcome = runCli(call({"--json", "-o", csv}));
    ASSERT_EQ(outcome.status, 0) << outcome.error;
    const auto json = nlohmann::json::parse(outcome.out);
    ASSERT_FALSE(json["table"].empty());
    const std::string lines = readBytes(csv);
    const auto count = static_cast<std::size_t>(std::count(lines.begin(), lines.end(), '\n'));
    EXPECT_EQ(count, 1 + json["table"].size() + json["measured"].size());
    EXPECT_THAT(lines, testing::StartsWith("table,property,metric,"));
    EXPECT_TRUE(std::any_of(json["table"].begin(), json["table"].end(), [](const auto& entry) {
        return entry["property"] == "accuracy" && entry["metric"] == "mean_absolute_error";
    }));
}

TEST_F(CliEvaluate, FilesThatAreNotEncodersAreNamed)
{
    expectFailure(runCli({"evaluate", authors, authors}), "expected an encoder checkpoint");
    expectFailure(runCli({"evaluate", authors, folder / "absent.h5"}), "absent.h5");
    expectFailure(runCli({"evaluate", encoder, encoder}), "expected a zoo");
}

TEST_F(CliEvaluate, HelpNamesTheOptions)
{
    const Outcome outcome = runCli({"evaluate", "--help"});
    EXPECT_EQ(outcome.status, 0);
    for (const char* option : {"--level", "--resplits", "--samples", "--mnist", "--no-baselines", "--json"})
        EXPECT_THAT(outcome.out, HasSubstr(option));
    EXPECT_EQ(runCli({"evaluate", authors}).status, 2);
}

} // namespace

} // namespace rnnscope::test
