#include "core/zoo/cached_zoo.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace {

using namespace rnnscope;

/// Value i of a row is row + i / 8, or a number that float16 cannot hold.
class CountingParameters final : public zoo::ParameterSource
{
public:
    Result<void> read(std::size_t first, std::size_t count, std::span<float> out) const override
    {
        if (first + count > 4)
            return fail(Errc::BadValue, "there are 4 networks");
        ++reads;
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i] = static_cast<float>(first + i / (out.size() / count)) + static_cast<float>(i % 7) / 8.0F;
        if (first == 2)
            out[0] = 0.1F;
        return {};
    }
    bool isHalf() const override { return true; }
    mutable std::size_t reads = 0;
};

class CountingRollouts final : public zoo::RolloutSource
{
public:
    zoo::RolloutShape shape() const override { return {3, 5, 0, 4, 6}; }
    Result<void> readInputs(std::size_t row, std::size_t first, std::size_t count, std::span<float> out) const override
    {
        return fill(row, first, count, out);
    }
    Result<void> readLogits(std::size_t row, std::size_t first, std::size_t count, std::span<float> out) const override
    {
        return fill(row, first, count, out);
    }
    mutable std::size_t reads = 0;

private:
    Result<void> fill(std::size_t row, std::size_t first, std::size_t count, std::span<float> out) const
    {
        if (first + count > 3)
            return fail(Errc::BadValue, "there are 3 sequences");
        ++reads;
        const std::size_t size = out.size() / count;
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i] = static_cast<float>(100 * row + 10 * (first + i / size) + i % size);
        return {};
    }
};

class CachedZoo : public testing::Test
{
protected:
    CachedZoo()
    {
        zoo->architecture = {zoo::Cell::Lstm, 6, 2, 1, 6};
        zoo->size = 4;
        zoo->parameters = parameters;
        zoo->rollouts = rollouts;
    }

    static std::vector<float> rows(const zoo::Zoo& from, std::size_t first, std::size_t count)
    {
        std::vector<float> values(count * from.architecture.parameterCount());
        EXPECT_TRUE(from.parameters->read(first, count, values));
        return values;
    }
    static std::vector<float> logits(const zoo::Zoo& from, std::size_t row, std::size_t first, std::size_t count)
    {
        std::vector<float> values(count * from.rollouts->shape().logitValues());
        EXPECT_TRUE(from.rollouts->readLogits(row, first, count, values));
        return values;
    }
    static std::vector<float> inputs(const zoo::Zoo& from, std::size_t row, std::size_t first, std::size_t count)
    {
        std::vector<float> values(count * from.rollouts->shape().inputValues());
        EXPECT_TRUE(from.rollouts->readInputs(row, first, count, values));
        return values;
    }

    std::shared_ptr<CountingParameters> parameters = std::make_shared<CountingParameters>();
    std::shared_ptr<CountingRollouts> rollouts = std::make_shared<CountingRollouts>();
    std::shared_ptr<zoo::Zoo> zoo = std::make_shared<zoo::Zoo>();
};

TEST_F(CachedZoo, GivesWhatTheZooGivesAndReadsItOnce)
{
    const auto cached = zoo::cachedZoo(zoo, 1 << 20);
    for (int round = 0; round < 2; ++round) {
        for (std::size_t row = 0; row < 4; ++row)
            EXPECT_EQ(rows(*cached, row, 1), rows(*zoo, row, 1)) << row;
        EXPECT_EQ(logits(*cached, 2, 1, 2), logits(*zoo, 2, 1, 2));
        EXPECT_EQ(inputs(*cached, 2, 1, 1), inputs(*zoo, 2, 1, 1));
        EXPECT_EQ(inputs(*cached, 2, 0, 3), inputs(*zoo, 2, 0, 3));
        if (round == 0) {
            parameters->reads = 0;
            rollouts->reads = 0;
        }
    }
    EXPECT_EQ(parameters->reads, 4U) << "only the zoo itself was read again";
    EXPECT_EQ(rollouts->reads, 3U);
    const std::vector<float> several = rows(*cached, 1, 3);
    const std::vector<float> last = rows(*zoo, 3, 1);
    EXPECT_TRUE(std::equal(last.begin(), last.end(), several.end() - static_cast<std::ptrdiff_t>(last.size())));
}

TEST_F(CachedZoo, ReadsAnewWhatDoesNotFit)
{
    const auto cached = zoo::cachedZoo(zoo, 10);
    for (int round = 0; round < 2; ++round) {
        EXPECT_EQ(rows(*cached, 1, 1), rows(*zoo, 1, 1));
        EXPECT_EQ(logits(*cached, 1, 2, 1), logits(*zoo, 1, 2, 1));
    }
    EXPECT_EQ(parameters->reads, 4U);
    EXPECT_EQ(rollouts->reads, 4U);
}

TEST_F(CachedZoo, PassesOnWhatTheZooRefuses)
{
    const auto cached = zoo::cachedZoo(zoo, 1 << 20);
    std::vector<float> values(zoo->architecture.parameterCount());
    EXPECT_FALSE(cached->parameters->read(4, 1, values));
    values.resize(cached->rollouts->shape().logitValues());
    EXPECT_FALSE(cached->rollouts->readLogits(0, 3, 1, values));
    EXPECT_EQ(cached->rollouts->shape().sequences, 3U);
    EXPECT_TRUE(cached->parameters->isHalf());
    zoo->rollouts = nullptr;
    EXPECT_EQ(zoo::cachedZoo(zoo, 1)->rollouts, nullptr);
}

} // namespace
