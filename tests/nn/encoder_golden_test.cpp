#include "core/nn/module.h"
#include "nn/golden.h"

#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace rnnscope {

namespace {

std::vector<std::string> encoderFiles()
{
    std::vector<std::string> files = test::goldenFiles("encoders_tiny");
    for (const std::string& file : test::goldenFiles("encoders_full"))
        files.push_back(file);
    return files;
}

/// Files computed by the authors' implementation; shared/reference/README.md.
class EncoderFile : public testing::TestWithParam<std::string>
{
protected:
    void SetUp() override
    {
        config = test::encoderConfig(golden.json("/", "config"));
        auto made = nn::makeEncoderModule(config);
        ASSERT_TRUE(made) << made.error().message;
        module = *made;
        const auto loaded = nn::loadState(*module, golden.state("encoder_state"));
        ASSERT_TRUE(loaded) << loaded.error().message;
        module->eval();
        parameters = golden.tensor("parameters");
    }

    test::Golden golden {GetParam() + ".h5"};
    zoo::EncoderConfig config;
    std::shared_ptr<nn::EncoderModule> module;
    torch::Tensor parameters;
};

TEST_P(EncoderFile, EmbeddingIsTheAuthors)
{
    const at::NoGradGuard frozen;
    const torch::Tensor raw = module->forward(parameters, config.rnn);
    const torch::Tensor expected = golden.tensor("embedding_raw");
    const double scale = std::max(1.0, expected.abs().max().item<double>());
    EXPECT_LE(test::largestDifference(raw, expected), 1e-5 * scale);
    EXPECT_LE(test::largestDifference(nn::normalized(raw), golden.tensor("embedding")), 1e-5);
}

TEST_P(EncoderFile, EmbeddingIsTheSameWithGradients)
{
    const torch::Tensor raw = module->forward(parameters, config.rnn).detach();
    EXPECT_LE(test::largestDifference(nn::normalized(raw), golden.tensor("embedding")), 1e-5);
}

TEST_P(EncoderFile, ProbesAndAnswersAreTheAuthors)
{
    const at::NoGradGuard frozen;
    nn::ProbingTrace trace;
    module->forward(parameters, config.rnn, &trace);
    ASSERT_EQ(trace.inputs.defined(), golden.has("probing_inputs"));
    if (!trace.inputs.defined())
        return;
    EXPECT_LE(test::largestDifference(trace.inputs, golden.tensor("probing_inputs")), 1e-4);
    torch::Tensor answers = golden.tensor("probing_outputs");
    if (answers.dim() == 3) // one parallel sequence: stored without its axis
        answers = answers.unsqueeze(2);
    EXPECT_LE(test::largestDifference(trace.outputs, answers), 1e-4);
}

TEST_P(EncoderFile, StateIsSavedAsItWasLoaded)
{
    const zoo::State expected = golden.state("encoder_state");
    const zoo::State saved = nn::saveState(*module);
    ASSERT_EQ(saved.size(), expected.size());
    for (const auto& [name, tensor] : expected) {
        ASSERT_TRUE(saved.contains(name)) << name;
        EXPECT_EQ(saved.at(name).shape, tensor.shape) << name;
        EXPECT_EQ(saved.at(name).values, tensor.values) << name;
    }
}

INSTANTIATE_TEST_SUITE_P(Golden, EncoderFile, testing::ValuesIn(encoderFiles()),
                         [](const auto& tested) { return test::testName(tested.param); });

} // namespace

} // namespace rnnscope
