#include "core/nn/staged_rows.h"

#include <ATen/ATen.h>

#include <cmath>
#include <gmock/gmock.h>

namespace rnnscope {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// Row i holds i everywhere; some rows cannot be read, others are not finite.
class CountedRows final : public zoo::ParameterSource
{
public:
    explicit CountedRows(std::size_t columns)
        : m_columns(columns)
    {
    }
    Result<void> read(std::size_t first, std::size_t count, std::span<float> out) const override
    {
        ++reads;
        for (std::size_t row = first; row < first + count; ++row) {
            if (row == unreadable)
                return fail(Errc::Io, "no such row");
            const float value = row == spoilt ? NAN : static_cast<float>(row);
            std::fill_n(out.begin() + static_cast<std::ptrdiff_t>((row - first) * m_columns), m_columns, value);
        }
        return {};
    }
    bool isHalf() const override { return false; }

    mutable int reads = 0;
    std::size_t unreadable = 1000;
    std::size_t spoilt = 1000;

private:
    std::size_t m_columns;
};

class Staged : public testing::Test
{
protected:
    Staged()
    {
        zoo.architecture = {.cell = zoo::Cell::Gru, .inputSize = 2, .hiddenSize = 2, .numLayers = 1, .outputSize = 2};
        zoo.size = 100;
        rows = std::make_shared<CountedRows>(zoo.architecture.parameterCount());
        zoo.parameters = rows;
    }

    /// First entries of the rows taken.
    static std::vector<float> firstOf(const nn::StagedRows::Rows& taken)
    {
        const at::Tensor column = taken.weights.select(1, 0).contiguous();
        return {column.data_ptr<float>(), column.data_ptr<float>() + column.numel()};
    }

    zoo::Zoo zoo;
    std::shared_ptr<CountedRows> rows;
    const c10::Device cpu {c10::kCPU};
};

TEST_F(Staged, GivesWhatWasReadAheadWithoutReadingAgain)
{
    nn::StagedRows staged(zoo, cpu);
    EXPECT_THAT(firstOf(*staged.take(0, 3)), ElementsAre(0, 1, 2));
    staged.readAhead(3, 3);
    EXPECT_EQ(rows->reads, 2);
    EXPECT_THAT(firstOf(*staged.take(3, 3)), ElementsAre(3, 4, 5));
    EXPECT_EQ(rows->reads, 2);
}

TEST_F(Staged, ReadingAheadLeavesTheRowsInUseAlone)
{
    nn::StagedRows staged(zoo, cpu);
    const auto used = staged.take(7, 2);
    staged.readAhead(9, 2);
    EXPECT_THAT(firstOf(*used), ElementsAre(7, 8));
}

TEST_F(Staged, ReadsOtherRowsThanThoseAheadWhenABatchWasHalved)
{
    nn::StagedRows staged(zoo, cpu);
    ASSERT_TRUE(staged.take(0, 4));
    staged.readAhead(4, 4);
    EXPECT_THAT(firstOf(*staged.take(0, 2)), ElementsAre(0, 1)); // the batch again, half of it
    EXPECT_THAT(firstOf(*staged.take(2, 2)), ElementsAre(2, 3));
    EXPECT_THAT(firstOf(*staged.take(4, 4)), ElementsAre(4, 5, 6, 7));
}

TEST_F(Staged, ReadsTheSameRowsAgainWhenTheyAreTakenTwice)
{
    nn::StagedRows staged(zoo, cpu);
    EXPECT_THAT(firstOf(*staged.take(5, 1)), ElementsAre(5));
    EXPECT_THAT(firstOf(*staged.take(5, 1)), ElementsAre(5));
}

TEST_F(Staged, ZeroesRowsThatAreNotFiniteAndNamesThem)
{
    rows->spoilt = 4;
    nn::StagedRows staged(zoo, cpu);
    staged.readAhead(3, 3);
    const auto taken = staged.take(3, 3);
    EXPECT_THAT(taken->bad, ElementsAre(1));
    EXPECT_THAT(firstOf(*taken), ElementsAre(3, 0, 5));
    EXPECT_THAT(staged.take(6, 1)->bad, IsEmpty());
}

TEST_F(Staged, TellsWhatCouldNotBeReadAheadOnlyToWhoTakesIt)
{
    rows->unreadable = 5;
    nn::StagedRows staged(zoo, cpu);
    staged.readAhead(4, 2);
    EXPECT_TRUE(staged.take(0, 2));
    const auto failed = staged.take(4, 2);
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().message, "no such row");
}

} // namespace

} // namespace rnnscope
