#include "ui/models/expression.h"

#include <cmath>
#include <gmock/gmock.h>
#include <map>

namespace rnnscope::ui {
namespace {

class ExpressionTest : public testing::Test
{
protected:
    /// Rows that meet the condition; {-1} with the message in `problem` when it is not understood.
    std::vector<int> rows(const QString& text)
    {
        const auto expression = Expression::parse(text, names, [this](const QString& name) {
            const auto at = columns.find(name);
            return at == columns.end() ? std::nullopt : std::optional(at->second);
        });
        problem = expression ? std::string() : expression.error().message;
        if (!expression)
            return {-1};
        std::vector<int> found;
        const auto holds = expression->holds(4);
        for (int row = 0; row < 4; ++row)
            if (holds[static_cast<std::size_t>(row)] != 0)
                found.push_back(row);
        return found;
    }

    QStringList names {"accuracy", "step", "predicted.accuracy", "split", "odd name", "task.b"};
    std::map<QString, Expression::Column> columns {
        {"accuracy", {{0.2, 0.95, 1.0, std::nan("")}, {}}},
        {"step", {{0, 100, 20000, 100}, {}}},
        {"predicted.accuracy", {{0.3, 0.9, 0.5, 0.5}, {}}},
        {"split", {{0, 1, 1, std::nan("")}, {"training", "held out"}}},
        {"odd name", {{1, 2, 3, 4}, {}}},
        {"task.b", {{-3, 0, 1, 2}, {}}},
    };
    std::string problem;
};

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST_F(ExpressionTest, Compares)
{
    EXPECT_THAT(rows("accuracy > 0.9"), ElementsAre(1, 2));
    EXPECT_THAT(rows("accuracy <= 0.95"), ElementsAre(0, 1));
    EXPECT_THAT(rows("step == 100"), ElementsAre(1, 3));
    EXPECT_THAT(rows("step = 1e2"), ElementsAre(1, 3));
    EXPECT_THAT(rows("step != 100"), ElementsAre(0, 2));
    EXPECT_THAT(rows("0.1 < accuracy < 1"), ElementsAre(0, 1));
    EXPECT_THAT(rows("task.b > -1"), ElementsAre(1, 2, 3));
    EXPECT_THAT(rows("task.b > \u22121"), ElementsAre(1, 2, 3)) << "a real minus sign, as it is shown";
}

TEST_F(ExpressionTest, CombinesAndCalculates)
{
    EXPECT_THAT(rows("accuracy > 0.9 and step < 1000"), ElementsAre(1));
    EXPECT_THAT(rows("accuracy < 0.5 or step > 1000 and accuracy > 0.5"), ElementsAre(0, 2)) << "and binds closer";
    EXPECT_THAT(rows("(accuracy < 0.5 or step > 1000) and accuracy > 0.5"), ElementsAre(2));
    EXPECT_THAT(rows("not accuracy > 0.9"), ElementsAre(0, 3));
    EXPECT_THAT(rows("abs(accuracy - predicted.accuracy) > 0.2"), ElementsAre(2));
    EXPECT_THAT(rows("2 * step + 1 == 201"), ElementsAre(1, 3));
    EXPECT_THAT(rows("log10(step) >= 4"), ElementsAre(2));
    EXPECT_THAT(rows("0.1 + 0.2 == 0.3"), ElementsAre(0, 1, 2, 3));
    EXPECT_THAT(rows("`odd name` >= 3"), ElementsAre(2, 3));
    EXPECT_THAT(rows("ACCURACY > .9 AND Step < 1000"), ElementsAre(1));
}

TEST_F(ExpressionTest, ComparesLabels)
{
    EXPECT_THAT(rows("split == \"held out\""), ElementsAre(1, 2));
    EXPECT_THAT(rows("split != 'held out'"), ElementsAre(0)) << "an unknown label is not another one";
    EXPECT_THAT(rows("split ~ \"TRAIN\""), ElementsAre(0));
    EXPECT_THAT(rows("\"training\" == split"), ElementsAre(0));
}

TEST_F(ExpressionTest, UnknownValuesMeetNoComparison)
{
    EXPECT_THAT(rows("accuracy == accuracy"), ElementsAre(0, 1, 2));
    EXPECT_THAT(rows("accuracy != 0.2"), ElementsAre(1, 2));
    EXPECT_THAT(rows("step / 0 < 0"), IsEmpty());
}

TEST_F(ExpressionTest, SaysWhatIsWrong)
{
    const std::vector<std::pair<QString, std::string>> wrong {
        {"acuracy > 0.9", "did you mean accuracy?"},
        {"accuracy >", "found the end"},
        {"accuracy", "no condition"},
        {"accuracy > 0.9 step", "expected and, or, or the end before step"},
        {"(accuracy > 0.9", "expected ) before the end"},
        {"accuracy > \"high\"", "is a text"},
        {"split < \"held out\"", "not with <"},
        {"split ~ 3", "text in quotes"},
        {"accuracy > 'x", "is not closed"},
        {"sin(step) > 0", "there is no function sin"},
        {"accuracy and step > 3", "before and"},
        {"1.2.3 < step", "is no number"},
        {"step > 3 > (step > 2)", "found a comparison"},
        {"", "found the end"},
        {"accuracy @ 3", "before @"},
    };
    for (const auto& [text, message] : wrong) {
        EXPECT_THAT(rows(text), ElementsAre(-1)) << text.toStdString();
        EXPECT_THAT(problem, HasSubstr(message)) << text.toStdString();
    }
}

TEST_F(ExpressionTest, RefusesWhatWouldExhaustTheStack)
{
    EXPECT_THAT(rows(QString(1000, '(') + "1"), ElementsAre(-1));
    EXPECT_THAT(problem, HasSubstr("within each other"));
    EXPECT_THAT(rows(QString(1000, '-') + "1 < 2"), ElementsAre(-1));
    EXPECT_THAT(rows("1" + QString("+1").repeated(900) + " == 901"), ElementsAre(0, 1, 2, 3));
    EXPECT_THAT(rows("1" + QString("+1").repeated(100000) + " > 0"), ElementsAre(-1));
}

/// Whatever is typed is understood or refused.
TEST_F(ExpressionTest, SurvivesEveryCutAndChange)
{
    const QString whole = "not (0.1 < accuracy - 2*abs(`odd name`)/3 <= 1) or split ~ \"held\" and step != 1e3";
    for (qsizetype cut = 0; cut <= whole.size(); ++cut)
        rows(whole.left(cut));
    for (qsizetype at = 0; at < whole.size(); ++at)
        for (const QChar c : QStringLiteral("(\")`.<~ 9a\u2212")) {
            auto changed = whole;
            changed[at] = c;
            rows(changed);
        }
}

} // namespace
} // namespace rnnscope::ui
