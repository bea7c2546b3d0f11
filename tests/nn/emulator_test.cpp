#include "core/nn/emulator.h"
#include "core/nn/module.h"
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

} // namespace

} // namespace rnnscope
