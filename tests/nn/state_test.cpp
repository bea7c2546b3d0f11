#include "core/nn/module.h"

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
