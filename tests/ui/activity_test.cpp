#include "core/rnn/rnn.h"
#include "ui/models/activity.h"
#include "ui/panels/activity_panel.h"
#include "ui/panels/probing_panel.h"
#include "ui/panels/probing_view.h"
#include "ui/plots/heat_map_view.h"
#include "window_case.h"

#include <QCheckBox>
#include <QComboBox>

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
                        * static_cast<double>(activity.of(activity.hidden, sequence, 1)[unit * 5 + step]);
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

} // namespace
} // namespace rnnscope::ui
