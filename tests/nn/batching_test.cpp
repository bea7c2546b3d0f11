#include "core/nn/batching.h"

#include <gmock/gmock.h>
#include <new>
#include <stdexcept>
#include <utility>
#include <vector>

namespace {

using namespace rnnscope;
using testing::ElementsAre;
using testing::SizeIs;

class TrainingNotes final : public Progress
{
public:
    void begin(std::string_view, std::size_t) override { }
    void update(std::size_t) override { }
    void note(std::string_view message) override { all.emplace_back(message); }
    std::vector<std::string> all;
};

class RunInBatches : public testing::Test
{
protected:
    /// A device that holds at most `room` networks.
    auto attempt()
    {
        return [this](std::size_t first, std::size_t count) -> Result<void> {
            if (count > room)
                throw std::bad_alloc();
            done.emplace_back(first, count);
            return {};
        };
    }

    std::size_t room = 100;
    std::vector<std::pair<std::size_t, std::size_t>> done;
    TrainingNotes notes;
};

TEST_F(RunInBatches, CoversEveryNetworkOnce)
{
    ASSERT_TRUE(nn::runInBatches(3, 10, 3, notes, attempt(), [] { return false; }));
    EXPECT_THAT(done, ElementsAre(std::pair(3, 3), std::pair(6, 3), std::pair(9, 1)));
    EXPECT_THAT(notes.all, SizeIs(0));
}

TEST_F(RunInBatches, HalvesTheBatchWhenMemoryRunsOutAndSaysSo)
{
    room = 3;
    ASSERT_TRUE(nn::runInBatches(0, 8, 8, notes, attempt(), [] { return false; }));
    EXPECT_THAT(done, ElementsAre(std::pair(0, 2), std::pair(2, 2), std::pair(4, 2), std::pair(6, 2)));
    EXPECT_THAT(notes.all, SizeIs(2));
}

TEST_F(RunInBatches, GoesToTheCpuWhenOneNetworkDoesNotFit)
{
    room = 0;
    const auto toCpu = [this] {
        room = 100;
        return true;
    };
    ASSERT_TRUE(nn::runInBatches(0, 4, 4, notes, attempt(), toCpu));
    EXPECT_THAT(done, ElementsAre(std::pair(0, 4)));
    EXPECT_THAT(notes.all.back(), testing::HasSubstr("CPU"));
}

TEST_F(RunInBatches, FailsWhenNothingIsLeftToTry)
{
    room = 0;
    const auto result = nn::runInBatches(0, 4, 4, notes, attempt(), [] { return false; });
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Errc::Device);
}

TEST_F(RunInBatches, FailsWhenThereIsNoMemoryToGoToTheCpu)
{
    room = 0;
    const auto result = nn::runInBatches(0, 3, 2, notes, attempt(), []() -> bool { throw std::bad_alloc(); });
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Errc::Device);
}

TEST_F(RunInBatches, OtherExceptionsAreNotTakenForMemory)
{
    const auto broken = [](std::size_t, std::size_t) -> Result<void> { throw std::runtime_error("size mismatch"); };
    const auto result = nn::runInBatches(0, 4, 4, notes, broken, [] { return true; });
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Errc::BadValue);
    EXPECT_THAT(result.error().message, testing::HasSubstr("size mismatch"));
}

class InSlices : public testing::Test
{
protected:
    /// On a device that holds at most `room` networks.
    void run(std::size_t total)
    {
        nn::inSlices(total, slice, [this](std::size_t first, std::size_t count) {
            if (count > room)
                throw std::bad_alloc();
            done.emplace_back(first, count);
        });
    }

    std::size_t room = 100;
    std::size_t slice = 8;
    std::vector<std::pair<std::size_t, std::size_t>> done;
};

TEST_F(InSlices, CoverEverythingOnce)
{
    slice = 3;
    run(7);
    EXPECT_THAT(done, ElementsAre(std::pair(0, 3), std::pair(3, 3), std::pair(6, 1)));
}

TEST_F(InSlices, StayHalvedAfterMemoryRanOut)
{
    room = 3;
    run(5);
    EXPECT_EQ(slice, 3U);
    EXPECT_THAT(done, ElementsAre(std::pair(0, 3), std::pair(3, 2)));
}

TEST_F(InSlices, PassOnThatOneAloneDoesNotFit)
{
    room = 0;
    EXPECT_THROW(run(8), std::bad_alloc);
    EXPECT_THAT(done, SizeIs(0));
}

TEST_F(InSlices, PassOnOtherFailuresAtOnce)
{
    const auto broken = [](std::size_t, std::size_t) { throw std::runtime_error("broken"); };
    EXPECT_THROW(nn::inSlices(8, slice, broken), std::runtime_error);
    EXPECT_EQ(slice, 8U);
}

} // namespace
