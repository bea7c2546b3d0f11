#include "core/base/threads.h"

#include <gtest/gtest.h>

#include <atomic>
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

TEST(ParallelFor, NothingToDo)
{
    bool called = false;
    parallelFor(0, 1, 2, [&](std::size_t, std::size_t) { called = true; });
    EXPECT_FALSE(called);
}

} // namespace
