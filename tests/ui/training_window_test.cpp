#include "ui/dialogs/train_dialog.h"
#include "ui/models/training.h"
#include "ui/panels/training_panel.h"
#include "ui/plots/export.h"
#include "ui/plots/loss_plot.h"
#include "ui/plots/map_view.h"
#include "ui/plots/split_colours.h"
#include "window_case.h"

#include <QAction>
#include <QComboBox>
#include <QDockWidget>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QPushButton>
#include <QRegularExpression>
#include <QSet>
#include <QSpinBox>

#include <cmath>

namespace rnnscope::ui {
namespace {

using namespace std::chrono_literals;

class TrainingWindowTest : public WindowCase
{
protected:
    TrainingWindowTest()
    {
        session.training().setPace({.slice = 1ms, .preview = 0ms, .save = 1h});
        drop({files.zoo({.rollouts = true}), files.zoo({.name = "silent"})});
    }

    TrainDialog* openDialog()
    {
        find<QAction>("train")->trigger();
        auto* dialog = window.findChild<TrainDialog*>();
        EXPECT_NE(dialog, nullptr);
        return dialog;
    }

    /// Starts a training of so many steps that waits at `stopAt`.
    void train(std::size_t steps, std::size_t stopAt)
    {
        control->training.stopAt = stopAt;
        auto* dialog = openDialog();
        dialog->findChild<QSpinBox*>("trainSteps")->setValue(static_cast<int>(steps));
        dialog->findChild<QPushButton*>("trainStart")->click();
    }

    QString output() { return QString::fromStdString(session.training().plan().output.string()); }
    bool waitForState(Training::State state)
    {
        return test::waitFor([&] { return session.training().state() == state; });
    }
    QString facts() { return find<QLabel>("trainingFacts")->text().remove(QRegularExpression("<[^>]*>")); }
};

TEST_F(TrainingWindowTest, TheDialogOffersWhatCanBeTrained)
{
    const auto* dialog = openDialog();
    EXPECT_EQ(dialog->plan().zoo->name, "languages");
    EXPECT_EQ(dialog->findChild<QComboBox*>("trainEncoder")->count(), 6);
    EXPECT_EQ(dialog->plan().options.config.kind, zoo::EncoderKind::InteractiveProbing);
    bool reason = false;
    for (const auto* label : dialog->findChildren<QLabel*>())
        reason = reason || label->text().contains("silent has no recorded roll-outs");
    EXPECT_TRUE(reason);
    EXPECT_TRUE(dialog->findChild<QPushButton*>("trainStart")->isEnabled());
    EXPECT_TRUE(QString::fromStdString(dialog->plan().output.string()).endsWith("interactive_probing.encoder.h5"));
}

TEST_F(TrainingWindowTest, ThePresetSetsSizesAndSchedule)
{
    const auto* dialog = openDialog();
    EXPECT_EQ(
        dialog->plan().options.config.coreHiddenSize,
        engine::presetOptions(engine::Preset::Compact, zoo::EncoderKind::InteractiveProbing, *session.zoos().front())
            .config.coreHiddenSize);
    dialog->findChild<QComboBox*>("trainPreset")->setCurrentIndex(1);
    EXPECT_EQ(dialog->plan().options.steps, 100000U);
    EXPECT_EQ(dialog->plan().options.config.coreHiddenSize, 256);
    EXPECT_DOUBLE_EQ(dialog->plan().options.finalLearningRate, 1e-4);
    dialog->findChild<QLineEdit*>("trainRate")->setText("0.002");
    EXPECT_DOUBLE_EQ(dialog->plan().options.finalLearningRate, 0.002) << "it falls as in the preset";
}

TEST_F(TrainingWindowTest, WhatIsWrongIsSaidInPlace)
{
    const auto* dialog = openDialog();
    auto* start = dialog->findChild<QPushButton*>("trainStart");
    const auto* problem = dialog->findChild<QLabel*>("trainProblem");
    dialog->findChild<QLineEdit*>("trainRate")->setText("fast");
    EXPECT_FALSE(start->isEnabled());
    EXPECT_TRUE(problem->text().startsWith("The learning rate")) << problem->text().toStdString();
    dialog->findChild<QLineEdit*>("trainRate")->setText("0.001");
    EXPECT_TRUE(start->isEnabled());
    dialog->findChild<QLineEdit*>("trainOutput")->setText("/does/not/exist/x.h5");
    EXPECT_FALSE(start->isEnabled());
    EXPECT_TRUE(problem->text().contains("/does/not/exist"));
}

TEST_F(TrainingWindowTest, ShowsCurvesMapAndButtonsWhileItLearns)
{
    train(1000, 9);
    ASSERT_TRUE(test::waitFor([&] { return session.training().status().step == 9; }));
    auto* dock = find<QDockWidget>("trainingDock");
    EXPECT_TRUE(dock->isVisible());
    auto* plot = find<TrainingPanel>("trainingPanel")->plot();
    ASSERT_EQ(plot->curves().record.step.size(), 4U);
    EXPECT_EQ(*zoo::bestRow(plot->curves().record), 1U) << "step 4";
    EXPECT_EQ(plot->textAt(1), "Step 4: training 0.250, validation 0.200, out of distribution 0.300");
    EXPECT_TRUE(facts().contains("9 of 1\u2009000")) << facts().toStdString();
    ASSERT_TRUE(test::waitFor([&] { return session.embedded() && session.embedded()->learningStep; }));
    EXPECT_EQ(find<QComboBox>("encoderChooser")->currentText(), "Interactive probing · learning");
    EXPECT_FALSE(openDialog()->findChild<QPushButton*>("trainStart")->isEnabled()) << "one at a time";

    auto* pause = find<QPushButton>("trainingPause");
    QTest::mouseClick(pause, Qt::LeftButton);
    ASSERT_TRUE(test::waitFor([&] { return session.training().status().saved; }));
    EXPECT_EQ(pause->text(), "Resume");
    EXPECT_TRUE(QFile::exists(output()));
    QTest::mouseClick(pause, Qt::LeftButton);
    EXPECT_EQ(session.training().state(), Training::State::Running);
    QTest::mouseClick(find<QPushButton>("trainingCancel"), Qt::LeftButton);
    EXPECT_EQ(session.training().state(), Training::State::Idle);
    EXPECT_FALSE(plot->isVisible()) << "no encoder is open that has curves";
    EXPECT_EQ(messages().count(), 0);
}

TEST_F(TrainingWindowTest, TheFinishedEncoderShowsItsStoredCurves)
{
    train(8, 100);
    ASSERT_TRUE(waitForState(Training::State::Done));
    ASSERT_TRUE(test::waitFor([&] { return !session.busy(); }));
    const auto* plot = find<TrainingPanel>("trainingPanel")->plot();
    EXPECT_EQ(plot->curves().record.step.size(), 4U);
    ASSERT_TRUE(plot->curves().constant) << "the dashed line";
    EXPECT_EQ(plot->curves().constant->validation, 0.45);
    const auto csv = QString::fromStdString((files.folder() / "curves.csv").string());
    window.exportTo(Exportable::Training, csv, {});
    QFile file(csv);
    ASSERT_TRUE(file.open(QIODevice::ReadOnly));
    EXPECT_EQ(file.readLine(), "step,train,validation,ood\n");
    EXPECT_EQ(file.readLine(), "2,0.5,0.22,0.3\n");
}

TEST_F(TrainingWindowTest, ClosingTheWindowLeavesATrainingToGoOnWith)
{
    train(1000, 6);
    ASSERT_TRUE(test::waitFor([&] { return session.training().status().step == 6; }));
    const auto path = output();
    window.close();
    EXPECT_FALSE(session.training().active());
    ASSERT_TRUE(QFile::exists(path));
    control->training.stopAt = 10000;
    window.show();
    session.open({path});
    ASSERT_TRUE(test::waitFor([&] { return messages().count() == 1; }));
    QPushButton* goOn = nullptr;
    for (auto* button : messages().findChildren<QPushButton*>())
        if (button->text() == "Go on training")
            goOn = button;
    ASSERT_NE(goOn, nullptr);
    ASSERT_TRUE(test::waitFor([&] { return !session.busy(); }));
    QTest::mouseClick(goOn, Qt::LeftButton);
    EXPECT_EQ(session.training().state(), Training::State::Running);
    ASSERT_TRUE(waitForState(Training::State::Done));
    EXPECT_EQ(session.training().status().step, 1000U);
    EXPECT_EQ(messages().count(), 0);
    ASSERT_TRUE(test::waitFor([&] { return !session.busy(); }));
    EXPECT_EQ(session.checkpoints().size(), 1U) << "the finished one replaces the unfinished one";
}

TEST_F(TrainingWindowTest, AFailureIsSaidInTheMessageBar)
{
    control->training.nanAt = 5;
    train(1000, 1000);
    ASSERT_TRUE(waitForState(Training::State::Failed));
    EXPECT_EQ(messages().count(), 1);
    EXPECT_TRUE(facts().contains("not finite at step 5")) << facts().toStdString();
}

TEST(LossPlot, ReadsItsValuesOffByKeysAndMouse)
{
    LossPlot plot;
    plot.resize(600, 240);
    zoo::TrainingRecord record {.step = {100, 200, 300},
                                .trainLoss = {0.5, 0.3, 0.2},
                                .validationLoss = {0.4, 0.25, 0.3},
                                .oodLoss = {NAN, NAN, NAN},
                                .splits = {}};
    plot.setCurves({record, std::nullopt, 1000});
    EXPECT_EQ(*zoo::bestRow(plot.curves().record), 1U);
    QTest::keyClick(&plot, Qt::Key_Home);
    EXPECT_EQ(plot.cursor(), 0U);
    QTest::keyClick(&plot, Qt::Key_Right);
    EXPECT_EQ(plot.cursor(), 1U);
    EXPECT_EQ(plot.textAt(1), "Step 200: training 0.300, validation 0.250") << "what was not measured is not named";
    QTest::keyClick(&plot, Qt::Key_End);
    QTest::keyClick(&plot, Qt::Key_Right);
    EXPECT_EQ(plot.cursor(), 2U);
    EXPECT_EQ(lossCsv(plot.curves()).split('\n')[1], "100,0.5,0.4,");
}

TEST(LossPlot, IsDrawnWithLinesOfEverySplitInBothThemes)
{
    LossPlot plot;
    zoo::TrainingRecord record {.step = {100, 200},
                                .trainLoss = {0.5, 0.3},
                                .validationLoss = {0.4, 0.25},
                                .oodLoss = {0.6, 0.5},
                                .splits = {}};
    plot.setCurves({record, zoo::ConstantBaseline {.steps = 1, .train = 0.45, .validation = 0.45, .ood = 0.55}, 0});
    for (const bool light : {true, false}) {
        QImage image(600, 300, QImage::Format_RGB32);
        QPainter painter(&image);
        plot.render(painter, image.size(), light);
        painter.end();
        QSet<QRgb> colours;
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x)
                colours.insert(image.pixel(x, y));
        for (const auto split : {zoo::Split::Training, zoo::Split::Validation, zoo::Split::Ood})
            EXPECT_TRUE(colours.contains(splitColour(split, light ? lightTheme() : darkTheme()).rgb()));
    }
}

} // namespace
} // namespace rnnscope::ui
