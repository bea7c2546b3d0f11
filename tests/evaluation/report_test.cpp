#include "core/evaluation/report.h"

#include <gmock/gmock.h>
#include <limits>
#include <nlohmann/json.hpp>

namespace {

using namespace rnnscope::evaluation;
using testing::HasSubstr;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

Evaluation sample()
{
    Evaluation table;
    table.zoo = "zoo.h5";
    table.entries = {
        {"interactive_probing", "emulation", "total_variation", "1", Part::Training, {0.05, 0.002, 3}, 0.08, 300},
        {"interactive_probing", "emulation", "total_variation", "1", Part::Ood, {0.062, 0.001, 3}, 0.07, 60},
        {"interactive_probing", "task, really", "mean_angular_error", "deg", Part::Ood, {12.3456, kNan, 1}, 90.0, 60},
        {"raw statistics", "task, really", "mean_angular_error", "deg", Part::Ood, {kNan, kNan, 0}, 90.0, 60},
    };
    table.notes = {"something was left out"};
    return table;
}

TEST(Report, TextPutsTheGuessBeforeTheMethods)
{
    const std::string text = toText(sample());
    EXPECT_THAT(text, HasSubstr("emulation: total variation"));
    EXPECT_THAT(text, HasSubstr("0.0620 ± 0.0010"));
    EXPECT_THAT(text, HasSubstr("interactive_probing (3 seeds)"));
    EXPECT_THAT(text, HasSubstr("mean angular error [deg]"));
    EXPECT_THAT(text, HasSubstr("Note: something was left out"));
    EXPECT_LT(text.find("constant embedding"), text.find("interactive_probing"));
    // one line of guesses for both methods
    EXPECT_EQ(text.find("best constant guess"), text.rfind("best constant guess"));
}

TEST(Report, DifferentBaselinesStandBesideTheirMethods)
{
    Evaluation table = sample();
    table.entries.back().baseline = 80.0;
    const std::string text = toText(table);
    EXPECT_NE(text.find("best constant guess"), text.rfind("best constant guess"));
}

TEST(Report, CsvHasOneLineANumberAndQuotesCommas)
{
    const std::string csv = toCsv(sample());
    EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 5);
    EXPECT_THAT(csv, HasSubstr("\"task, really\",mean_angular_error,deg,raw statistics,ood,,,0,90,60\n"));
}

TEST(Report, JsonHasNullForNan)
{
    const auto json = toJson(sample());
    ASSERT_EQ(json["table"].size(), 4U);
    EXPECT_DOUBLE_EQ(json["table"][1]["mean"], 0.062);
    EXPECT_TRUE(json["table"][3]["mean"].is_null());
    EXPECT_TRUE(json["table"][2]["half_width"].is_null());
}

} // namespace
