#include "qt_test.h"
#include "ui/jobs/job.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <semaphore>
#include <stdexcept>

namespace rnnscope::ui {
namespace {

TEST(Jobs, DeliverTheirResultOnTheThreadOfTheRunner)
{
    JobRunner runner;
    QThread* workedOn = nullptr;
    QThread* deliveredOn = nullptr;
    int answer = 0;
    const auto work = [&](JobContext&) -> Result<int> { return workedOn = QThread::currentThread(), 42; };
    runner.run(&runner, {}, work, [&](const Result<int>& result) {
        deliveredOn = QThread::currentThread();
        answer = result.value_or(0);
    });
    ASSERT_TRUE(test::waitFor([&] { return !runner.busy(); }));
    EXPECT_EQ(answer, 42);
    EXPECT_EQ(deliveredOn, QThread::currentThread());
    EXPECT_NE(workedOn, deliveredOn);
}

TEST(Jobs, TurnExceptionsIntoErrors)
{
    JobRunner runner;
    std::string detail;
    const auto work = [](JobContext&) -> Result<int> { throw std::runtime_error("boom"); };
    runner.run(&runner, {}, work, [&](const Result<int>& result) { detail = result.error().detail; });
    ASSERT_TRUE(test::waitFor([&] { return !runner.busy(); }));
    EXPECT_EQ(detail, "boom");
}

TEST(Jobs, EndAsCancelledWhenStopped)
{
    JobRunner runner;
    std::binary_semaphore woken {0};
    const auto work = [&](JobContext& context) -> Result<int> {
        const std::stop_callback wake(context.stop(), [&] { woken.release(); });
        woken.acquire();
        return cancelled("waiting");
    };
    Errc code = Errc::Io;
    const auto id = runner.run(&runner, {}, work, [&](const Result<int>& result) { code = result.error().code; });
    runner.stop(id);
    ASSERT_TRUE(test::waitFor([&] { return !runner.busy(); }));
    EXPECT_EQ(code, Errc::Cancelled);
}

TEST(Jobs, DeliverNothingOnceDropped)
{
    JobRunner runner;
    bool first = false;
    bool second = false;
    const auto work = [](JobContext& context) -> Result<int> {
        context.post([] { ADD_FAILURE() << "posted by a dropped job"; });
        return 1;
    };
    const auto id = runner.run(&runner, {}, work, [&](const Result<int>&) { first = true; });
    runner.drop(id);
    runner.run(
        &runner, {}, [](JobContext&) -> Result<int> { return 2; }, [&](const Result<int>&) { second = true; });
    ASSERT_TRUE(test::waitFor([&] { return second; }));
    EXPECT_FALSE(first);
}

TEST(Jobs, AreStoppedWhenTheirOwnerDies)
{
    JobRunner runner;
    auto owner = std::make_unique<QObject>();
    std::binary_semaphore woken {0};
    std::atomic<bool> stopped = false;
    const auto work = [&](JobContext& context) -> Result<int> {
        const std::stop_callback wake(context.stop(), [&] { woken.release(); });
        woken.acquire();
        stopped = true;
        return cancelled("waiting");
    };
    runner.run(owner.get(), {}, work, [](const Result<int>&) { ADD_FAILURE() << "the owner is gone"; });
    owner.reset();
    EXPECT_FALSE(runner.busy());
    bool after = false;
    runner.run(
        &runner, {}, [](JobContext&) -> Result<int> { return 2; }, [&](const Result<int>&) { after = true; });
    ASSERT_TRUE(test::waitFor([&] { return after; }));
}

TEST(Jobs, TellWhereTheyAreUnderTheirTitle)
{
    JobRunner runner;
    QString what;
    std::size_t last = 0;
    QObject::connect(&runner, &JobRunner::progressed, [&](const QString& title, std::size_t done, std::size_t) {
        what = title;
        last = done;
    });
    const auto work = [](JobContext& context) -> Result<int> {
        context.begin("own words", 1000);
        for (std::size_t i = 1; i <= 1000; ++i)
            context.update(i);
        return 0;
    };
    runner.run(&runner, "Counting", work, [](const Result<int>&) {});
    ASSERT_TRUE(test::waitFor([&] { return !runner.busy(); }));
    EXPECT_EQ(what, "Counting");
    EXPECT_EQ(last, 1000U);
}

} // namespace
} // namespace rnnscope::ui
