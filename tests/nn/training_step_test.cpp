#include "core/nn/emulator.h"
#include "core/nn/losses.h"
#include "core/nn/module.h"
#include "nn/golden.h"

#include <gtest/gtest.h>

namespace rnnscope {

namespace {

/// One batch of the emulation objective, computed by the authors' training script.
class TrainingStepFile : public testing::TestWithParam<std::string>
{
protected:
    void expectGradients(const torch::nn::Module& module, const std::string& group) const
    {
        for (const auto& item : module.named_parameters()) {
            const std::string name = group + "/" + item.key();
            ASSERT_EQ(item.value().grad().defined(), golden.has(name)) << name;
            if (!golden.has(name))
                continue;
            const torch::Tensor expected = golden.tensor(name);
            const double scale = std::max(1e-3, expected.abs().max().item<double>());
            EXPECT_LE(test::largestDifference(item.value().grad(), expected), 1e-4 * scale) << name;
        }
    }

    test::Golden golden {GetParam() + ".h5"};
};

torch::Tensor emulatorInputs(const torch::Tensor& sequences, std::int64_t symbols)
{
    if (sequences.dim() == 3) // tiles
        return sequences;
    return at::one_hot(sequences.narrow(1, 0, sequences.size(1) - 1), symbols).to(at::kFloat);
}

TEST_P(TrainingStepFile, FirstLossesAndGradientsAreTheAuthors)
{
    const nlohmann::json config = golden.json("/", "config");
    const nlohmann::json& options = config.at("training_args");
    const zoo::Architecture rnn = golden.architecture("/");
    const zoo::EncoderConfig encoderConfig = test::trainingStepConfig(config, rnn);
    const auto encoder = nn::makeEncoderModule(encoderConfig, {.transformerDropout = 0.0}).value();
    nn::Emulator emulator({.hiddenSize = options.at("emulator_hidden_size").get<int>(),
                           .numLayers = options.at("emulator_num_layers").get<int>(),
                           .onlyConditionBos = options.at("emulator_only_condition_bos").get<int>() != 0},
                          encoderConfig.embeddingSize, rnn.inputSize, rnn.outputSize);
    ASSERT_TRUE(nn::loadState(*encoder, golden.state("initial/encoder_state")));
    ASSERT_TRUE(nn::loadState(emulator, golden.state("initial/emulator_state")));
    const torch::Tensor embedding = nn::normalized(encoder->forward(golden.tensor("batch/parameters"), rnn));
    const torch::Tensor inputs = emulatorInputs(golden.tensor("batch/sequences").flatten(0, 1), rnn.inputSize);
    const torch::Tensor original = golden.tensor("batch/logits").flatten(0, 1);
    const auto criterion = nn::criterionFromName(options.at("criterion").get<std::string>()).value();
    const torch::Tensor losses = nn::losses(criterion, emulator.forward(embedding, inputs), original);
    EXPECT_LE(test::largestDifference(losses.detach(), golden.tensor("first_losses")), 1e-5);
    losses.mean().backward();
    expectGradients(*encoder, "first_gradients/encoder");
    expectGradients(emulator, "first_gradients/emulator");
}

INSTANTIATE_TEST_SUITE_P(Golden, TrainingStepFile, testing::ValuesIn(test::goldenFiles("training_steps")),
                         [](const auto& tested) { return test::testName(tested.param); });

} // namespace

} // namespace rnnscope
