#include "ui/models/behaviour.h"
#include "ui/panels/behaviour_panel.h"
#include "ui/panels/property_text.h"
#include "ui/panels/written_strings.h"
#include "ui/plots/heat_map_view.h"
#include "ui/plots/map_view.h"
#include "window_case.h"
#include "zoo/zoo_files.h"

#include <QDockWidget>
#include <QLabel>
#include <QLineEdit>
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
        EXPECT_NEAR(static_cast<double>(behaviour.network->right) / 400, measured[row].accuracy, 1e-12);
        EXPECT_NEAR(static_cast<double>(behaviour.network->right - behaviour.network->disordered) / 400,
                    measured[row].orderedAccuracy, 1e-12);
        EXPECT_NEAR(static_cast<double>(behaviour.network->endless) / 400, measured[row].undefined, 1e-12);
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
    EXPECT_EQ(behaviour.network->right, behaviourOf(*realNetworks(), 1, 200, {}).value().network->right);
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

/// Writes "aa⊣" always, but for a little chance.
class Stubborn final : public engine::Emulator
{
public:
    std::size_t inputSize() const override { return 6; }
    std::size_t outputSize() const override { return 6; }
    Result<void> begin(std::span<const float> embedding, std::size_t) override
    {
        m_step = 0;
        given.assign(embedding.begin(), embedding.end());
        return {};
    }
    Result<void> step(std::span<const float> inputs, std::span<float> logits) override
    {
        for (std::size_t s = 0; s < inputs.size() / 6; ++s) {
            const std::size_t read = m_step == 0 ? 4 : m_step < 3 ? 0 : 5;
            ordered = ordered && (m_step > 3 || inputs[s * 6 + read] == 1.0F);
            for (std::size_t o = 0; o < 6; ++o)
                logits[s * 6 + o] = o == (m_step < 2 ? 0U : 5U) ? 60.0F : 0.0F;
        }
        ++m_step;
        return {};
    }
    std::vector<float> given;
    bool ordered = true; ///< it was told what it has said itself

private:
    std::size_t m_step = 0;
};

TEST(BehaviourTest, TheEmulatorWritesBesideTheNetwork)
{
    const auto networks = realNetworks();
    auto behaviour = behaviourOf(*networks, 1, 100, {}).value();
    const auto before = *behaviour.network;
    const std::vector<float> embedding {0.6F, 0.8F};
    Stubborn emulator;
    ASSERT_TRUE(addEmulated(behaviour, emulator, embedding, 1, 100, {}));
    EXPECT_EQ(emulator.given, embedding);
    EXPECT_TRUE(emulator.ordered);
    ASSERT_TRUE(behaviour.emulator);
    EXPECT_EQ(behaviour.emulator->strings, 100U);
    EXPECT_EQ(behaviour.network->right, before.right);
    std::size_t times = 0;
    std::size_t emulated = 0;
    for (const auto& written : behaviour.written) {
        times += written.times;
        emulated += written.emulated;
        EXPECT_EQ(written.emulated, written.text == QStringLiteral("aa\u22a3") ? 100U : 0U);
    }
    EXPECT_EQ(times, 100U);
    EXPECT_EQ(emulated, 100U);
    std::stop_source stop;
    stop.request_stop();
    EXPECT_FALSE(addEmulated(behaviour, emulator, embedding, 1, 100, stop.get_token()));
    behaviour.task.pop_back();
    EXPECT_FALSE(addEmulated(behaviour, emulator, embedding, 1, 100, {})) << "another number of letters";
}

TEST(BehaviourTest, WithoutANetworkTheTaskIsPredicted)
{
    zoo::Checkpoint checkpoint;
    checkpoint.config.family = zoo::TaskFamily::FormalLanguage;
    checkpoint.config.rnn.inputSize = checkpoint.config.rnn.outputSize = 6;
    const std::vector<float> embedding {0.6F, 0.8F};
    EXPECT_FALSE(behaviourAt(checkpoint, embedding)) << "nobody predicts it";
    zoo::Head head;
    head.property = "task";
    head.mean = {0, 2, -1, 1};
    head.scale = {1, 1, 1, 1};
    head.state["0.weight"] = {{4, 2}, std::vector<float>(8)};
    head.state["0.bias"] = {{4}, {0.1F, -0.2F, 0.3F, 0.0F}};
    checkpoint.heads.push_back(head);
    auto behaviour = behaviourAt(checkpoint, embedding).value();
    EXPECT_EQ(behaviour.task, (std::vector<int> {0, 2, -1, 1}));
    EXPECT_TRUE(behaviour.predicted);
    EXPECT_FALSE(behaviour.network);
    Stubborn emulator;
    ASSERT_TRUE(addEmulated(behaviour, emulator, embedding, 0, 20, {}));
    EXPECT_EQ(behaviour.emulator->strings, 20U);
    EXPECT_EQ(behaviour.emulator->right, 0U);
    EXPECT_TRUE(summaryHtml(behaviour).contains("No network is here"));
    checkpoint.config.family = zoo::TaskFamily::SequentialMnist;
    EXPECT_FALSE(behaviourAt(checkpoint, embedding));
}

class BehaviourPanelTest : public WindowCase
{
protected:
    /// A click on the map where there is nothing.
    void clickEmptyPlace()
    {
        auto* map = find<MapView>("map");
        auto& selection = window.selection();
        for (int y = 60; y < map->height() - 20; y += 17)
            for (int x = 60; x < map->width() - 20; x += 17) {
                QTest::mouseMove(map, QPoint(x, y));
                if (selection.hovered() || map->legendBar().adjusted(-60, -60, 60, 60).contains(QPointF(x, y)))
                    continue;
                return QTest::mouseClick(map, Qt::LeftButton, Qt::NoModifier, QPoint(x, y));
            }
        FAIL() << "no empty place";
    }

    int column(const QTableWidget& table, int index) const
    {
        int sum = 0;
        for (int row = 0; row < table.rowCount(); ++row)
            sum += table.item(row, index)->text().toInt();
        return sum;
    }
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
    ASSERT_TRUE(test::waitFor([&] { return summary->text() != before && !window.busy(); }));
    EXPECT_EQ(column(*table, 0), 500);
    EXPECT_EQ(column(*table, 1), 500) << "of the emulator";
    EXPECT_TRUE(summary->text().contains("emulator")) << summary->text().toStdString();
    window.selection().clear();
    EXPECT_TRUE(summary->text().startsWith("Click a point"));
}

TEST_F(BehaviourPanelTest, TakesNoMoreRoomThanTheOtherTabs)
{
    window.resize(1280, 800);
    drop({files.zoo(), files.checkpoint("probing")});
    const int before = find<QDockWidget>("probingDock")->height();
    window.selection().set({2, 5, 6, 7}, 5);
    window.showTab("behaviour");
    ASSERT_TRUE(test::waitFor([&] { return !window.busy() && find<QWidget>("ownAnswers")->isVisible(); }));
    EXPECT_EQ(find<QDockWidget>("behaviourDock")->height(), before);
    EXPECT_EQ(find<QTableWidget>("writtenStrings")->horizontalScrollBarPolicy(), Qt::ScrollBarAlwaysOff);
}

TEST_F(BehaviourPanelTest, AnEmptyPlaceOfTheMapIsSpokenForByTheEmulator)
{
    drop({files.zoo(), files.checkpoint("probing")});
    window.showTab("behaviour");
    ASSERT_TRUE(test::waitFor([&] { return !window.busy(); }));
    clickEmptyPlace();
    EXPECT_FALSE(window.selection().current());
    auto* summary = find<QLabel>("behaviourSummary");
    ASSERT_TRUE(test::waitFor([&] { return !window.busy(); }));
    EXPECT_TRUE(summary->text().contains("neither recorded nor predicted")) << summary->text().toStdString();
    window.selection().select(3);
    ASSERT_TRUE(test::waitFor([&] { return !window.busy(); }));
    EXPECT_TRUE(summary->text().contains("of 500 strings")) << "a network has been chosen again";
}

TEST_F(BehaviourPanelTest, ATypedStringIsReadByAllSelectedNetworksAndTheEmulator)
{
    drop({files.zoo(), files.checkpoint("probing")});
    window.showTab("behaviour");
    window.selection().set({2, 5, 6, 7}, 5);
    auto* answers = find<QWidget>("ownAnswers");
    const auto shown = [&] {
        std::vector<const HeatMapView*> maps;
        for (const auto* map : answers->findChildren<HeatMapView*>())
            if (map->isVisible())
                maps.push_back(map);
        return maps;
    };
    ASSERT_TRUE(test::waitFor([&] { return !window.busy() && shown().size() == 4; })) << shown().size();
    auto* edit = find<QLineEdit>("ownString");
    edit->clear();
    QTest::keyClicks(edit, "abXca");
    EXPECT_EQ(edit->text(), "abca") << "only letters of the alphabet";
    ASSERT_TRUE(test::waitFor([&] { return !window.busy(); }));
    const auto maps = shown();
    EXPECT_EQ(maps.front()->data().title, networkName(*session.currentZoo(), 5)) << "the current one first";
    EXPECT_EQ(maps.back()->data().title, "Emulator");
    for (const auto* map : maps) {
        EXPECT_EQ(map->data().columns, 5U) << "begin and four letters";
        EXPECT_EQ(map->data().columnLabels, QStringList({"⊢", "a", "b", "c", "a"}));
        for (std::size_t step = 0; step < 5; ++step) {
            double sum = 0.0;
            for (std::size_t row = 0; row < 6; ++row)
                sum += static_cast<double>(map->data().value(row, step));
            EXPECT_NEAR(sum, 1.0, 1e-5);
        }
    }
    EXPECT_EQ(maps.back()->data().footer, QStringList({"a", "a", "⊣", "⊣", "⊣"}));
    QTest::mouseClick(const_cast<HeatMapView*>(maps[1]), Qt::LeftButton, Qt::NoModifier,
                      maps[1]->cellRect(2, 3).center().toPoint());
    for (const auto* map : maps)
        EXPECT_EQ(map->cursor(), 3) << "one cursor";
}

TEST_F(BehaviourPanelTest, AWrittenStringCanBeReadAgain)
{
    drop({files.zoo(), files.checkpoint("probing")});
    window.showTab("behaviour");
    auto* table = find<QTableWidget>("writtenStrings");
    ASSERT_TRUE(test::waitFor([&] { return !window.busy() && table->rowCount() > 1; }));
    table->selectRow(1);
    auto written = table->item(1, 3)->text();
    const auto letters = written.remove(QStringLiteral("⊣")).remove(QStringLiteral("⊢"));
    EXPECT_EQ(find<QLineEdit>("ownString")->text(), letters);
}

} // namespace
} // namespace rnnscope::ui
