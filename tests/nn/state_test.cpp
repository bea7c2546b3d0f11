#include "core/nn/module.h"
#include "core/nn/size.h"

#include <gtest/gtest.h>

namespace rnnscope {

namespace {

zoo::EncoderConfig smallConfig()
{
    zoo::EncoderConfig config
        = zoo::paperConfig(zoo::EncoderKind::Flat, {zoo::Cell::Lstm, 2, 3, 1, 2, true}, zoo::TaskFamily::Custom);
    config.mlpHiddenSizes = {4};
    config.embeddingSize = 5;
    return config;
}

class LoadState : public testing::Test
{
protected:
    void expectRefused(const std::string& tensor, const std::string& reason)
    {
        const zoo::State before = nn::saveState(*module);
        const auto loaded = nn::loadState(*module, state);
        ASSERT_FALSE(loaded);
        EXPECT_EQ(loaded.error().code, Errc::ShapeMismatch);
        EXPECT_NE(loaded.error().message.find(tensor), std::string::npos) << loaded.error().message;
        EXPECT_NE(loaded.error().message.find(reason), std::string::npos) << loaded.error().message;
        for (const auto& [name, values] : nn::saveState(*module))
            EXPECT_EQ(values.values, before.at(name).values) << name << " was changed";
    }

    std::shared_ptr<nn::EncoderModule> module = nn::makeEncoderModule(smallConfig()).value();
    zoo::State state = nn::saveState(*nn::makeEncoderModule(smallConfig()).value());
};

TEST_F(LoadState, NamesAMissingTensor)
{
    state.erase("mlp_model.2.bias");
    expectRefused("mlp_model.2.bias [5]", "missing");
}

TEST_F(LoadState, NamesAnUnknownTensor)
{
    state["mlp_model.4.weight"] = {{1, 2}, {0.0F, 0.0F}};
    expectRefused("mlp_model.4.weight [1, 2]", "unknown");
}

TEST_F(LoadState, NamesATensorOfAnotherShape)
{
    std::swap(state["mlp_model.2.weight"].shape[0], state["mlp_model.2.weight"].shape[1]);
    expectRefused("mlp_model.2.weight", "[4, 5], expected [5, 4]");
}

TEST_F(LoadState, NamesATensorWithTooFewNumbers)
{
    state["mlp_model.2.weight"].values.pop_back();
    expectRefused("mlp_model.2.weight", "19 numbers");
}

TEST_F(LoadState, CopiesEveryTensor)
{
    ASSERT_TRUE(nn::loadState(*module, state));
    for (const auto& [name, values] : nn::saveState(*module))
        EXPECT_EQ(values.values, state.at(name).values) << name;
}

TEST_F(LoadState, RefusesAnEnormousConfigBeforeItAllocates)
{
    for (const zoo::EncoderKind kind : zoo::allEncoderKinds()) {
        zoo::EncoderConfig config
            = zoo::paperConfig(kind, {zoo::Cell::Lstm, 16384, 4096, 8, 16384, true}, zoo::TaskFamily::Custom);
        config.mlpHiddenSizes.assign(64, 16384);
        config.channels.assign(64, 16384);
        config.modelSize = 16384;
        config.coreHiddenSize = 16384;
        const auto loaded = nn::loadEncoderModule(config, state);
        ASSERT_FALSE(loaded);
        EXPECT_EQ(loaded.error().code, Errc::ShapeMismatch);
        EXPECT_NE(loaded.error().message.find("asks for at least"), std::string::npos) << loaded.error().message;
    }
}

TEST(LeastWeights, IsNotMoreThanAnEncoderHas)
{
    for (const zoo::EncoderKind kind : zoo::allEncoderKinds())
        for (const bool bias : {true, false}) {
            const auto config = zoo::compactConfig(kind, {zoo::Cell::Gru, 4, 6, 2, 3, bias}, zoo::TaskFamily::Custom);
            std::size_t has = 0;
            for (const auto& [name, tensor] : nn::saveState(*nn::makeEncoderModule(config).value()))
                has += tensor.values.size();
            EXPECT_LE(nn::leastWeights(config), static_cast<double>(has)) << zoo::name(kind);
            EXPECT_GT(nn::leastWeights(config), 0.4 * static_cast<double>(has)) << zoo::name(kind);
        }
}

TEST(Normalized, RowsHaveUnitLength)
{
    const torch::Tensor raw = at::randn({5, 16}) * 1e-6;
    const torch::Tensor length = nn::normalized(raw).norm(2, {-1});
    EXPECT_LE((length - 1.0).abs().max().item<double>(), 1e-6);
}

TEST(MakeEncoderModule, RefusesATransformerWhoseHeadsDoNotDivideItsSize)
{
    zoo::EncoderConfig config = smallConfig();
    config.kind = zoo::EncoderKind::ParameterTransformer;
    config.modelSize = 10;
    config.transformerHeads = 3;
    EXPECT_FALSE(nn::makeEncoderModule(config));
}

} // namespace

} // namespace rnnscope
