#include "fake_engine.h"
#include "qt_test.h"
#include "ui/models/session.h"
#include "written_files.h"

#include <QFile>
#include <QSignalSpy>

#include <cmath>
#include <filesystem>
#include <gmock/gmock.h>

namespace rnnscope::ui {
namespace {

class SessionTest : public testing::Test
{
protected:
    SessionTest()
    {
        session = std::make_unique<Session>([control = control]() -> Result<std::shared_ptr<engine::Engine>> {
            return std::make_shared<test::FakeEngine>(control);
        });
        QObject::connect(session.get(), &Session::failed, [this](const QString& message) { failures << message; });
        QObject::connect(session.get(), &Session::noted, [this](const QString& message) { notes << message; });
    }

    void openAndWait(const QStringList& paths)
    {
        session->open(paths);
        ASSERT_TRUE(test::waitFor([&] { return !session->busy(); }));
    }

    test::WrittenFiles files;
    std::shared_ptr<test::FakeControl> control = std::make_shared<test::FakeControl>();
    std::unique_ptr<Session> session;
    QStringList failures;
    QStringList notes;
};

TEST_F(SessionTest, EmbedsAZooWithTheCheckpointThatCameWithIt)
{
    openAndWait({files.checkpoint("probing"), files.zoo()});
    ASSERT_TRUE(session->embedded());
    const auto& embedded = *session->embedded();
    EXPECT_TRUE(embedded.complete);
    EXPECT_EQ(embedded.map.rows, 18U);
    EXPECT_TRUE(std::isfinite(embedded.map(17, 1)));
    ASSERT_EQ(embedded.predictions.size(), 1U);
    EXPECT_NEAR(embedded.predictions[0].value(3), 0.25, 1e-6);
    EXPECT_GE(embedded.explained[0], embedded.explained[1]);
    EXPECT_TRUE(failures.isEmpty()) << failures.join("; ").toStdString();
}

TEST_F(SessionTest, PrefersInteractiveProbing)
{
    openAndWait({files.zoo(), files.checkpoint("a-flat", zoo::EncoderKind::Flat), files.checkpoint("b-interactive")});
    ASSERT_TRUE(session->currentCheckpoint());
    EXPECT_EQ(session->currentCheckpoint()->config.kind, zoo::EncoderKind::InteractiveProbing);
    EXPECT_EQ(session->fittingCheckpoints().size(), 2U);
}

TEST_F(SessionTest, OpensEveryFileOfAFolderZoosFirst)
{
    files.checkpoint("a-checkpoint");
    files.zoo();
    openAndWait({QString::fromStdString(files.folder().string())});
    EXPECT_EQ(session->zoos().size(), 1U);
    EXPECT_EQ(session->checkpoints().size(), 1U);
    EXPECT_TRUE(session->embedded());
}

TEST_F(SessionTest, PublishesPointsAsTheyAreEmbedded)
{
    control->gated = true;
    session->open({files.zoo(), files.checkpoint("probing")});
    ASSERT_TRUE(test::waitFor([&] { return session->embedded() != nullptr; }));
    const auto partial = session->embedded();
    EXPECT_FALSE(partial->complete);
    EXPECT_EQ(partial->done, test::FakeControl::kBlock);
    EXPECT_TRUE(std::isfinite(partial->map(0, 0)));
    EXPECT_TRUE(std::isnan(partial->map(17, 0)));
    control->gated = false;
    control->gate.release();
    ASSERT_TRUE(test::waitFor([&] { return !session->busy(); }));
    EXPECT_TRUE(session->embedded()->complete);
    EXPECT_FALSE(partial->complete) << "snapshots never change";
}

TEST_F(SessionTest, CancelLeavesNothingHalfDone)
{
    control->gated = true;
    session->open({files.zoo(), files.checkpoint("probing")});
    ASSERT_TRUE(test::waitFor([&] { return session->embedded() != nullptr; }));
    session->cancel();
    ASSERT_TRUE(test::waitFor([&] { return !session->busy(); }));
    EXPECT_FALSE(session->embedded());
    EXPECT_TRUE(failures.isEmpty()) << "cancelling is not a failure";
}

TEST_F(SessionTest, CancelGoesBackToTheLastCompleteState)
{
    openAndWait({files.zoo(), files.checkpoint("probing"), files.checkpoint("flat", zoo::EncoderKind::Flat)});
    const auto before = session->embedded();
    control->gated = true;
    session->setCurrentCheckpoint(session->checkpoints()[1]);
    ASSERT_TRUE(test::waitFor([&] { return session->embedded() != nullptr; }));
    session->cancel();
    ASSERT_TRUE(test::waitFor([&] { return !session->busy(); }));
    EXPECT_EQ(session->embedded(), before);
    EXPECT_EQ(session->currentCheckpoint(), before->checkpoint);
}

TEST_F(SessionTest, SwitchingBackDoesNotEmbedAgain)
{
    openAndWait({files.zoo(), files.checkpoint("probing"), files.checkpoint("flat", zoo::EncoderKind::Flat)});
    const auto first = session->embedded();
    session->setCurrentCheckpoint(session->checkpoints()[1]);
    ASSERT_TRUE(test::waitFor([&] { return !session->busy(); }));
    EXPECT_EQ(control->encoded, 2);
    session->setCurrentCheckpoint(session->checkpoints()[0]);
    EXPECT_EQ(session->embedded(), first);
    EXPECT_FALSE(session->busy());
}

TEST_F(SessionTest, AnotherEncoderTakesThePlaceOfOneThatHasNothingYet)
{
    session->open({files.zoo(), files.checkpoint("probing"), files.checkpoint("flat", zoo::EncoderKind::Flat)});
    ASSERT_TRUE(test::waitFor([&] { return session->currentCheckpoint() != nullptr; }));
    const auto other = session->checkpoints()[1];
    ASSERT_NE(session->currentCheckpoint(), other);
    session->setCurrentCheckpoint(other); // its predecessor has not embedded a network
    ASSERT_TRUE(test::waitFor([&] { return !session->busy(); }));
    ASSERT_TRUE(session->embedded());
    EXPECT_EQ(session->embedded()->checkpoint, other);
}

TEST_F(SessionTest, NamesRowsThatCannotBeEmbedded)
{
    openAndWait({files.zoo({.notFinite = {4, 11, 17}}), files.checkpoint("probing")});
    EXPECT_THAT(session->embedded()->failed, testing::ElementsAre(4, 11, 17));
    EXPECT_TRUE(notes.contains("3 networks have NaN or infinite weights and get no embedding: rows 4, 11, 17"))
        << notes.join("; ").toStdString();
}

TEST_F(SessionTest, ReportsWhatCannotBeOpenedAndGoesOn)
{
    const auto broken = QString::fromStdString((files.folder() / "broken.h5").string());
    QFile file(broken);
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    file.write("not a zoo");
    file.close();
    const QSignalSpy failed(session.get(), &Session::failed);
    openAndWait({broken, files.zoo(), "/does/not/exist.h5"});
    EXPECT_EQ(session->zoos().size(), 1U);
    ASSERT_EQ(failed.size(), 1) << "several are one message";
    EXPECT_TRUE(failures[0].startsWith("2 files could not be opened")) << failures[0].toStdString();
    EXPECT_TRUE(failures[0].contains("broken.h5")) << failures[0].toStdString();
    const auto reasons = failed[0][1].toString();
    EXPECT_TRUE(reasons.contains("broken.h5")) << reasons.toStdString();
    EXPECT_TRUE(reasons.contains("exist.h5")) << reasons.toStdString();
}

TEST_F(SessionTest, SaysWhyACheckpointDoesNotFitAndWhichZooItFits)
{
    const test::ZooSpec other {.name = "digits", .symbols = 10};
    openAndWait({files.zoo(other), files.zoo()});
    session->setCurrentZoo(session->zoos()[1]);
    openAndWait({files.checkpoint("for-digits", zoo::EncoderKind::InteractiveProbing, other)});
    ASSERT_EQ(failures.size(), 1);
    EXPECT_TRUE(failures[0].contains("does not fit languages")) << failures[0].toStdString();
    EXPECT_TRUE(failures[0].endsWith("it fits digits")) << failures[0].toStdString();
    EXPECT_FALSE(session->currentCheckpoint());
}

TEST_F(SessionTest, AnswersOnlyTheLastTraceRequest)
{
    openAndWait({files.zoo(), files.checkpoint("probing")});
    std::vector<std::size_t> rows;
    QObject::connect(session.get(), &Session::traceReady, [&](std::size_t row, const auto& traces) {
        rows.push_back(row);
        EXPECT_FALSE(traces->inputs.empty());
    });
    session->requestTraces({2});
    session->requestTraces({3});
    ASSERT_TRUE(test::waitFor([&] { return !session->busy(); }));
    EXPECT_THAT(rows, testing::ElementsAre(3));
}

TEST_F(SessionTest, AsksSeveralNetworksInOneJob)
{
    openAndWait({files.zoo(), files.checkpoint("probing")});
    std::vector<std::size_t> rows;
    std::vector<std::shared_ptr<const engine::Traces>> answers;
    QObject::connect(session.get(), &Session::traceReady, [&](std::size_t row, const auto& traces) {
        rows.push_back(row);
        answers.push_back(traces);
    });
    std::vector<std::size_t> active;
    QObject::connect(session.get(), &Session::activityReady, [&](std::size_t row, const auto& activity) {
        active.push_back(row);
        EXPECT_FALSE(activity->hidden.empty());
    });
    session->requestTraces({1, 7});
    session->requestTraces({4, 2, 9000});
    ASSERT_TRUE(test::waitFor([&] { return !session->busy(); }));
    EXPECT_THAT(rows, testing::ElementsAre(4, 2)) << "the first request is superseded, row 9000 is not there";
    EXPECT_THAT(active, testing::ElementsAre(4, 2));
    ASSERT_EQ(answers.size(), 2U);
    EXPECT_NE(answers[0]->outputs, answers[1]->outputs) << "each gives its own answers";
}

TEST_F(SessionTest, EncodersWithoutProbesAnswerWithEmptyTraces)
{
    openAndWait({files.zoo(), files.checkpoint("flat", zoo::EncoderKind::Flat)});
    bool answered = false;
    QObject::connect(session.get(), &Session::traceReady,
                     [&](std::size_t, const auto& traces) { answered = traces->inputs.empty(); });
    session->requestTraces({0});
    ASSERT_TRUE(test::waitFor([&] { return answered; }));
    EXPECT_EQ(control->traced, 0);
}

TEST_F(SessionTest, ClosingTheCurrentZooShowsTheNext)
{
    openAndWait({files.zoo({.name = "first"}), files.zoo({.name = "second"}), files.checkpoint("probing")});
    ASSERT_EQ(session->currentZoo()->name, "first");
    session->close(session->zoos()[0]);
    ASSERT_TRUE(session->currentZoo());
    EXPECT_EQ(session->currentZoo()->name, "second");
    session->close(session->zoos()[0]);
    EXPECT_FALSE(session->currentZoo());
    EXPECT_FALSE(session->embedded());
    ASSERT_TRUE(test::waitFor([&] { return !session->busy(); }));
}

TEST_F(SessionTest, AMissingEngineIsAFailureNotACrash)
{
    Session broken([]() -> Result<std::shared_ptr<engine::Engine>> {
        return fail(Errc::NotFound, "librnnscope_engine.so was not found");
    });
    QSignalSpy failed(&broken, &Session::failed);
    broken.loadEngine();
    broken.open({files.zoo(), files.checkpoint("probing")});
    ASSERT_TRUE(test::waitFor([&] { return !broken.busy() && failed.count() > 1; }));
    EXPECT_TRUE(failed[0][0].toString().contains("librnnscope_engine.so"));
    EXPECT_EQ(broken.zoos().size(), 1U);
    EXPECT_FALSE(broken.embedded());
}

/// A program that finds what an earlier one has embedded.
class NextStart : public SessionTest
{
protected:
    QString cache() const { return QString::fromStdString((files.folder() / "cache").string()); }
    std::size_t kept() const
    {
        std::error_code error;
        return static_cast<std::size_t>(
            std::distance(std::filesystem::directory_iterator(files.folder() / "cache", error),
                          std::filesystem::directory_iterator {}));
    }
    /// Opens them with the session of the earlier start and waits until all it embedded is kept.
    void embedOnce(const QStringList& paths)
    {
        session->keepEmbeddingsIn(cache());
        openAndWait(paths);
        ASSERT_TRUE(test::waitFor([&] { return kept() == session->zoos().size(); }));
    }
};

TEST_F(NextStart, NeedsNoEngineForWhatIsKnown)
{
    embedOnce({files.zoo({.notFinite = {4}}), files.checkpoint("probing")});
    const auto before = session->embedded();
    Session next([]() -> Result<std::shared_ptr<engine::Engine>> { return fail(Errc::NotFound, "no engine"); });
    next.keepEmbeddingsIn(cache());
    QSignalSpy failed(&next, &Session::failed);
    next.open({files.zoo({.notFinite = {4}}), files.checkpoint("probing")});
    ASSERT_TRUE(test::waitFor([&] { return !next.busy() && next.embedded() && next.embedded()->complete; }));
    EXPECT_EQ(failed.count(), 0);
    EXPECT_EQ(next.embedded()->failed, before->failed);
    EXPECT_EQ(next.embedded()->predictions.size(), before->predictions.size());
    for (const std::size_t row : {0U, 3U, 5U, 17U})
        EXPECT_EQ(next.embedded()->embedding(row, 0), before->embedding(row, 0));
}

TEST_F(NextStart, EmbedsAZooThatHasChanged)
{
    embedOnce({files.zoo(), files.checkpoint("probing")});
    EXPECT_EQ(control->encoded, 1);
    Session next([control = control]() -> Result<std::shared_ptr<engine::Engine>> {
        return std::make_shared<test::FakeEngine>(control);
    });
    next.keepEmbeddingsIn(cache());
    next.open({files.zoo({.size = 27}), files.checkpoint("probing")});
    ASSERT_TRUE(test::waitFor([&] { return !next.busy() && next.embedded() && next.embedded()->complete; }));
    EXPECT_EQ(control->encoded, 2);
    EXPECT_EQ(next.embedded()->map.rows, 27U);
}

TEST_F(SessionTest, MayDieWhileItWorks)
{
    control->gated = true;
    session->open({files.zoo(), files.checkpoint("probing")});
    ASSERT_TRUE(test::waitFor([&] { return session->embedded() != nullptr; }));
    session.reset();
    SUCCEED();
}

} // namespace
} // namespace rnnscope::ui
