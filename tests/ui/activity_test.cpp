#include "core/rnn/rnn.h"
#include "ui/models/activity.h"
#include "ui/panels/activity_panel.h"
#include "ui/panels/activity_plots.h"
#include "ui/panels/probing_panel.h"
#include "ui/panels/probing_view.h"
#include "ui/plots/heat_map_view.h"
#include "window_case.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>

#include <gmock/gmock.h>

namespace rnnscope::ui {
namespace {

engine::Traces tracesFor(std::size_t steps, std::size_t parallel, std::size_t inputs)
{
    engine::Traces traces {
        .steps = steps, .parallel = parallel, .inputSize = inputs, .outputSize = 6, .inputs = {}, .outputs = {}};
    for (std::size_t i = 0; i < steps * parallel * inputs; ++i)
        traces.inputs.push_back(0.1F * static_cast<float>(i % 7));
    return traces;
}

/// The read-out of the last layer's hidden state is what the network answers: states lie where they should, step for
/// step, sequence for sequence, unit for unit.
TEST(ActivityTest, TheReadOutOfTheStatesIsTheAnswer)
{
    const test::ZooSpec spec {.layers = 2};
    const auto zoo = test::makeZoo(spec);
    const auto traces = tracesFor(5, 3, 6);
    const auto activity = activityOf(zoo, 4, traces).value();
    EXPECT_EQ(activity.layers, 2U);
    EXPECT_EQ(activity.units, 4U);
    std::vector<float> parameters(zoo.architecture.parameterCount());
    ASSERT_TRUE(zoo.parameters->read(4, 1, parameters));
    const rnn::Rnn network({rnn::Cell::Lstm, 6, 4, 2, 6}, parameters);
    auto state = network.zeroState(3);
    std::vector<float> logits(3 * 6);
    const float* weight = parameters.data() + parameters.size() - 6 * 4 - 6; // [O, H], then the biases
    for (std::size_t step = 0; step < 5; ++step) {
        network.step(std::span(traces.inputs).subspan(step * 18, 18), state, logits);
        for (std::size_t sequence = 0; sequence < 3; ++sequence)
            for (std::size_t output = 0; output < 6; ++output) {
                double sum = static_cast<double>(weight[24 + output]);
                for (std::size_t unit = 0; unit < 4; ++unit)
                    sum += static_cast<double>(weight[output * 4 + unit])
                        * static_cast<double>(activity.one(StateKind::Hidden, sequence, 1)[unit * 5 + step]);
                EXPECT_NEAR(sum, static_cast<double>(logits[sequence * 6 + output]), 1e-5);
            }
    }
    EXPECT_EQ(activity.cell.size(), activity.hidden.size());
    EXPECT_NE(activity.cell, activity.hidden);
}

TEST(ActivityTest, OnlyLstmsHaveCellStatesAndProbesMustFit)
{
    const auto gru = test::makeZoo({.cell = zoo::Cell::Gru});
    EXPECT_TRUE(activityOf(gru, 0, tracesFor(2, 1, 6)).value().cell.empty());
    EXPECT_FALSE(activityOf(gru, 0, tracesFor(2, 1, 5)));
    auto cut = tracesFor(2, 1, 6);
    cut.inputs.pop_back();
    EXPECT_FALSE(activityOf(gru, 0, cut));
}

/// Gates [H, T] of one sequence and layer make the cell states and the hidden states beside them.
TEST(ActivityTest, TheGatesOfAnLstmMakeItsStates)
{
    const auto zoo = test::makeZoo({.layers = 2});
    const auto traces = tracesFor(5, 3, 6);
    const auto states = activityOf(zoo, 4, traces).value();
    EXPECT_TRUE(states.all(StateKind::Forget).empty()) << "nobody has asked for them";
    const auto activity = withGates(states, zoo, 4, traces, {}).value();
    for (std::size_t sequence = 0; sequence < 3; ++sequence)
        for (std::size_t layer = 0; layer < 2; ++layer) {
            const auto of = [&](StateKind kind, std::size_t at) {
                return static_cast<double>(activity.one(kind, sequence, layer)[at]);
            };
            for (std::size_t at = 0; at < 4 * 5; ++at) {
                const double before = at % 5 == 0 ? 0.0 : of(StateKind::Cell, at - 1);
                const double cell
                    = of(StateKind::Forget, at) * before + of(StateKind::Input, at) * of(StateKind::Candidate, at);
                EXPECT_NEAR(cell, of(StateKind::Cell, at), 2e-6);
                EXPECT_NEAR(of(StateKind::Output, at) * std::tanh(cell), of(StateKind::Hidden, at), 1e-6);
            }
        }
    EXPECT_TRUE(activity.one(StateKind::Update, 0, 0).empty()) << "an LSTM has none";
    EXPECT_TRUE(activity.one(StateKind::Input, 0, 2).empty());
}

TEST(ActivityTest, TheGatesOfAGruMakeItsStates)
{
    const auto zoo = test::makeZoo({.cell = zoo::Cell::Gru});
    const auto traces = tracesFor(5, 1, 6);
    const auto activity = withGates(activityOf(zoo, 1, traces).value(), zoo, 1, traces, {}).value();
    const auto of = [&](StateKind kind, std::size_t at) { return static_cast<double>(activity.one(kind, 0, 0)[at]); };
    for (std::size_t at = 0; at < 4 * 5; ++at) {
        const double before = at % 5 == 0 ? 0.0 : of(StateKind::Hidden, at - 1);
        const double update = of(StateKind::Update, at);
        EXPECT_NEAR((1 - update) * of(StateKind::New, at) + update * before, of(StateKind::Hidden, at), 1e-6);
    }
    EXPECT_GT(of(StateKind::Reset, 3), 0.0);
    std::stop_source stopped;
    stopped.request_stop();
    EXPECT_EQ(withGates(activity, zoo, 1, traces, stopped.get_token()).error().code, Errc::Cancelled);
}

/// Two units, three steps; the second varies most.
Activity small(float by)
{
    Activity made {.parallel = 1, .layers = 1, .units = 2, .steps = 3, .hidden = {}, .cell = {}};
    made.hidden = {0.1F, 0.1F, 0.1F, by, -by, by};
    made.cell = {0, 0, 0, 0, 5 * by, 0};
    return made;
}

TEST(ActivityPlots, UnitsOfOneRunHaveOneOrderAndADifference)
{
    const auto first = small(0.5F);
    auto second = small(0.01F);
    second.hidden[0] = -0.9F; // its first unit varies most
    ActivityTopic topic {.sameRun = true};
    const auto maps = comparedMaps({"a", first}, {"b", second}, topic);
    ASSERT_EQ(maps.size(), 3U);
    EXPECT_EQ(maps[0].rows, (QStringList {"1", "0"}));
    EXPECT_EQ(maps[1].rows, maps[0].rows);
    EXPECT_FLOAT_EQ(maps[2].value(0, 0), 0.49F);
    EXPECT_FLOAT_EQ(maps[2].value(1, 0), 1.0F);
    EXPECT_EQ(maps[1].title, "b");
    topic.sameRun = false;
    const auto strangers = comparedMaps({"a", first}, {"b", second}, topic);
    ASSERT_EQ(strangers.size(), 2U) << "a difference would mean nothing";
    EXPECT_EQ(strangers[1].rows, (QStringList {"0", "1"}));
}

TEST(ActivityPlots, BothNetworksHaveOneScale)
{
    const auto first = small(0.1F);
    const auto second = small(0.9F);
    const auto maps = comparedMaps({"a", first}, {"b", second}, {.kind = StateKind::Cell});
    EXPECT_EQ(maps[0].high, 5.0);
    EXPECT_EQ(maps[1].high, 5.0);
    EXPECT_EQ(maps[0].low, -5.0);
    EXPECT_TRUE(comparedMaps({"a", first}, {"b", second}, {.kind = StateKind::Reset}).empty());
    EXPECT_TRUE(comparedMaps({"a", first}, {"b", second}, {.layer = 1}).empty());
}

TEST(ActivityTest, UnitsThatVaryMostComeFirst)
{
    const std::vector<float> states {1, 1, 1, /**/ 0, 1, 0, /**/ -5, 5, -5, /**/ 2, 2, 2};
    EXPECT_THAT(unitsByVariance(states, 4), testing::ElementsAre(2, 1, 0, 3));
    EXPECT_THAT(unitsByVariance({}, 0), testing::IsEmpty());
}

class ActivityPanelTest : public WindowCase
{
protected:
    ActivityPanel& panel() const { return *window.findChild<ActivityPanel*>(); }
};

TEST_F(ActivityPanelTest, ShowsTheStatesOfTheNetworkThatIsAskedWithOneCursor)
{
    EXPECT_FALSE(panel().message().isEmpty());
    drop({files.zoo(), files.checkpoint("probing"), files.checkpoint("flat", zoo::EncoderKind::Flat)});
    window.showTab("activity");
    ASSERT_TRUE(panel().message().isEmpty()) << panel().message().toStdString();
    ASSERT_EQ(panel().maps().size(), 1U);
    const auto& map = *panel().maps()[0];
    EXPECT_EQ(map.data().rows.size(), 4) << "a row for every unit";
    const auto sorted = map.data().rows;
    find<QCheckBox>("sortUnits")->setChecked(false);
    EXPECT_EQ(map.data().rows, (QStringList {"0", "1", "2", "3"}));
    const auto hidden = map.data().values;
    find<QComboBox>("stateChooser")->setCurrentIndex(1);
    EXPECT_NE(map.data().values, hidden);
    EXPECT_EQ(map.data().low, -map.data().high);

    auto& probing = window.findChild<ProbingPanel*>()->view();
    probing.moveCursor(1);
    EXPECT_EQ(map.cursor(), 1);
    panel().maps()[0]->setCursor(0);
    EXPECT_EQ(probing.output()->cursor(), 0);

    session.setCurrentCheckpoint(session.fittingCheckpoints().back());
    ASSERT_TRUE(test::waitFor([&] { return !session.busy(); }));
    EXPECT_FALSE(panel().message().isEmpty()) << "the flat encoder asks nothing";
}

TEST_F(ActivityPanelTest, GatesComeWhenTheyAreChosen)
{
    drop({files.zoo(), files.checkpoint("probing")});
    window.showTab("activity");
    auto* chooser = find<QComboBox>("stateChooser");
    QStringList offered;
    for (int i = 0; i < chooser->count(); ++i)
        offered << chooser->itemText(i);
    EXPECT_EQ(
        offered,
        (QStringList {"Hidden state", "Cell state", "Input gate", "Forget gate", "Cell candidate", "Output gate"}));
    const auto& map = *panel().maps()[0];
    int answered = 0;
    QObject::connect(&session, &Session::activityReady, [&] { ++answered; });
    chooser->setFocus();
    QTest::keyClick(chooser, Qt::Key_Down);
    EXPECT_EQ(map.data().subtitle, "cell state");
    EXPECT_EQ(answered, 0) << "the states are there";
    QTest::keyClick(chooser, Qt::Key_Down);
    ASSERT_TRUE(test::waitFor([&] { return map.data().subtitle == "input gate"; }));
    EXPECT_EQ(answered, 1);
    EXPECT_EQ(map.data().low, 0.0);
    EXPECT_EQ(map.data().high, 1.0);
    QTest::keyClick(chooser, Qt::Key_Down);
    EXPECT_EQ(map.data().subtitle, "forget gate");
    EXPECT_EQ(answered, 1) << "all gates come at once";
    const auto before = map.data().values;
    window.selection().select(9);
    ASSERT_TRUE(test::waitFor([&] { return !session.busy(); }));
    EXPECT_EQ(map.data().subtitle, "forget gate") << "of the next network, too";
    EXPECT_NE(map.data().values, before);
}

TEST_F(ActivityPanelTest, TwoNetworksStandBesideEachOther)
{
    drop({files.zoo({.layers = 2}), files.checkpoint("probing", zoo::EncoderKind::InteractiveProbing, {.layers = 2})});
    window.showTab("activity");
    EXPECT_FALSE(find<QComboBox>("layerChooser")->isVisible());
    const auto select = [&](std::vector<std::size_t> rows) {
        window.selection().set(std::move(rows));
        EXPECT_TRUE(test::waitFor([&] { return !session.busy(); }));
    };
    const auto shown = [&] {
        std::vector<HeatMapView*> maps;
        for (auto* map : panel().maps())
            if (map->isVisible())
                maps.push_back(map);
        return maps;
    };
    select({2, 5}); // of one run
    ASSERT_EQ(shown().size(), 3U);
    EXPECT_EQ(shown()[0]->data().title, "run 0 · step 200");
    EXPECT_EQ(shown()[2]->data().title, "Difference");
    EXPECT_EQ(shown()[0]->data().rows, shown()[1]->data().rows);
    EXPECT_TRUE(find<QLabel>("activityNote")->text().contains("one run"));
    QTest::keyClick(shown()[1], Qt::Key_End);
    EXPECT_EQ(shown()[0]->cursor(), shown()[1]->cursor());
    EXPECT_EQ(window.findChild<ProbingPanel*>()->view().output()->cursor(), shown()[2]->cursor());

    auto* layers = find<QComboBox>("layerChooser");
    ASSERT_TRUE(layers->isVisible());
    const auto upper = shown()[0]->data().values;
    QTest::keyClick(layers, Qt::Key_Down);
    EXPECT_NE(shown()[0]->data().values, upper);

    select({2, 14}); // of two
    EXPECT_EQ(shown().size(), 2U) << "a difference would mean nothing";
    EXPECT_TRUE(find<QLabel>("activityNote")->text().contains("no common order"));
    select({2, 5, 14});
    EXPECT_EQ(shown().size(), 2U) << "both layers of the current one";
    EXPECT_EQ(shown()[1]->data().title, "Layer 2");
    EXPECT_FALSE(find<QLabel>("activityNote")->isVisible());
}

} // namespace
} // namespace rnnscope::ui
