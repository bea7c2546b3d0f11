#include "core/nn/emulator.h"
#include "core/nn/module.h"
#include "core/nn/torch_emulator.h"
#include "nn/golden.h"

#include <gtest/gtest.h>

namespace rnnscope {

namespace {

zoo::EmulatorConfig emulatorConfig(const nlohmann::json& golden)
{
    return {.hiddenSize = golden.at("hidden_size").get<int>(),
            .numLayers = golden.at("num_layers").get<int>(),
            .onlyConditionBos = golden.at("only_condition_bos").get<bool>()};
}

TEST(GoldenEmulator, OutputsAndStatesAreTheAuthors)
{
    const test::Golden golden("emulator.h5");
    const at::NoGradGuard frozen;
    for (const std::string& group : golden.children("/")) {
        SCOPED_TRACE(group);
        const nlohmann::json sizes = golden.json(group, "config");
        nn::Emulator emulator(emulatorConfig(sizes), sizes.at("rnn_embedding_size").get<int>(),
                              sizes.at("obs_dim").get<int>(), sizes.at("probing_output_dim").get<int>());
        const auto loaded = nn::loadState(emulator, golden.state(group + "/state"));
        ASSERT_TRUE(loaded) << loaded.error().message;
        const auto tensor = [&](const std::string& name) { return golden.tensor(group + "/" + name); };
        std::optional<nn::Emulator::State> state;
        const auto compare = [&](const std::string& prefix) {
            const torch::Tensor outputs = emulator.forward(tensor("embedding"), tensor(prefix + "inputs"), &state);
            EXPECT_LE(test::largestDifference(outputs, tensor(prefix + "outputs")), 1e-5);
            EXPECT_LE(test::largestDifference(std::get<0>(*state), tensor(prefix + "h_n")), 1e-5);
            EXPECT_LE(test::largestDifference(std::get<1>(*state), tensor(prefix + "c_n")), 1e-5);
        };
        compare("");
        compare("continued_");
    }
}

TEST(Emulator, TakesASequenceOfOneStep)
{
    nn::Emulator emulator({.hiddenSize = 5, .numLayers = 1, .onlyConditionBos = true}, 3, 4, 2);
    EXPECT_EQ(emulator.forward(at::zeros({7, 3}), at::zeros({7, 1, 4})).sizes(), at::IntArrayRef({7, 1, 2}));
}

zoo::Checkpoint checkpointOf(const test::Golden& golden, const std::string& group)
{
    const nlohmann::json sizes = golden.json(group, "config");
    zoo::Checkpoint checkpoint;
    checkpoint.config.embeddingSize = sizes.at("rnn_embedding_size").get<int>();
    checkpoint.config.rnn.inputSize = sizes.at("obs_dim").get<int>();
    checkpoint.config.rnn.outputSize = sizes.at("probing_output_dim").get<int>();
    checkpoint.emulatorConfig = emulatorConfig(sizes);
    checkpoint.emulator = golden.state(group + "/state");
    return checkpoint;
}

/// One network of the golden, a step at a time, twice over.
TEST(TorchEmulator, AnswersStepByStepAsTheAuthorsDo)
{
    const test::Golden golden("emulator.h5");
    for (const std::string& group : golden.children("/")) {
        SCOPED_TRACE(group);
        auto emulator = nn::TorchEmulator::make(checkpointOf(golden, group), c10::Device(c10::kCPU));
        ASSERT_TRUE(emulator) << emulator.error().message;
        const auto tensor
            = [&](const std::string& name) { return golden.tensor(group + "/" + name).select(0, 1).contiguous(); };
        const auto embedding = tensor("embedding");
        const auto inputs = tensor("inputs");
        const auto expected = tensor("outputs");
        const auto size
            = [](const at::Tensor& values, int axis) { return static_cast<std::size_t>(values.size(axis)); };
        for (int round = 0; round < 2; ++round) {
            ASSERT_TRUE((*emulator)->begin({embedding.data_ptr<float>(), size(embedding, 0)}, 3));
            for (std::int64_t t = 0; t < inputs.size(0); ++t) {
                const auto given = inputs[t].repeat({3, 1}).contiguous();
                std::vector<float> logits(3 * size(expected, 1));
                const std::span<const float> values(given.data_ptr<float>(), 3 * size(inputs, 1));
                ASSERT_TRUE((*emulator)->step(values, logits));
                for (std::size_t i = 0; i < logits.size(); ++i)
                    EXPECT_NEAR(logits[i], expected[t].data_ptr<float>()[i % size(expected, 1)], 1e-5)
                        << "step " << t << ", entry " << i;
            }
        }
    }
}

TEST(TorchEmulator, RefusesWhatDoesNotFit)
{
    const test::Golden golden("emulator.h5");
    auto checkpoint = checkpointOf(golden, golden.children("/").front());
    const c10::Device cpu(c10::kCPU);
    {
        auto emulator = nn::TorchEmulator::make(checkpoint, cpu).value();
        std::vector<float> logits(emulator->outputSize());
        std::vector<float> inputs(emulator->inputSize());
        EXPECT_FALSE(emulator->step(inputs, logits)) << "not begun";
        EXPECT_FALSE(emulator->begin(std::vector<float>(3), 1));
        ASSERT_TRUE(
            emulator->begin(std::vector<float>(static_cast<std::size_t>(checkpoint.config.embeddingSize), 0.1F), 2));
        EXPECT_FALSE(emulator->step(inputs, logits)) << "one sequence of two";
    }
    checkpoint.config.rnn.inputSize += 1;
    EXPECT_FALSE(nn::TorchEmulator::make(checkpoint, cpu));
    checkpoint.emulator.clear();
    const auto none = nn::TorchEmulator::make(checkpoint, cpu);
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, Errc::NotFound);
}

} // namespace

} // namespace rnnscope
