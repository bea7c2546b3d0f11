#include "core/base/threads.h"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

namespace {

using namespace rnnscope;

class ParallelFor : public testing::TestWithParam<int>
{
};

TEST_P(ParallelFor, VisitsEveryIndexOnce)
{
    std::vector<std::atomic<int>> visits(1001);
    parallelFor(visits.size(), 7, GetParam(), [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i)
            ++visits[i];
    });
    for (const auto& count : visits)
        EXPECT_EQ(count.load(), 1);
}

INSTANTIATE_TEST_SUITE_P(Threads, ParallelFor, testing::Values(1, 2, 5));

TEST_P(ParallelFor, OfATeamVisitsEveryIndexOnceTimeAndAgain)
{
    constexpr int kRounds = 300;
    ThreadTeam team(GetParam());
    EXPECT_EQ(team.size(), static_cast<std::size_t>(GetParam()));
    std::vector<std::atomic<int>> visits(101);
    for (int round = 1; round <= kRounds; ++round) {
        team.parallelFor(visits.size(), 7, [&](std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i)
                ++visits[i];
        });
        for (const auto& count : visits)
            ASSERT_EQ(count.load(), round); // nobody is still at it
    }
}

TEST(ThreadTeam, WorksOnThreadsOfItsOwn)
{
    ThreadTeam team(3);
    std::set<std::thread::id> seen;
    std::mutex mutex;
    std::atomic<int> there = 0;
    for (int round = 0; round < 2; ++round) {
        there = 0;
        team.parallelFor(3, 1, [&](std::size_t, std::size_t) {
            const std::lock_guard lock(mutex);
            seen.insert(std::this_thread::get_id());
            ++there;
        });
        EXPECT_EQ(there.load(), 3);
    }
    EXPECT_LE(seen.size(), 3U);
    EXPECT_TRUE(seen.contains(std::this_thread::get_id()) || seen.size() == 2);
}

TEST(ParallelFor, NothingToDo)
{
    bool called = false;
    parallelFor(0, 1, 2, [&](std::size_t, std::size_t) { called = true; });
    EXPECT_FALSE(called);
}

} // namespace
