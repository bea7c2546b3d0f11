#include "ui/models/answers.h"
#include "ui/panels/digit_pad.h"
#include "ui/panels/probe_edit.h"
#include "ui/plots/heat_map_view.h"
#include "window_case.h"
#include "zoo/zoo_files.h"

#include <QImage>
#include <QListWidget>
#include <QPushButton>
#include <QSlider>

#include <gmock/gmock.h>

namespace rnnscope::ui {
namespace {

std::shared_ptr<EmbeddedZoo> sampleOf(const char* folder)
{
    auto embedded = std::make_shared<EmbeddedZoo>();
    embedded->zoo = zoo::openZoo(testdata::sampleZoos() / folder).value();
    embedded->embedding = Matrix(embedded->zoo->size, 2);
    return embedded;
}

TEST(AnswersTest, AreWhatTheAuthorsRecorded)
{
    const auto networks = sampleOf(testdata::kFormalFolder);
    const auto& rollouts = *networks->zoo->rollouts;
    const auto shape = rollouts.shape();
    std::vector<float> stored(shape.inputSteps);
    std::vector<float> logits(shape.logitValues());
    ASSERT_TRUE(rollouts.readInputs(1, 0, 1, stored));
    ASSERT_TRUE(rollouts.readLogits(1, 0, 1, logits));
    std::vector<int> tokens(stored.begin(), stored.end() - 1); // the last one is only answered
    tokens.front() = 4;
    const auto answer = answerOf(*networks, 1, stringProbe(tokens, 6)).value();
    ASSERT_EQ(answer.steps, shape.logitSteps);
    for (std::size_t t = 0; t < answer.steps; ++t)
        for (std::size_t o = 0; o < 6; ++o) // log-probabilities, float16
            EXPECT_NEAR(std::log(static_cast<double>(answer.at(t)[o])), logits[t * 6 + o],
                        0.02 + 0.002 * std::abs(static_cast<double>(logits[t * 6 + o])))
                << t << " " << o;
}

TEST(AnswersTest, ProbabilityOfAStringIsTheProductOfItsSteps)
{
    const Answer answer {.steps = 2, .outputs = 3, .probabilities = {0.2F, 0.3F, 0.5F, 0.1F, 0.1F, 0.8F}};
    const std::vector<int> tokens {1, 0, 2};
    EXPECT_NEAR(stringProbability(answer, tokens), 0.2 * 0.8, 1e-7);
    EXPECT_EQ(answer.mostLikely(0), 2U);
    const Answer other {.steps = 2, .outputs = 3, .probabilities = {0.5F, 0.3F, 0.2F, 0.1F, 0.1F, 0.8F}};
    EXPECT_NEAR(divergence(answer, other), (0.2 * std::log(0.2 / 0.5) + 0.5 * std::log(0.5 / 0.2)) / 2, 1e-6);
    EXPECT_EQ(divergence(answer, answer), 0.0);
    EXPECT_TRUE(std::isnan(divergence(answer, {})));
}

TEST(AnswersTest, RefuseWhatANetworkCannotRead)
{
    const auto networks = sampleOf(testdata::kFormalFolder);
    EXPECT_FALSE(answerOf(*networks, 0, stringProbe(std::vector<int> {0, 1}, 5)));
    EXPECT_FALSE(answerOf(*networks, 0, {}));
    EXPECT_EQ(digitProbe({}, 6).steps, 0U) << "no square";
    EXPECT_EQ(digitProbe({}, 25).steps, 0U) << "5 does not divide 28";
    EXPECT_EQ(digitProbe({}, 16).steps, 50U);
    EXPECT_TRUE(recordedDigits(*networks, 0, 3).value().empty());
}

TEST(AnswersTest, RecordedDigitsAreSeenAsTheNetworkReadThem)
{
    const auto networks = sampleOf(testdata::kMnistFolder);
    const auto& rollouts = *networks->zoo->rollouts;
    const auto digits = recordedDigits(*networks, 1, 3).value();
    ASSERT_EQ(digits.size(), std::min<std::size_t>(3, rollouts.shape().sequences));
    std::vector<float> logits(rollouts.shape().logitValues());
    for (std::size_t i = 0; i < digits.size(); ++i) {
        ASSERT_TRUE(rollouts.readLogits(1, i, 1, logits));
        const auto last = std::span(logits).last(10);
        EXPECT_EQ(static_cast<std::ptrdiff_t>(digits[i].answer), std::ranges::max_element(last) - last.begin());
        const auto again = answerOf(*networks, 1, digitProbe(digits[i].image, 16)).value();
        EXPECT_NEAR(static_cast<double>(again.at(again.steps - 1)[digits[i].answer]), digits[i].probability, 0.01)
            << "the picture is read as the recorded tiles were";
    }
}

class DigitPadTest : public testing::Test
{
protected:
    DigitPadTest()
    {
        pad.resize(280, 280);
        pad.show();
        EXPECT_TRUE(QTest::qWaitForWindowExposed(&pad));
    }
    int at(const DigitPixels& digit, int x, int y) const { return digit[static_cast<std::size_t>(y * 28 + x)]; }

    DigitPad pad;
};

TEST_F(DigitPadTest, TheMousePaintsAndWipesOut)
{
    QTest::mousePress(&pad, Qt::LeftButton, Qt::NoModifier, {105, 55});
    QTest::mouseMove(&pad, {105, 205});
    QTest::mouseRelease(&pad, Qt::LeftButton, Qt::NoModifier, {105, 205});
    for (int y = 5; y <= 20; ++y)
        EXPECT_EQ(at(pad.digit(), 10, y), 255) << y;
    EXPECT_EQ(at(pad.digit(), 20, 10), 0);
    QTest::mouseClick(&pad, Qt::RightButton, Qt::NoModifier, {105, 105});
    EXPECT_EQ(at(pad.digit(), 10, 10), 0);
    EXPECT_EQ(at(pad.digit(), 10, 18), 255);
}

TEST_F(DigitPadTest, KeysPaintToo)
{
    for (int i = 0; i < 4; ++i)
        QTest::keyClick(&pad, Qt::Key_Left);
    QTest::keyClick(&pad, Qt::Key_Up);
    QTest::keyClick(&pad, Qt::Key_Space);
    EXPECT_EQ(at(pad.digit(), 10, 13), 255);
    QTest::keyClick(&pad, Qt::Key_Space, Qt::ShiftModifier);
    EXPECT_EQ(at(pad.digit(), 10, 13), 0);
    QTest::keyClick(&pad, Qt::Key_Space);
    QTest::keyClick(&pad, Qt::Key_Delete);
    EXPECT_EQ(pad.digit(), DigitPixels {});
}

/// What is drawn on a turned digit appears under the mouse.
TEST_F(DigitPadTest, DrawsWhereItIsSeen)
{
    for (const double angle : {90.0, 180.0, 37.0}) {
        pad.clear();
        pad.setRotation(angle);
        QTest::mouseClick(&pad, Qt::LeftButton, Qt::NoModifier, {85, 145}); // pixel 8, 14
        EXPECT_GE(at(pad.turned(), 8, 14), 200) << angle;
        EXPECT_LT(at(pad.digit(), 8, 14), 200) << angle;
    }
}

TEST(DigitOfTest, TakesPicturesOfAnySizeAndInkOnPaper)
{
    QImage paper(300, 200, QImage::Format_RGB32);
    paper.fill(Qt::white);
    for (int y = 20; y < 180; ++y)
        for (int x = 140; x < 160; ++x)
            paper.setPixelColor(x, y, Qt::black);
    const auto digit = digitOf(paper);
    EXPECT_GE(digit[14 * 28 + 14], 200) << "ink becomes white";
    EXPECT_LE(digit[14 * 28 + 2], 10);
    EXPECT_LE(digit[2], 10) << "what lies beside the picture is paper, too";
    paper.invertPixels();
    const auto same = digitOf(paper);
    for (std::size_t i = 0; i < digit.size(); ++i)
        EXPECT_NEAR(same[i], digit[i], 2) << "white on black stays so";
    EXPECT_EQ(digitOf(QImage()), DigitPixels {});
}

class OwnDigitTest : public WindowCase
{
protected:
    OwnDigitTest()
    {
        zoo::Checkpoint checkpoint;
        const auto zoo = zoo::openZoo(testdata::sampleZoos() / testdata::kMnistFolder).value();
        checkpoint.config = zoo::compactConfig(zoo::EncoderKind::InteractiveProbing, zoo->architecture, zoo->family);
        checkpoint.encoder["tensor"] = {{1}, {1.0F}};
        checkpoint.emulator["tensor"] = {{1}, {1.0F}};
        const auto path = files.folder() / "digits.encoder.h5";
        EXPECT_TRUE(zoo::writeCheckpoint(checkpoint, path));
        drop({QString::fromStdString(zoo->path.string()), QString::fromStdString(path.string())});
        window.showTab("behaviour");
        EXPECT_TRUE(test::waitFor([&] { return !window.busy() && !maps().empty(); }));
    }

    std::vector<const HeatMapView*> maps() const
    {
        std::vector<const HeatMapView*> shown;
        for (const auto* map : find<QWidget>("ownAnswers")->findChildren<HeatMapView*>())
            if (map->isVisible())
                shown.push_back(map);
        return shown;
    }
};

TEST_F(OwnDigitTest, BeginsWithARecordedDigitAndFollowsThePad)
{
    auto* recorded = find<QListWidget>("recordedDigits");
    ASSERT_GT(recorded->count(), 0);
    EXPECT_EQ(recorded->currentRow(), 0);
    auto* pad = find<DigitPad>("digitPad");
    EXPECT_NE(pad->digit(), DigitPixels {});
    const auto shown = maps();
    ASSERT_EQ(shown.size(), 2U) << "the network and its emulator";
    EXPECT_EQ(shown.front()->data().columns, 50U);
    EXPECT_EQ(shown.front()->data().rows.size(), 10);
    const auto before = shown.front()->data().values;
    QTest::mouseClick(find<QPushButton>("clearDigit"), Qt::LeftButton);
    EXPECT_EQ(pad->digit(), DigitPixels {});
    ASSERT_TRUE(test::waitFor([&] { return !window.busy(); }));
    EXPECT_NE(maps().front()->data().values, before);
}

TEST_F(OwnDigitTest, TurnsTheDigitAsTheNetworkHasLearned)
{
    auto* pad = find<DigitPad>("digitPad");
    const auto upright = pad->digit();
    QTest::mouseClick(find<QPushButton>("taskAngle"), Qt::LeftButton);
    const auto degrees = find<QSlider>("digitRotation")->value();
    const auto row = *window.selection().current();
    EXPECT_NEAR(degrees, session.currentZoo()->property("task")->value(row), 0.5);
    const auto expected = tasks::rotated(upright, degrees);
    EXPECT_EQ(pad->turned(), expected);
    EXPECT_EQ(find<ProbeEdit>("ownProbe")->probe().inputs, digitProbe(expected, 16).inputs);
}

} // namespace
} // namespace rnnscope::ui
