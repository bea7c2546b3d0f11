#include "fake_engine.h"
#include "qt_test.h"
#include "ui/models/session.h"
#include "ui/models/training.h"
#include "ui/models/training_resume.h"
#include "written_files.h"

#include <QFile>
#include <QFileInfo>
#include <QSignalSpy>

#include <algorithm>
#include <gmock/gmock.h>

namespace rnnscope::ui {
namespace {

using namespace std::chrono_literals;

class TrainingTest : public testing::Test
{
protected:
    TrainingTest()
    {
        session = std::make_unique<Session>([control = control]() -> Result<std::shared_ptr<engine::Engine>> {
            return std::make_shared<test::FakeEngine>(control);
        });
        QObject::connect(session.get(), &Session::failed, [this](const QString& message, const QString& detail) {
            failures << message;
            details << detail;
        });
        training().setPace({.slice = 1ms, .preview = 0ms, .save = 1h});
    }

    Training& training() { return session->training(); }

    TrainingPlan planFor(std::size_t steps)
    {
        session->open({files.zoo({.rollouts = true})});
        EXPECT_TRUE(test::waitFor([&] { return !session->busy() && session->currentZoo(); }));
        TrainingPlan plan {.zoo = session->currentZoo(), .options = {}, .unfinished = nullptr, .output = output()};
        plan.options = engine::presetOptions(engine::Preset::Compact, zoo::EncoderKind::Flat, *plan.zoo);
        plan.options.steps = steps;
        return plan;
    }

    std::filesystem::path output() const { return files.folder() / "new.encoder.h5"; }
    bool waitForState(Training::State state)
    {
        return test::waitFor([&] { return training().state() == state; });
    }
    bool waitForStep(std::size_t step)
    {
        return test::waitFor([&] { return training().status().step >= step; });
    }

    test::WrittenFiles files;
    std::shared_ptr<test::FakeControl> control = std::make_shared<test::FakeControl>();
    std::unique_ptr<Session> session;
    QStringList failures;
    QStringList details;
};

TEST_F(TrainingTest, EndsWithAnEncoderThatIsOpenAndCurrent)
{
    training().start(planFor(12));
    EXPECT_EQ(training().state(), Training::State::Running);
    ASSERT_TRUE(waitForState(Training::State::Done));
    ASSERT_TRUE(test::waitFor([&] { return !session->busy(); }));
    ASSERT_EQ(session->checkpoints().size(), 1U) << "the learning encoder has given way";
    EXPECT_EQ(session->currentCheckpoint()->path, output());
    EXPECT_FALSE(session->currentCheckpoint()->resume);
    EXPECT_TRUE(session->embedded()->complete);
    EXPECT_EQ(training().status().record.step.size(), 6U);
    EXPECT_EQ(training().status().constant->ood, 0.4);
    EXPECT_TRUE(failures.isEmpty()) << failures.join("; ").toStdString();
}

TEST_F(TrainingTest, ShowsTheMapOfTheLearningEncoder)
{
    const auto plan = planFor(1000);
    control->training.stopAt = 6;
    QSignalSpy learned(&training(), &Training::learned);
    training().start(plan);
    ASSERT_TRUE(test::waitFor([&] { return learned.count() > 0; }));
    const auto embedded = session->embedded();
    ASSERT_TRUE(embedded);
    EXPECT_TRUE(embedded->learningStep);
    EXPECT_EQ(embedded->done, 18U);
    EXPECT_EQ(session->currentCheckpoint(), embedded->checkpoint);
    EXPECT_EQ(session->checkpoints().size(), 1U);
    EXPECT_FALSE(session->busy()) << "training does not count as work to wait for";
    training().cancel();
    EXPECT_TRUE(session->checkpoints().empty());
    EXPECT_FALSE(session->embedded());
}

TEST_F(TrainingTest, GoesOnWhenAllFilesAreClosed)
{
    const auto plan = planFor(1000);
    control->training.stopAt = 6;
    training().start(plan);
    ASSERT_TRUE(waitForStep(6));
    session->closeAll();
    EXPECT_TRUE(session->zoos().empty());
    EXPECT_EQ(training().state(), Training::State::Running);
    control->training.stopAt = 12;
    EXPECT_TRUE(waitForStep(12));
    EXPECT_TRUE(failures.isEmpty()) << failures.join("; ").toStdString();
}

TEST_F(TrainingTest, LeavesTheUsersChoiceOfEncoderAlone)
{
    const auto plan = planFor(1000);
    session->open({files.checkpoint("probing")});
    ASSERT_TRUE(test::waitFor([&] { return !session->busy() && session->embedded(); }));
    const auto chosen = session->currentCheckpoint();
    control->training.stopAt = 6;
    training().start(plan);
    ASSERT_TRUE(test::waitFor([&] { return session->currentCheckpoint() != chosen; }));
    session->setCurrentCheckpoint(chosen);
    QSignalSpy learned(&training(), &Training::learned);
    control->training.stopAt = 12;
    ASSERT_TRUE(test::waitFor([&] { return learned.count() > 0; }));
    EXPECT_EQ(session->currentCheckpoint(), chosen);
    training().cancel();
    EXPECT_EQ(session->currentCheckpoint(), chosen);
}

TEST_F(TrainingTest, LetsTracesInWhileItRuns)
{
    const auto plan = planFor(1000);
    control->training.stopAt = 4;
    session->open({files.checkpoint("probing")});
    ASSERT_TRUE(test::waitFor([&] { return !session->busy() && session->embedded(); }));
    training().setPace({.slice = 1ms, .preview = 1h, .save = 1h});
    training().start(plan);
    ASSERT_TRUE(test::waitFor([&] { return session->embedded()->learningStep.has_value(); }));
    session->setCurrentCheckpoint(session->checkpoints().front());
    QSignalSpy answered(session.get(), &Session::traceReady);
    session->requestTraces({2});
    ASSERT_TRUE(test::waitFor([&] { return answered.count() == 1; }));
    EXPECT_EQ(training().state(), Training::State::Running);
}

TEST_F(TrainingTest, PauseSavesAndResumeGoesOn)
{
    const auto plan = planFor(20);
    control->training.stopAt = 6;
    training().start(plan);
    ASSERT_TRUE(waitForStep(6));
    training().pause();
    EXPECT_EQ(training().state(), Training::State::Paused);
    ASSERT_TRUE(test::waitFor([&] { return training().status().saved; }));
    const auto saved = zoo::openCheckpoint(output());
    ASSERT_TRUE(saved) << saved.error().message;
    EXPECT_EQ((*saved)->resume->step, 6U);
    control->training.stopAt = 100;
    training().resume();
    ASSERT_TRUE(waitForState(Training::State::Done));
    EXPECT_EQ(training().status().step, 20U);
    EXPECT_EQ(control->training.started, 1) << "a pause keeps the run";
}

TEST_F(TrainingTest, CancelLeavesTheLastSnapshot)
{
    auto plan = planFor(1000);
    training().setPace({.slice = 1ms, .preview = 1h, .save = 0ms});
    control->training.stopAt = 6;
    training().start(plan);
    ASSERT_TRUE(waitForStep(5));
    training().cancel();
    EXPECT_EQ(training().state(), Training::State::Idle);
    const auto saved = zoo::openCheckpoint(output());
    ASSERT_TRUE(saved) << saved.error().message;
    EXPECT_TRUE((*saved)->resume);
    EXPECT_TRUE(failures.isEmpty()) << "cancelling is not a failure";
}

TEST_F(TrainingTest, CancelledBeforeAnySnapshotLeavesNoFile)
{
    const auto plan = planFor(1000);
    control->training.stopAt = 2;
    training().start(plan);
    ASSERT_TRUE(waitForStep(1));
    training().cancel();
    ASSERT_TRUE(test::waitFor([&] { return !session->busy(); }));
    EXPECT_FALSE(QFileInfo::exists(QString::fromStdString(output().string())));
}

TEST_F(TrainingTest, ALossThatIsNotFiniteFailsAndKeepsTheBestEncoder)
{
    const auto plan = planFor(1000);
    control->training.nanAt = 7;
    training().start(plan);
    ASSERT_TRUE(waitForState(Training::State::Failed));
    ASSERT_EQ(failures.size(), 1);
    EXPECT_EQ(failures[0], "the training loss is not finite at step 7");
    EXPECT_TRUE(details[0].contains("new.encoder.h5")) << details[0].toStdString();
    EXPECT_EQ(training().message(), failures[0]);
    EXPECT_TRUE(zoo::openCheckpoint(output()));
    EXPECT_TRUE(session->checkpoints().empty()) << "nothing half done stays";
}

TEST_F(TrainingTest, CanBeCancelledWhileItFinishes)
{
    const auto plan = planFor(4);
    control->training.finishBlocks = true;
    training().start(plan);
    ASSERT_TRUE(waitForState(Training::State::Finishing));
    ASSERT_TRUE(test::waitFor([&] { return training().message().startsWith("training heads"); }));
    training().cancel();
    EXPECT_EQ(training().state(), Training::State::Idle);
    ASSERT_TRUE(test::waitFor([&] { return zoo::openCheckpoint(output()).has_value(); }));
    EXPECT_TRUE(failures.isEmpty());
}

TEST_F(TrainingTest, ShutDownLeavesWhatGoOnNeeds)
{
    const auto plan = planFor(20);
    control->training.stopAt = 8;
    training().start(plan);
    ASSERT_TRUE(waitForStep(8));
    training().shutDown();
    EXPECT_EQ(training().state(), Training::State::Idle);
    const auto saved = zoo::openCheckpoint(output());
    ASSERT_TRUE(saved) << saved.error().message;
    EXPECT_EQ((*saved)->resume->step, 8U);

    const auto goOn = planToGoOn(*saved, session->zoos(), session->currentZoo());
    ASSERT_TRUE(goOn) << goOn.error().message;
    EXPECT_EQ(goOn->options.steps, 20U);
    EXPECT_EQ(goOn->options.config.kind, zoo::EncoderKind::Flat);
    EXPECT_EQ(goOn->output, output());
    control->training.stopAt = 100;
    training().start(*goOn);
    EXPECT_EQ(training().status().step, 8U);
    ASSERT_TRUE(waitForState(Training::State::Done));
    EXPECT_EQ(control->training.started, 2);
}

TEST_F(TrainingTest, MayDieWhileItLearns)
{
    const auto plan = planFor(1000);
    control->training.stopAt = 4;
    training().start(plan);
    ASSERT_TRUE(waitForStep(2));
    session.reset();
    SUCCEED();
}

TEST_F(TrainingTest, SaysWhatIsWrongWithAPlan)
{
    auto plan = planFor(10);
    EXPECT_FALSE(check(plan)) << check(plan).message.toStdString();
    plan.options.learningRate = 0.0;
    EXPECT_EQ(check(plan).field, PlanProblem::Field::LearningRate);
    plan = planFor(10);
    plan.output = "/does/not/exist/a.h5";
    EXPECT_TRUE(check(plan).message.contains("/does/not/exist")) << check(plan).message.toStdString();
    plan.output = plan.zoo->path;
    EXPECT_EQ(check(plan).field, PlanProblem::Field::Output) << "the zoo must not be overwritten";
    auto silent = std::make_shared<zoo::Zoo>(*plan.zoo);
    silent->rollouts = nullptr;
    plan.zoo = silent;
    EXPECT_EQ(check(plan).message, "languages has no recorded roll-outs to learn from");
    EXPECT_EQ(check({}).field, PlanProblem::Field::Zoo);
}

TEST_F(TrainingTest, ProposesAFileThatIsNotThereYet)
{
    const auto plan = planFor(10);
    const auto first = proposedOutput(*plan.zoo, zoo::EncoderKind::Flat);
    EXPECT_EQ(first, files.folder() / "languages.flat.encoder.h5");
    ASSERT_TRUE(QFile(QString::fromStdString(first.string())).open(QIODevice::WriteOnly));
    EXPECT_EQ(proposedOutput(*plan.zoo, zoo::EncoderKind::Flat), files.folder() / "languages.flat.2.encoder.h5");
}

} // namespace
} // namespace rnnscope::ui
