#include "core/weights/labels_csv.h"
#include "weights/weight_files.h"

#include <cmath>
#include <gmock/gmock.h>

namespace rnnscope::weights {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::NanSensitiveDoubleEq;
using zoo::PropertyKind;

namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

LabelTable table(std::string_view text)
{
    auto parsed = parseLabels(text, "labels.csv");
    EXPECT_TRUE(parsed) << parsed.error().message;
    return parsed ? *std::move(parsed) : LabelTable {};
}

zoo::Property only(std::string_view text)
{
    auto parsed = table(text);
    EXPECT_EQ(parsed.properties.size(), 1U);
    return parsed.properties.empty() ? zoo::Property {} : parsed.properties.front();
}

std::string refusal(std::string_view text)
{
    const auto parsed = parseLabels(text, "labels.csv");
    return parsed ? "parsed" : parsed.error().message;
}

} // namespace

class LabelLineEnds : public testing::TestWithParam<const char*>
{
};

TEST_P(LabelLineEnds, AreAllTheSame)
{
    const std::string end = GetParam();
    const std::string text = "\xEF\xBB\xBF"
                             "file,seed"
        + end + "a.pt,1" + end + end + "\"b \"\"2\"\", c.pt\",\"-2\"";
    for (const std::string& last : {std::string(), end}) {
        const auto parsed = table(text + last);
        EXPECT_THAT(parsed.files, ElementsAre("a.pt", "b \"2\", c.pt"));
        EXPECT_THAT(parsed.lines, ElementsAre(2, 4));
        EXPECT_EQ(parsed.properties.at(0).kind, PropertyKind::Integer);
        EXPECT_THAT(parsed.properties.at(0).values, ElementsAre(1, -2));
    }
}

INSTANTIATE_TEST_SUITE_P(Ends, LabelLineEnds, testing::Values("\n", "\r\n", "\r"));

TEST(Labels, GuessesKinds)
{
    EXPECT_EQ(only("file,x\na,1\nb,+20\nc,").kind, PropertyKind::Integer);
    EXPECT_EQ(only("file,x\na,1\nb,2.0\n").kind, PropertyKind::Real);
    EXPECT_EQ(only("file,x\na,1\nb, 1e-3 \nc,inf\nd,nan\n").kind, PropertyKind::Real);
    EXPECT_EQ(only("file,x\na,1\nb,two\n").kind, PropertyKind::Categorical);
    EXPECT_EQ(only("file,x\na,007\nb,008\n").kind, PropertyKind::Categorical) << "a name of digits";
    EXPECT_EQ(only("file,x\na,99999999999999999999\n").kind, PropertyKind::Real) << "too large to be exact";
    EXPECT_EQ(only("x,file\nred,a\n").name, "x");
}

TEST(Labels, SortsCategories)
{
    const zoo::Property property = only("file,mood\na,good\nb,\nc,bad\nd,good\n");
    EXPECT_THAT(property.labels, ElementsAre("bad", "good"));
    EXPECT_THAT(property.values, ElementsAre(1.0, NanSensitiveDoubleEq(kUnknown), 0.0, 1.0));
}

TEST(Labels, KnowsNamesWithAFixedMeaning)
{
    const auto parsed = table("file,run,step,accuracy,train_loss,eval_loss,generalization_gap,weight_decay,task\n"
                              "a.pt,3,100,1,0,1,1,0,90\n");
    const auto kind = [&](std::size_t i) { return std::pair(parsed.properties.at(i).kind, parsed.properties[i].unit); };
    EXPECT_EQ(kind(0), std::pair(PropertyKind::Integer, std::string("1")));
    EXPECT_EQ(kind(1), std::pair(PropertyKind::Integer, std::string("1")));
    EXPECT_EQ(kind(2), std::pair(PropertyKind::Real, std::string("1")));
    for (const std::size_t loss : {3U, 4U, 5U})
        EXPECT_EQ(kind(loss), std::pair(PropertyKind::Real, std::string("nat"))) << loss;
    EXPECT_EQ(kind(6), std::pair(PropertyKind::Real, std::string("1")));
    EXPECT_EQ(kind(7), std::pair(PropertyKind::Circular, std::string("deg")));
    EXPECT_EQ(parsed.properties[7].period, 360.0);
    EXPECT_THAT(refusal("file,accuracy\na,0.5\nb,high\n"), HasSubstr("line 3: accuracy is 'high', expected a number"));
}

TEST(Labels, JoinsNumberedColumns)
{
    const auto parsed = table("task_0,task_1,file,task_2,x_1,task_3\n0,1,a,2,3,4\n");
    ASSERT_EQ(parsed.properties.size(), 4U) << "only columns side by side that count from 0";
    EXPECT_EQ(parsed.properties[0].name, "task");
    const zoo::Property task = only("file,task_0,task_1,task_2,task_3\na,0,1,-1,2\nb,0,0,0,0\n");
    EXPECT_EQ(task.name, "task");
    EXPECT_EQ(task.kind, PropertyKind::Integer);
    EXPECT_EQ(task.columns, 4U);
    EXPECT_THAT(task.values, ElementsAre(0, 1, -1, 2, 0, 0, 0, 0));
    EXPECT_EQ(only("file,x_0\na,5\n").name, "x_0");
}

TEST(Labels, RefusesBrokenTables)
{
    EXPECT_THAT(refusal(""), HasSubstr("labels.csv is empty"));
    EXPECT_THAT(refusal("name,x\na,1\n"), HasSubstr("labels.csv has no column 'file', its first one is 'name'"));
    EXPECT_THAT(refusal("file,x\na,1\nb\n"), HasSubstr("line 3 has 1 cells, expected 2"));
    EXPECT_THAT(refusal("file,x\na,1,2\n"), HasSubstr("line 2 has 3 cells"));
    EXPECT_THAT(refusal("file,x\n\"a\nb\",1\nc\n"), HasSubstr("line 4 has 1 cells"));
    EXPECT_THAT(refusal("file,x\n\"a,1\n"), HasSubstr("line 2 opens a quote"));
    EXPECT_THAT(refusal("file,x\n\"a\"b,1\n"), HasSubstr("line 2 goes on behind a closing quote"));
    EXPECT_THAT(refusal("file,x,x\na,1,2\n"), HasSubstr("two columns 'x'"));
    EXPECT_THAT(refusal("file,,x\na,1,2\n"), HasSubstr("a column without a name"));
    EXPECT_THAT(refusal("file,a/b,a_b\na,1,2\n"), HasSubstr("two columns make the property 'a_b'"));
    EXPECT_THAT(refusal("file,x\na,1\na,2\n"), HasSubstr("line 3 names 'a' again, which line 2 did"));
    EXPECT_THAT(refusal("file,x\n,1\n"), HasSubstr("line 2 names no file"));
    EXPECT_THAT(refusal(std::string(3 * kMostLabelColumns, ',')), HasSubstr("line 1 has more than"));
    std::string many = "file,x\n";
    while (many.size() < 3 * kMostLabelCells)
        many += "a,\n";
    EXPECT_THAT(refusal(many), HasSubstr("is beyond the 4000000 cells"));
}

TEST(Labels, ShowsTextFromFilesPlainly)
{
    EXPECT_EQ(refusal("file,x\n\x1b[31mred,1\n\x1b[31mred,2\n").find('\x1b'), std::string::npos);
    EXPECT_LT(only("file,x\na," + std::string(5000, 'y') + "\n").labels.front().size(), 100U);
}

TEST(Labels, FindsTheFilesByTheirNames)
{
    const auto parsed = table("file,x\nb.pt,2\nruns/1/a.pt,1\nruns/2/a.pt,3\ngone.pt,4\n");
    std::vector<std::string> notes;
    const std::vector<fs::path> files {"/d/runs/1/a.pt", "/d/runs/2/a.pt", "/d/runs/3/a.pt", "/d/b.pt", "/d/b.pt"};
    const auto properties = labelsOf(parsed, files, notes);
    EXPECT_THAT(properties.at(0).values, ElementsAre(1.0, 3.0, NanSensitiveDoubleEq(kUnknown), 2.0, 2.0));
    EXPECT_THAT(notes,
                ElementsAre("labels.csv has a row without a network: 'gone.pt'", "labels.csv has no row for 'a.pt'"));
}

TEST(Labels, NoteColumnsWithoutValues)
{
    const auto parsed = table("file,x,y\na,,1\n");
    EXPECT_EQ(parsed.properties.size(), 1U);
    EXPECT_THAT(parsed.notes, ElementsAre("labels.csv: the column 'x' is empty"));
}

TEST(Labels, FillInWhatAnotherTableKnows)
{
    zoo::Property a = only("file,c\n1,x\n2,\n");
    ASSERT_TRUE(fillIn(a, only("file,c\n1,\n2,b\n")));
    EXPECT_THAT(a.labels, ElementsAre("b", "x"));
    EXPECT_THAT(a.values, ElementsAre(1, 0));
    zoo::Property numbers = only("file,c\n1,5\n2,\n");
    ASSERT_TRUE(fillIn(numbers, only("file,c\n1,\n2,0.5\n")));
    EXPECT_EQ(numbers.kind, PropertyKind::Real);
    EXPECT_THAT(numbers.values, ElementsAre(5, 0.5));
    EXPECT_FALSE(fillIn(numbers, a));
}

TEST(Labels, NameAMissingFile)
{
    EXPECT_THAT(readLabels("/nowhere/labels.csv").error().message, HasSubstr("/nowhere/labels.csv"));
}

} // namespace rnnscope::weights
