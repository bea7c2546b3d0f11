#include "core/nn/emulation_objective.h"
#include "core/nn/training_step.h"
#include "nn/golden.h"

#include <gtest/gtest.h>

namespace rnnscope {

namespace {

/// Five optimiser steps of the emulation objective on one batch, computed by the authors' training script.
class TrainingStepFile : public testing::TestWithParam<std::string>
{
protected:
    void SetUp() override
    {
        const nlohmann::json config = golden.json("/", "config");
        options = config.at("training_args");
        rnn = golden.architecture("/");
        encoderConfig = test::trainingStepConfig(config, rnn);
        encoder = nn::makeEncoderModule(encoderConfig, {.transformerDropout = 0.0}).value();
        const zoo::EmulatorConfig emulatorConfig {.hiddenSize = options.at("emulator_hidden_size").get<int>(),
                                                  .numLayers = options.at("emulator_num_layers").get<int>(),
                                                  .onlyConditionBos
                                                  = options.at("emulator_only_condition_bos").get<int>() != 0};
        emulator = std::make_shared<nn::Emulator>(emulatorConfig, encoderConfig.embeddingSize, rnn.inputSize,
                                                  rnn.outputSize);
        ASSERT_TRUE(nn::loadState(*encoder, golden.state("initial/encoder_state")));
        ASSERT_TRUE(nn::loadState(*emulator, golden.state("initial/emulator_state")));
        const auto criterion = nn::criterionFromName(options.at("criterion").get<std::string>()).value();
        objective = std::make_shared<nn::EmulationObjective>(encoderConfig, encoder, emulator, criterion);
    }

    nn::TrainingBatch batch() const
    {
        nn::TrainingBatch stored;
        stored.parameters = golden.tensor("batch/parameters");
        for (std::size_t row = 0; row < static_cast<std::size_t>(stored.parameters.size(0)); ++row)
            stored.examples.push_back({row, 0});
        stored.logits = golden.tensor("batch/logits").flatten(0, 1);
        const torch::Tensor sequences = golden.tensor("batch/sequences").flatten(0, 1);
        stored.inputs = sequences;
        if (sequences.dim() == 2) // tokens
            stored.inputs = at::one_hot(sequences.narrow(1, 0, sequences.size(1) - 1), rnn.inputSize).to(at::kFloat);
        return stored;
    }

    nn::TrainingStep step() const
    {
        return {objective,
                {.weightDecay = options.at("weight_decay").get<double>(),
                 .gradientClip = options.at("gradient_clipping").get<double>()}};
    }

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

    /// The first step moves every entry by about the learning rate times the sign of its gradient, so entries whose
    /// gradient is nearly zero are left out there.
    void expectParameters(const torch::nn::Module& module, const std::string& part, const std::string& after,
                          double tolerance) const
    {
        for (const auto& item : module.named_parameters()) {
            const torch::Tensor expected = golden.tensor(after + "/" + part + "_state/" + item.key());
            torch::Tensor difference = (item.value().detach() - expected).abs();
            const std::string gradient = "first_gradients/" + part + "/" + item.key();
            if (after == "after_1" && golden.has(gradient))
                difference = at::where(golden.tensor(gradient).abs() > 1e-6, difference, 0.0F);
            EXPECT_LE(difference.max().item<double>(), tolerance) << after << " " << item.key();
        }
    }

    test::Golden golden {GetParam() + ".h5"};
    nlohmann::json options;
    zoo::Architecture rnn;
    zoo::EncoderConfig encoderConfig;
    std::shared_ptr<nn::EncoderModule> encoder;
    std::shared_ptr<nn::Emulator> emulator;
    std::shared_ptr<nn::EmulationObjective> objective;
};

TEST_P(TrainingStepFile, FirstLossesAndGradientsAreTheAuthors)
{
    const torch::Tensor losses = objective->losses(batch());
    EXPECT_LE(test::largestDifference(losses.detach(), golden.tensor("first_losses")), 1e-5);
    losses.mean().backward();
    expectGradients(*encoder, "first_gradients/encoder");
    expectGradients(*emulator, "first_gradients/emulator");
}

TEST_P(TrainingStepFile, FiveStepsAreTheAuthors)
{
    nn::TrainingStep training = step();
    const nn::TrainingBatch stored = batch();
    const torch::Tensor losses = golden.tensor("loss_per_step");
    const torch::Tensor emulatorNorms = golden.tensor("emulator_gradient_norm");
    const torch::Tensor encoderNorms = golden.tensor("encoder_gradient_norm");
    NoProgress progress;
    for (std::int64_t i = 0; i < losses.size(0); ++i) {
        const auto made = training.make(stored, options.at("learning_rate").get<double>(), 1, progress);
        ASSERT_TRUE(made) << made.error().message;
        EXPECT_NEAR(made->loss, losses[i].item<double>(), 1e-5) << "step " << i + 1;
        ASSERT_EQ(made->gradientNorms.size(), 2U);
        const double emulatorNorm = emulatorNorms[i].item<double>();
        const double encoderNorm = encoderNorms[i].item<double>();
        EXPECT_NEAR(made->gradientNorms[0], emulatorNorm, 1e-3 * emulatorNorm) << "step " << i + 1;
        EXPECT_NEAR(made->gradientNorms[1], encoderNorm, 1e-3 * encoderNorm) << "step " << i + 1;
        if (i == 0) {
            expectParameters(*encoder, "encoder", "after_1", 1e-6);
            expectParameters(*emulator, "emulator", "after_1", 1e-6);
        }
    }
    expectParameters(*encoder, "encoder", "after_5", 1e-4);
    expectParameters(*emulator, "emulator", "after_5", 1e-4);
}

INSTANTIATE_TEST_SUITE_P(Golden, TrainingStepFile, testing::ValuesIn(test::goldenFiles("training_steps")),
                         [](const auto& tested) { return test::testName(tested.param); });

} // namespace

} // namespace rnnscope
