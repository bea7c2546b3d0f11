#include "nn/training_run_case.h"

#include <ATen/Parallel.h>

#include <filesystem>
#include <gmock/gmock.h>

namespace {

using namespace rnnscope;
using test::advanceTo;
using test::Notes;
using test::smallOptions;
using test::SyntheticZoo;
using testing::HasSubstr;

/// One thread for the products of this process, as `--threads 1`.
class OneThread
{
public:
    OneThread() { at::set_num_threads(1); }
    ~OneThread() { at::set_num_threads(m_before); }
    OneThread(const OneThread&) = delete;
    OneThread& operator=(const OneThread&) = delete;

private:
    int m_before = at::get_num_threads();
};

struct ResumeCase
{
    std::string name;
    zoo::EncoderKind kind;
    double dropout = 0.0;
    bool permute = false;
};

class Resume : public testing::TestWithParam<ResumeCase>
{
protected:
    void SetUp() override
    {
        options = smallOptions(*synthetic.zoo, GetParam().kind);
        options.config.dropout = GetParam().dropout;
        options.permutationAugmentation = GetParam().permute;
        options.steps = 14;
        options.evaluateEvery = 4;
        options.constantSteps = 3;
        file = std::filesystem::path(testing::TempDir()) / ("resume_" + GetParam().name + ".h5");
    }
    void TearDown() override { std::filesystem::remove(file); }

    zoo::Checkpoint finished(engine::TrainingRun& run)
    {
        const auto done = advanceTo(run, options.steps, notes);
        EXPECT_TRUE(done) << done.error().message;
        auto checkpoint = run.finish(notes, {});
        EXPECT_TRUE(checkpoint) << checkpoint.error().message;
        return *checkpoint;
    }

    static void expectSame(const zoo::State& one, const zoo::State& other)
    {
        ASSERT_EQ(one.size(), other.size());
        for (const auto& [name, tensor] : one)
            EXPECT_EQ(tensor.values, other.at(name).values) << name;
    }

    const OneThread oneThread;
    const SyntheticZoo synthetic {20};
    engine::TrainOptions options;
    Notes notes;
    std::filesystem::path file;
};

TEST_P(Resume, GoesOnToTheBitsOfAnUnbrokenRun)
{
    const zoo::Checkpoint unbroken = finished(*test::start(synthetic.zoo, options, notes).value());
    for (const std::size_t stop : {0U, 3U, 4U, 9U, 14U}) { // before, between and at evaluations, and at the end
        auto first = test::start(synthetic.zoo, options, notes).value();
        ASSERT_TRUE(advanceTo(*first, stop, notes));
        ASSERT_TRUE(zoo::writeCheckpoint(first->snapshot(), file));
        const auto unfinished = zoo::openCheckpoint(file);
        ASSERT_TRUE(unfinished) << unfinished.error().message;
        auto second = test::start(synthetic.zoo, options, notes, unfinished->get());
        ASSERT_TRUE(second) << second.error().message;
        EXPECT_EQ((*second)->step(), stop);
        const zoo::Checkpoint resumed = finished(**second);
        expectSame(resumed.encoder, unbroken.encoder);
        expectSame(resumed.emulator, unbroken.emulator);
        EXPECT_EQ(resumed.training->trainLoss, unbroken.training->trainLoss);
        EXPECT_EQ(resumed.training->validationLoss, unbroken.training->validationLoss);
        EXPECT_EQ(resumed.training->oodLoss, unbroken.training->oodLoss);
        EXPECT_EQ(resumed.referenceEmbedding.values, unbroken.referenceEmbedding.values);
        EXPECT_EQ(resumed.constant->ood, unbroken.constant->ood);
    }
}

INSTANTIATE_TEST_SUITE_P(Encoders, Resume,
                         testing::Values(ResumeCase {"interactive", zoo::EncoderKind::InteractiveProbing},
                                         ResumeCase {"interactive_dropout_permuted",
                                                     zoo::EncoderKind::InteractiveProbing, 0.2, true},
                                         ResumeCase {"flat_permuted", zoo::EncoderKind::Flat, 0.0, true},
                                         ResumeCase {"transformer", zoo::EncoderKind::ParameterTransformer, 0.0, true}),
                         [](const auto& tested) { return tested.param.name; });

TEST(ResumeRefusal, NamesWhatDiffers)
{
    const SyntheticZoo synthetic(20);
    Notes notes;
    const auto options = smallOptions(*synthetic.zoo);
    auto run = test::start(synthetic.zoo, options, notes).value();
    ASSERT_TRUE(advanceTo(*run, 2, notes));
    const zoo::Checkpoint unfinished = run->snapshot();
    const auto refusal = [&](const std::shared_ptr<const zoo::Zoo>& zoo, const engine::TrainOptions& other,
                             const zoo::Checkpoint& checkpoint) {
        const auto resumed = test::start(zoo, other, notes, &checkpoint);
        EXPECT_FALSE(resumed);
        return resumed ? std::string() : resumed.error().message;
    };
    auto other = options;
    other.steps = 61;
    other.emulator.hiddenSize = 17;
    EXPECT_THAT(refusal(synthetic.zoo, other, unfinished), HasSubstr("steps is 61 now and was 60"));
    EXPECT_THAT(refusal(synthetic.zoo, other, unfinished), HasSubstr("emulator hidden_size is 17 now and was 16"));
    const SyntheticZoo another(20, 8);
    EXPECT_THAT(refusal(another.zoo, options, unfinished), HasSubstr("another zoo"));
    zoo::Checkpoint damaged = unfinished;
    damaged.resume->moments.begin()->second.values.pop_back();
    EXPECT_THAT(refusal(synthetic.zoo, options, damaged), HasSubstr("another shape"));
    damaged = unfinished;
    damaged.resume->moments.erase(damaged.resume->moments.begin());
    EXPECT_THAT(refusal(synthetic.zoo, options, damaged), HasSubstr("only one moment"));
    damaged = unfinished;
    damaged.resume->encoder.erase(damaged.resume->encoder.begin());
    EXPECT_THAT(refusal(synthetic.zoo, options, damaged), HasSubstr("is missing"));
    damaged = unfinished;
    damaged.resume.reset();
    EXPECT_THAT(refusal(synthetic.zoo, options, damaged), HasSubstr("finished run"));
}

} // namespace
