#include "core/nn/training_step.h"
#include "nn/training_run_case.h"

#include <ATen/TensorOperators.h>
#include <torch/nn/modules/linear.h>

#include <cmath>
#include <gmock/gmock.h>
#include <stdexcept>

namespace {

using namespace rnnscope;
using test::advanceTo;
using test::Notes;
using test::smallOptions;
using test::SyntheticZoo;
using testing::HasSubstr;

/// Recordings of which one network's are not numbers.
class SpoiltRollouts final : public zoo::RolloutSource
{
public:
    SpoiltRollouts(std::shared_ptr<const zoo::RolloutSource> source, std::size_t row)
        : m_source(std::move(source))
        , m_row(row)
    {
    }
    zoo::RolloutShape shape() const override { return m_source->shape(); }
    Result<void> readInputs(std::size_t row, std::size_t first, std::size_t count, std::span<float> out) const override
    {
        return m_source->readInputs(row, first, count, out);
    }
    Result<void> readLogits(std::size_t row, std::size_t first, std::size_t count, std::span<float> out) const override
    {
        auto read = m_source->readLogits(row, first, count, out);
        if (row == m_row)
            out[1] = NAN;
        return read;
    }

private:
    std::shared_ptr<const zoo::RolloutSource> m_source;
    std::size_t m_row;
};

TEST(TrainingFailure, NamesStepAndNetworkAndKeepsTheBestBefore)
{
    const SyntheticZoo synthetic(20);
    Notes notes;
    auto options = smallOptions(*synthetic.zoo);
    options.batch = 2;
    options.evaluateEvery = 1;
    const auto splits = test::train(synthetic.zoo, options, notes).value().referenceSplits;
    const auto training = std::find(splits.begin(), splits.end(), zoo::Split::Training);
    const auto row = static_cast<std::size_t>(training - splits.begin());
    synthetic.zoo->rollouts = std::make_shared<SpoiltRollouts>(synthetic.zoo->rollouts, row);
    options.seed = 3; // whose first batch is without that network
    auto run = test::start(synthetic.zoo, options, notes).value();
    const auto failed = advanceTo(*run, options.steps, notes);
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, Errc::BadValue);
    EXPECT_THAT(failed.error().message, HasSubstr(fmt::format("at step {} ", run->step() + 1)));
    EXPECT_THAT(failed.error().message, HasSubstr(fmt::format("recorded logits of network {}", row)));
    EXPECT_TRUE(run->done());
    ASSERT_GT(run->step(), 0U);
    const zoo::Checkpoint kept = run->snapshot();
    EXPECT_EQ(kept.training->step.size(), run->step());
    for (const auto& [name, tensor] : kept.encoder)
        for (const float value : tensor.values)
            ASSERT_TRUE(std::isfinite(value)) << name;
}

TEST(TrainingFailure, AnExplodingRunNamesWhatHasExploded)
{
    const SyntheticZoo synthetic(20);
    Notes notes;
    auto options = smallOptions(*synthetic.zoo);
    options.learningRate = 1e30;
    options.finalLearningRate = 1e30;
    auto run = test::start(synthetic.zoo, options, notes).value();
    const auto failed = advanceTo(*run, options.steps, notes);
    ASSERT_FALSE(failed);
    EXPECT_THAT(failed.error().message, HasSubstr("not finite"));
    EXPECT_THAT(
        failed.error().message,
        testing::AnyOf(HasSubstr("encoder"), HasSubstr("emulator"), HasSubstr("embedding"), HasSubstr("emulated")));
}

/// A linear map of two numbers a network; pretends to run out of memory with more than `most` at once.
class NarrowObjective final : public nn::Objective
{
public:
    explicit NarrowObjective(std::int64_t most)
        : Objective({{"map", std::make_shared<torch::nn::LinearImpl>(2, 1)}})
        , m_most(most)
    {
        const at::NoGradGuard untracked;
        for (at::Tensor& parameter : parts()[0].module->parameters())
            parameter.fill_(0.5);
    }
    nn::Reads reads() const override { return nn::Reads::Networks; }
    at::Tensor losses(const nn::TrainingBatch& batch) override
    {
        if (batch.size() > m_most)
            throw std::runtime_error("CUDA out of memory");
        auto& map = dynamic_cast<torch::nn::LinearImpl&>(*parts()[0].module);
        return map.forward(batch.parameters).square().squeeze(1);
    }
    std::string whatIsNotFinite(const nn::TrainingBatch&) override { return badPart(); }

private:
    std::int64_t m_most;
};

nn::TrainingBatch tenNetworks()
{
    nn::TrainingBatch batch;
    batch.examples.resize(10);
    batch.parameters = at::arange(20, at::TensorOptions(at::kFloat)).reshape({10, 2}) / 10.0;
    return batch;
}

TEST(TrainingFailure, SmallerPiecesGiveTheGradientOfTheWholeBatch)
{
    Notes notes;
    nn::TrainingStep whole(std::make_shared<NarrowObjective>(100), {});
    nn::TrainingStep pieces(std::make_shared<NarrowObjective>(1), {});
    const auto one = whole.make(tenNetworks(), 0.1, 1, notes);
    EXPECT_EQ(notes.all, "");
    const auto other = pieces.make(tenNetworks(), 0.1, 1, notes);
    ASSERT_TRUE(one && other);
    EXPECT_THAT(notes.all, HasSubstr("out of memory with 10 networks at once, going on with 5"));
    EXPECT_NEAR(one->loss, other->loss, 1e-6);
    EXPECT_NEAR(one->gradientNorms[0], other->gradientNorms[0], 1e-5);
    const auto a = whole.optimizer().parameters();
    const auto b = pieces.optimizer().parameters();
    for (std::size_t i = 0; i < a.size(); ++i)
        EXPECT_LE((a[i] - b[i]).abs().max().item<double>(), 1e-6);
    EXPECT_NEAR(pieces.lossSum(tenNetworks()), whole.lossSum(tenNetworks()), 1e-4);
}

TEST(TrainingFailure, ASingleNetworkThatDoesNotFitIsTheEnd)
{
    Notes notes;
    nn::TrainingStep step(std::make_shared<NarrowObjective>(0), {});
    EXPECT_THROW(step.make(tenNetworks(), 0.1, 1, notes), std::runtime_error);
}

} // namespace
