#include "core/nn/module.h"
#include "core/nn/permutation.h"
#include "nn/golden.h"

#include <gtest/gtest.h>

namespace rnnscope {

namespace {

using zoo::EncoderKind;

struct EncoderCase
{
    EncoderKind kind;
    zoo::Architecture rnn;
    zoo::Cell core = zoo::Cell::Lstm;
};

std::string nameOf(const EncoderCase& tested)
{
    std::string text = std::string(zoo::name(tested.kind)) + "_" + std::string(zoo::name(tested.rnn.cell));
    if (!tested.rnn.bias)
        text += "_without_bias";
    if (tested.core == zoo::Cell::Gru)
        text += "_gru_core";
    return text;
}

std::vector<EncoderCase> encoderCases()
{
    using zoo::Cell;
    std::vector<EncoderCase> all;
    for (const EncoderKind kind : zoo::allEncoderKinds())
        for (const zoo::Architecture& rnn :
             {zoo::Architecture {Cell::Lstm, 4, 6, 2, 3, true}, zoo::Architecture {Cell::Gru, 4, 5, 3, 1, true},
              zoo::Architecture {Cell::RnnTanh, 4, 6, 1, 3, true}, zoo::Architecture {Cell::RnnRelu, 4, 6, 2, 3, true},
              zoo::Architecture {Cell::Lstm, 4, 6, 2, 3, false}, zoo::Architecture {Cell::Gru, 4, 6, 1, 3, false}})
            all.push_back({kind, rnn});
    all.push_back({EncoderKind::InteractiveProbing, {Cell::Lstm, 4, 6, 2, 3, true}, Cell::Gru});
    return all;
}

class EncoderProperty : public testing::TestWithParam<EncoderCase>
{
protected:
    void SetUp() override
    {
        torch::manual_seed(17);
        config = zoo::compactConfig(GetParam().kind, GetParam().rnn, zoo::TaskFamily::Custom);
        config.coreCell = GetParam().core;
        config.probingLength = 6;
        config.parallelSequences = 2;
        auto made = nn::makeEncoderModule(config, {.transformerDropout = 0.0});
        ASSERT_TRUE(made) << made.error().message;
        module = *made;
        module->eval();
        parameters = at::randn({5, static_cast<std::int64_t>(config.rnn.parameterCount())}) * 0.5;
    }

    torch::Tensor embed(const torch::Tensor& rows) const
    {
        const at::NoGradGuard frozen;
        return nn::normalized(module->forward(rows, config.rnn));
    }

    zoo::EncoderConfig config;
    std::shared_ptr<nn::EncoderModule> module;
    torch::Tensor parameters;
};

TEST_P(EncoderProperty, SeesPermutedHiddenUnitsOrNotAsItShould)
{
    std::mt19937_64 random(23);
    const torch::Tensor permuted
        = nn::permuteHiddenUnits(parameters, config.rnn, nn::randomPermutations(config.rnn, random));
    const double difference = test::largestDifference(embed(parameters), embed(permuted));
    const bool sees = config.kind == EncoderKind::Flat || config.kind == EncoderKind::ParameterTransformer;
    EXPECT_TRUE(sees ? difference > 1e-3 : difference <= 1e-5) << difference;
}

TEST_P(EncoderProperty, EmbedsANetworkAloneAsInABatch)
{
    const torch::Tensor together = embed(parameters);
    for (std::int64_t n = 0; n < parameters.size(0); ++n)
        EXPECT_LE(test::largestDifference(embed(parameters.narrow(0, n, 1)), together.narrow(0, n, 1)), 1e-5);
}

TEST_P(EncoderProperty, EmbedsTheSameWithGradientsAndWithTraces)
{
    const torch::Tensor without = embed(parameters);
    const torch::Tensor with = nn::normalized(module->forward(parameters, config.rnn));
    EXPECT_LE(test::largestDifference(with.detach(), without), 1e-5);
    nn::ProbingTrace trace;
    const at::NoGradGuard frozen;
    const torch::Tensor traced = nn::normalized(module->forward(parameters, config.rnn, &trace));
    EXPECT_LE(test::largestDifference(traced, without), 1e-5);
    EXPECT_EQ(trace.inputs.defined(), config.probing());
}

TEST_P(EncoderProperty, TellsNetworksApart)
{
    const torch::Tensor embedding = embed(parameters);
    EXPECT_EQ(embedding.sizes(), at::IntArrayRef({5, config.embeddingSize}));
    EXPECT_TRUE(embedding.isfinite().all().item<bool>());
    EXPECT_GT(test::largestDifference(embedding[0], embedding[1]), 1e-6);
}

TEST_P(EncoderProperty, GradientsAreFiniteAndReachEveryUsedParameter)
{
    module->train();
    const torch::Tensor target = at::randn({5, config.embeddingSize});
    (nn::normalized(module->forward(parameters, config.rnn)) * target).sum().backward();
    for (const auto& item : module->named_parameters()) {
        const torch::Tensor& gradient = item.value().grad();
        if (item.key() == "h0" || item.key() == "c0") {
            EXPECT_FALSE(gradient.defined()) << item.key();
            continue;
        }
        ASSERT_TRUE(gradient.defined()) << item.key();
        EXPECT_TRUE(gradient.isfinite().all().item<bool>()) << item.key();
        // Learned rows with weight 0 have gradient 0, so that the optimiser decays them.
        const bool used = item.key() != "probing_encodings" || config.staticWeight != 0.0;
        EXPECT_EQ(gradient.abs().max().item<double>() > 0.0, used) << item.key();
    }
}

TEST_P(EncoderProperty, GradientsReachTheNetworksWeights)
{
    torch::Tensor tracked = parameters.clone().requires_grad_();
    module->forward(tracked, config.rnn).sum().backward();
    EXPECT_TRUE(tracked.grad().isfinite().all().item<bool>());
    EXPECT_GT(tracked.grad().abs().max().item<double>(), 0.0);
}

TEST_P(EncoderProperty, EmbedsInDoublePrecisionWhereAsked)
{
    const torch::Tensor single = embed(parameters);
    for (torch::Tensor& parameter : module->parameters())
        parameter.set_data(parameter.data().to(at::kDouble));
    const torch::Tensor exact = embed(parameters.to(at::kDouble));
    EXPECT_EQ(exact.scalar_type(), at::kDouble);
    EXPECT_LE(test::largestDifference(exact, single), 1e-5);
}

TEST_P(EncoderProperty, PackedWeightsChangeNothing)
{
    const torch::Tensor plain = embed(parameters);
    module->pack();
    EXPECT_LE(test::largestDifference(embed(parameters), plain), 2e-6);
    torch::Tensor tracked = parameters.clone().requires_grad_();
    module->forward(tracked, config.rnn).sum().backward();
    EXPECT_GT(tracked.grad().abs().max().item<double>(), 0.0);
}

INSTANTIATE_TEST_SUITE_P(All, EncoderProperty, testing::ValuesIn(encoderCases()),
                         [](const auto& tested) { return nameOf(tested.param); });

TEST(NoninteractiveProbing, AsksEveryNetworkTheSame)
{
    const at::NoGradGuard frozen;
    for (const EncoderKind kind : {EncoderKind::NoninteractiveProbing, EncoderKind::InteractiveProbing}) {
        torch::manual_seed(4);
        const auto config = zoo::compactConfig(kind, {zoo::Cell::Lstm, 4, 6, 1, 3, true}, zoo::TaskFamily::Custom);
        const auto module = nn::makeEncoderModule(config).value();
        module->eval();
        nn::ProbingTrace trace;
        module->forward(at::randn({2, static_cast<std::int64_t>(config.rnn.parameterCount())}), config.rnn, &trace);
        const double difference = test::largestDifference(trace.inputs[0], trace.inputs[1]);
        EXPECT_EQ(difference == 0.0, kind == EncoderKind::NoninteractiveProbing);
    }
}

TEST(ProbingEncoder, ReadsNetworksOfOtherDepthAndCell)
{
    const at::NoGradGuard frozen;
    const auto config = zoo::compactConfig(EncoderKind::InteractiveProbing, {zoo::Cell::Lstm, 4, 6, 1, 3, true},
                                           zoo::TaskFamily::Custom);
    const auto module = nn::makeEncoderModule(config).value();
    const zoo::Architecture other {zoo::Cell::Gru, 4, 11, 3, 3, false};
    const torch::Tensor raw = module->forward(at::randn({2, static_cast<std::int64_t>(other.parameterCount())}), other);
    EXPECT_TRUE(raw.isfinite().all().item<bool>());
}

TEST(ParameterTransformer, DropsOnlyWhileTraining)
{
    const at::NoGradGuard frozen;
    const auto config = zoo::compactConfig(EncoderKind::ParameterTransformer, {zoo::Cell::Lstm, 4, 6, 1, 3, true},
                                           zoo::TaskFamily::Custom);
    const auto module = nn::makeEncoderModule(config).value();
    const torch::Tensor parameters = at::randn({2, static_cast<std::int64_t>(config.rnn.parameterCount())});
    const auto twice = [&] {
        return test::largestDifference(module->forward(parameters, config.rnn),
                                       module->forward(parameters, config.rnn));
    };
    EXPECT_GT(twice(), 0.0);
    module->eval();
    EXPECT_EQ(twice(), 0.0);
}

TEST(OpenGates, SetsTheBlocksOfTheReference)
{
    for (const zoo::Cell cell : {zoo::Cell::Lstm, zoo::Cell::Gru}) {
        auto config = zoo::compactConfig(EncoderKind::InteractiveProbing, {zoo::Cell::Lstm, 4, 6, 1, 3, true},
                                         zoo::TaskFamily::Custom);
        config.coreCell = cell;
        config.coreHiddenSize = 7;
        config.openGates = true;
        const zoo::State state = nn::saveState(*nn::makeEncoderModule(config).value());
        const bool lstm = cell == zoo::Cell::Lstm;
        for (std::size_t i = 0; i < 21; ++i) {
            const bool open = lstm ? i >= 7 && i < 14 : i < 7;
            EXPECT_EQ(state.at("rnn_cells.1.cell.bias_ih").values[i] == (lstm ? 1.0F : -1.0F), open) << i;
            EXPECT_EQ(state.at("rnn_cells.1.cell.bias_hh").values[i] == -1.0F, open && !lstm) << i;
        }
    }
}

} // namespace

} // namespace rnnscope
