#include "ui/models/behaviour.h"
#include "ui/panels/behaviour_panel.h"
#include "window_case.h"
#include "zoo/zoo_files.h"

#include <QLabel>
#include <QTableWidget>

#include <gmock/gmock.h>

namespace rnnscope::ui {
namespace {

/// Real networks of the reference zoo, nothing but its properties known.
std::shared_ptr<EmbeddedZoo> realNetworks()
{
    auto embedded = std::make_shared<EmbeddedZoo>();
    embedded->zoo = zoo::openZoo(testdata::sampleZoos() / testdata::kFormalFolder).value();
    embedded->embedding = Matrix(embedded->zoo->size, 2);
    return embedded;
}

TEST(BehaviourTest, CountsWhatTheMeasuredAccuracyCounts)
{
    const auto networks = realNetworks();
    const std::vector<std::size_t> rows {0, 1};
    NoProgress quiet;
    const auto measured
        = tasks::measureLanguageAccuracy(*networks->zoo, rows, {.samples = 400, .seed = 1}, quiet, {}).value();
    for (const auto row : rows) {
        const auto behaviour = behaviourOf(*networks, row, 400, {}).value();
        EXPECT_FALSE(behaviour.predicted);
        EXPECT_NEAR(static_cast<double>(behaviour.right) / 400, measured[row].accuracy, 1e-12);
        EXPECT_NEAR(static_cast<double>(behaviour.right - behaviour.disordered) / 400, measured[row].orderedAccuracy,
                    1e-12);
        EXPECT_NEAR(static_cast<double>(behaviour.endless) / 400, measured[row].undefined, 1e-12);
        std::size_t times = 0;
        for (std::size_t i = 0; i < behaviour.written.size(); ++i) {
            const auto& written = behaviour.written[i];
            times += written.times;
            EXPECT_LE(written.times, behaviour.written[i - std::min<std::size_t>(i, 1)].times);
            if (written.verdict != WrittenString::Verdict::Right)
                continue;
            QString expected; // a^n b^(n+m) …
            for (std::size_t letter = 0; letter < behaviour.task.size(); ++letter)
                expected += QString(*written.n + behaviour.task[letter], QChar(static_cast<char16_t>(u'a' + letter)));
            EXPECT_EQ(written.text, expected + QStringLiteral("\u22a3"));
        }
        EXPECT_EQ(times, 400U);
    }
}

TEST(BehaviourTest, IsTheSameEachTime)
{
    const auto networks = realNetworks();
    const auto once = behaviourOf(*networks, 1, 50, {}).value();
    const auto again = behaviourOf(*networks, 1, 50, {}).value();
    ASSERT_EQ(once.written.size(), again.written.size());
    for (std::size_t i = 0; i < once.written.size(); ++i)
        EXPECT_EQ(once.written[i].text, again.written[i].text);
}

TEST(BehaviourTest, ANetworkOfUnknownTaskIsJudgedByThePredictedOne)
{
    auto networks = realNetworks();
    auto zoo = std::make_shared<zoo::Zoo>(*networks->zoo);
    const auto task = *zoo->property("task");
    std::erase_if(zoo->properties, [](const zoo::Property& each) { return each.name == "task"; });
    networks->zoo = zoo;
    EXPECT_FALSE(behaviourOf(*networks, 0, 10, {})) << "neither recorded nor predicted";
    prediction::Prediction predicted;
    predicted.property = "task";
    predicted.columns = task.columns;
    predicted.values = task.values;
    networks->predictions.push_back(predicted);
    const auto behaviour = behaviourOf(*networks, 1, 200, {}).value();
    EXPECT_TRUE(behaviour.predicted);
    EXPECT_EQ(behaviour.right, behaviourOf(*realNetworks(), 1, 200, {}).value().right);
}

TEST(BehaviourTest, RefusesWhatWritesNoStrings)
{
    auto digits = realNetworks();
    auto zoo = std::make_shared<zoo::Zoo>(*digits->zoo);
    zoo->family = zoo::TaskFamily::SequentialMnist;
    digits->zoo = zoo;
    EXPECT_FALSE(behaviourOf(*digits, 0, 10, {}));
    auto sick = std::make_shared<EmbeddedZoo>();
    auto made = std::make_shared<zoo::Zoo>(test::makeZoo({.notFinite = {2}}));
    sick->zoo = made;
    EXPECT_TRUE(behaviourOf(*sick, 1, 10, {}));
    const auto refused = behaviourOf(*sick, 2, 10, {});
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, testing::HasSubstr("not finite"));
    std::stop_source stop;
    stop.request_stop();
    EXPECT_FALSE(behaviourOf(*sick, 1, 10, stop.get_token()));
}

class BehaviourPanelTest : public WindowCase
{
};

TEST_F(BehaviourPanelTest, WorksOnlyWhileItIsSeenAndFollowsTheSelection)
{
    drop({files.zoo(), files.checkpoint("probing")});
    auto* table = find<QTableWidget>("writtenStrings");
    EXPECT_EQ(table->rowCount(), 0);
    window.showTab("behaviour");
    ASSERT_TRUE(test::waitFor([&] { return table->rowCount() > 0; }));
    auto* summary = find<QLabel>("behaviourSummary");
    EXPECT_TRUE(summary->text().contains("of 500 strings")) << summary->text().toStdString();
    const auto before = summary->text();
    window.selection().select(*window.selection().current() == 0 ? 1 : 0);
    ASSERT_TRUE(test::waitFor([&] { return summary->text() != before; }));
    int times = 0;
    for (int row = 0; row < table->rowCount(); ++row)
        times += table->item(row, 0)->text().toInt();
    EXPECT_EQ(times, 500);
    window.selection().clear();
    EXPECT_TRUE(summary->text().startsWith("Click a point"));
}

} // namespace
} // namespace rnnscope::ui
