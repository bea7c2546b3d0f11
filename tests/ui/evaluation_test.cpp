#include "tests/ui/sample_zoo.h"
#include "ui/models/agreement.h"
#include "ui/models/evaluation_rows.h"
#include "ui/panels/interval_text.h"
#include "ui/panels/network_rows.h"
#include "ui/panels/network_view.h"
#include "ui/plots/confusion_view.h"
#include "ui/plots/predicted_actual_plot.h"

#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <gmock/gmock.h>
#include <limits>

namespace {

using namespace rnnscope;
using namespace rnnscope::ui;
using rnnscope::test::sampleZoo;
using testing::ElementsAre;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The sample with intervals of accuracy ± 0.05 and sets of classes around the predicted ones.
std::shared_ptr<EmbeddedZoo> calibrated()
{
    auto sample = sampleZoo();
    auto& tasks = sample->predictions[0];
    tasks.level = 0.9;
    tasks.inSet.assign(tasks.values.size() * 4, 0);
    for (std::size_t k = 0; k < tasks.values.size(); ++k)
        for (std::size_t c = 0; c < 4; ++c)
            tasks.inSet[k * 4 + c] = tasks.classes[0][c] == tasks.values[k] ? 1 : 0;
    auto& accuracies = sample->predictions[1];
    accuracies.level = 0.9;
    for (const double value : accuracies.values) {
        accuracies.lower.push_back(value - 0.05);
        accuracies.upper.push_back(value + 0.05);
    }
    sample->trust.assign(sample->zoo->size, 37.0);
    return sample;
}

TEST(Agreement, TopicsAreWhatIsBothRecordedAndPredicted)
{
    QStringList titles;
    for (const auto& topic : agreementTopics(*sampleZoo()))
        titles << topic.title;
    EXPECT_EQ(titles, (QStringList {"Task a", "Task b", "Task c", "Task d", "Accuracy"}))
        << "the evaluation loss is not recorded";
    EXPECT_TRUE(agreementTopics(*sampleZoo())[0].classes);
    EXPECT_FALSE(agreementTopics(*sampleZoo())[4].classes);
}

TEST(Agreement, PointsLeaveOutFailedNetworksAndOtherSplits)
{
    const auto sample = sampleZoo();
    const auto topic = agreementTopics(*sample)[4];
    const auto all = agreementPoints(*sample, topic, SplitFilter::All);
    EXPECT_EQ(all.size(), 17U) << "row 4 has failed";
    for (const auto& point : all)
        EXPECT_NEAR(point.actual - point.predicted, 0.011, 1e-9);
    EXPECT_EQ(agreementPoints(*sample, topic, SplitFilter::Training).size(), 9U);
    EXPECT_EQ(agreementPoints(*sample, topic, SplitFilter::HeldOut).size(), 8U);
    EXPECT_TRUE(agreementPoints(*sample, topic, SplitFilter::Ood).empty());
    EXPECT_TRUE(std::isnan(all[0].lower)) << "no interval without calibration";
}

TEST(Agreement, TheConfusionMatrixCountsWhatWasTakenForWhat)
{
    const auto sample = sampleZoo();
    const auto matrix = confusion(*sample, agreementTopics(*sample)[1], SplitFilter::All);
    EXPECT_EQ(matrix.classes, (QStringList {"\u22121", "0", "1", "2"}));
    EXPECT_EQ(matrix.total(), 17U);
    EXPECT_EQ(matrix.count(1, 3), 1U) << "row 1 was taken for 2";
    EXPECT_EQ(matrix.count(1, 1), 5U);
    EXPECT_EQ(matrix.count(2, 2), 5U);
    const auto map = confusionMap(matrix, "Task b");
    EXPECT_FLOAT_EQ(map.value(1, 3), 1.0F / 6.0F);
    EXPECT_TRUE(std::isnan(map.value(0, 0))) << "no network has this class";
    EXPECT_TRUE(map.subtitle.startsWith("16 of 17 right")) << map.subtitle.toStdString();
    EXPECT_TRUE(confusionCsv(matrix).contains("\"0\",\"2\",1\n"));
}

TEST(EvaluationRows, StandBesideTheBestConstantGuess)
{
    const auto rows = quickRows(*sampleZoo());
    EXPECT_EQ(rows.parts, (QStringList {"Training", "Validation", "OOD"}));
    const auto line = [&](const QString& metric, bool guess) {
        const auto found = std::find_if(rows.rows.begin(), rows.rows.end(), [&](const EvaluationRow& row) {
            return row.property == "accuracy" && row.metric == metric && row.guess == guess;
        });
        return found == rows.rows.end() ? QStringList() : found->values;
    };
    EXPECT_EQ(line("mean error", false), (QStringList {"0.0110", "0.0110", ""}));
    ASSERT_EQ(line("mean error", true).size(), 3);
    EXPECT_GT(line("mean error", true)[0].toDouble(), 0.1);
}

TEST(EvaluationRows, OfAZooThatTheEncoderHasNotSeenHaveOnePart)
{
    auto unseen = *sampleZoo();
    unseen.splits.assign(unseen.splits.size(), zoo::Split::Unknown);
    const auto rows = quickRows(unseen);
    EXPECT_EQ(rows.parts.size(), 1);
    ASSERT_FALSE(rows.rows.empty());
    for (const EvaluationRow& row : rows.rows)
        EXPECT_EQ(row.values.size(), 1);
}

TEST(EvaluationRows, OfAWholeEvaluationHaveEveryMethodAndPart)
{
    using evaluation::Part;
    evaluation::Evaluation whole;
    const auto entry = [](const char* method, Part part, double value, double baseline) {
        return evaluation::Entry {.method = method,
                                  .property = "emulation",
                                  .metric = "total_variation",
                                  .unit = "1",
                                  .part = part,
                                  .value = {.mean = value, .halfWidth = std::nan(""), .seeds = 1},
                                  .baseline = baseline,
                                  .networks = 10};
    };
    whole.entries = {entry("flat", Part::Ood, 0.062, 0.07), entry("flat", Part::Validation, 0.064, 0.075),
                     entry("interactive_probing", Part::Validation, 0.06, 0.075)};
    const auto rows = fullRows(zoo::Zoo {}, whole);
    EXPECT_EQ(rows.parts, (QStringList {"Validation", "OOD"}));
    ASSERT_EQ(rows.rows.size(), 3U);
    EXPECT_EQ(rows.rows[0].method, "constant embedding");
    EXPECT_EQ(rows.rows[0].values, (QStringList {"0.0750", "0.0700"}));
    EXPECT_EQ(rows.rows[1].method, "Flat");
    EXPECT_EQ(rows.rows[2].values[1], QString()) << "not measured";
}

TEST(Intervals, AreWrittenAsTheyAreRead)
{
    const auto sample = calibrated();
    auto prediction = sample->predictions[1];
    prediction.values[0] = 0.87;
    prediction.lower[0] = 0.71;
    prediction.upper[0] = 0.95;
    EXPECT_EQ(intervalText(prediction, 0), "[0.710, 0.950]");
    prediction.upper[0] = kInfinity;
    EXPECT_EQ(intervalText(prediction, 0), "≥ 0.710");
    prediction.lower[0] = -kInfinity;
    EXPECT_EQ(intervalText(prediction, 0), "any value");
    EXPECT_EQ(intervalText(sampleZoo()->predictions[1], 0), QString()) << "not calibrated";
}

TEST(Intervals, OfClassesAreSetsACountWhenLarge)
{
    const auto sample = calibrated();
    auto prediction = sample->predictions[0];
    EXPECT_EQ(intervalText(prediction, 0), "{0} {0} {0} {2}");
    prediction.inSet[0] = 1; // column 0, class -1
    EXPECT_EQ(intervalText(prediction, 0), "{\u22121, 0} {0} {0} {2}");
    std::fill_n(prediction.inSet.begin(), 3 * prediction.maxClasses(), 1);
    const auto classes = [&](std::size_t column) { return prediction.classes[column].size(); };
    EXPECT_EQ(intervalText(prediction, 0),
              QStringLiteral("%1 of %2")
                  .arg(classes(0) * classes(1) * classes(2))
                  .arg(classes(0) * classes(1) * classes(2) * classes(3)));
    prediction.columns = 1;
    prediction.classes = {{0, 1, 2, 3, 4, 5, 6, 7, 8}};
    prediction.values = {3};
    prediction.inSet.assign(9, 1);
    prediction.inSet[0] = 0;
    EXPECT_EQ(intervalText(prediction, 0), "8 of 9");
    prediction.classes = {{0, 1000, 2000, 5000}};
    prediction.inSet.assign(4, 1);
    EXPECT_EQ(intervalText(prediction, 0), "4 of 4") << "too wide for the panel";
}

TEST(Intervals, LieOnTheRangeOfTheProperty)
{
    const auto sample = calibrated();
    const auto* accuracy = sample->zoo->property("accuracy");
    const auto mark = intervalMark(sample->predictions[1], accuracy, 1);
    ASSERT_TRUE(mark);
    EXPECT_LT(mark->lower, mark->predicted);
    EXPECT_LT(mark->predicted, mark->actual) << "the head says 0.011 less";
    EXPECT_LT(mark->actual, mark->upper);
    EXPECT_FALSE(intervalMark(sampleZoo()->predictions[1], accuracy, 1)) << "not calibrated";
    EXPECT_FALSE(intervalMark(sample->predictions[0], nullptr, 1)) << "classes";
}

TEST(NetworkPanel, SaysIntervalsTrustAndWhatIsNotCalibrated)
{
    NetworkView view;
    const auto sample = calibrated();
    view.showNetworks(sample, {0}, 0);
    EXPECT_TRUE(view.plainText().contains("Predicted, 90 %")) << view.plainText().toStdString();
    EXPECT_TRUE(view.plainText().contains("[")) << view.plainText().toStdString();
    EXPECT_TRUE(view.plainText().contains("not calibrated")) << "the evaluation loss is not";
    EXPECT_TRUE(view.plainText().contains("Closer than 63 % of the training networks"));
    sample->trust[0] = 97.0;
    view.showNetworks(sample, {0}, 0);
    EXPECT_TRUE(view.plainText().contains("Far from everything it was trained on: no interval holds"));
    view.showNetworks(sampleZoo(), {0}, 0);
    EXPECT_TRUE(view.plainText().contains("The predictions are not calibrated"));
    EXPECT_TRUE(view.plainText().contains("Trust unknown"));
    EXPECT_FALSE(view.plainText().contains("[")) << "no interval without calibration";
}

TEST(PredictedActualPlot, AClickChoosesTheNetwork)
{
    PredictedActualPlot plot;
    plot.resize(400, 300);
    const auto sample = calibrated();
    plot.setData({.title = "Accuracy",
                  .points = agreementPoints(*sample, agreementTopics(*sample)[4], SplitFilter::All),
                  .current = std::nullopt,
                  .bars = PredictedActual::Bars::Intervals});
    const QSignalSpy activated(&plot, &PredictedActualPlot::activated);
    const auto& last = plot.data().points.back();
    QTest::mouseClick(&plot, Qt::LeftButton, Qt::NoModifier, plot.pixelOf(last).toPoint());
    ASSERT_EQ(activated.count(), 1);
    const auto at = plot.pointAt(plot.pixelOf(last));
    ASSERT_TRUE(at);
    EXPECT_EQ(activated[0][0].value<std::size_t>(), plot.data().points[*at].row);
    EXPECT_TRUE(predictedActualCsv(plot.data()).startsWith("row,split,actual,predicted,lower,upper\n0,validation,0,"));
}

} // namespace
