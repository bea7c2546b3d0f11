#include "core/nn/module.h"
#include "nn/golden.h"

#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

namespace rnnscope {

namespace {

struct ProbingCase
{
    std::string name;
    zoo::EncoderConfig config;
};

std::vector<ProbingCase> probingCases()
{
    const auto make = [](const std::string& name, auto change) {
        ProbingCase made {name, {}};
        zoo::EncoderConfig& config = made.config;
        config.rnn = {zoo::Cell::Lstm, 6, 8, 2, 5};
        config.probingLength = 5;
        config.coreHiddenSize = 16;
        config.mlpHiddenSize = 12;
        change(config);
        return made;
    };
    using Config = zoo::EncoderConfig;
    return {make("plain", [](Config&) {}),
            make("without_residual", [](Config& c) { c.residual = false; }),
            make("three_sequences", [](Config& c) { c.parallelSequences = 3; }),
            make("static_half", [](Config& c) { c.staticWeight = 0.5; }),
            make("noninteractive",
                 [](Config& c) {
                     c.interactiveWeight = 0.0;
                     c.staticWeight = 1.0;
                     c.parallelSequences = 2;
                 }),
            make("sigmoid_probes", [](Config& c) { c.softmaxProbes = false; }),
            make("deep",
                 [](Config& c) {
                     c.coreLayers = 3;
                     c.mlpLayers = 2;
                     c.parallelSequences = 2;
                 }),
            make("decoder_without_hidden_layer", [](Config& c) { c.mlpLayers = 0; }),
            make("one_step_one_layer",
                 [](Config& c) {
                     c.probingLength = 1;
                     c.coreLayers = 1;
                     c.rnn = {zoo::Cell::Lstm, 6, 5, 1, 1};
                 }),
            make("odd_sizes",
                 [](Config& c) {
                     c.coreHiddenSize = 19;
                     c.mlpHiddenSize = 7;
                     c.parallelSequences = 2;
                     c.rnn = {zoo::Cell::Lstm, 17, 33, 3, 10};
                 }),
            make("without_biases", [](Config& c) { c.rnn.bias = false; }),
            make("compact", [](Config& c) {
                c.coreHiddenSize = 128;
                c.mlpHiddenSize = 64;
                c.probingLength = 22;
                c.rnn = {zoo::Cell::Lstm, 6, 32, 2, 6};
            })};
}

/// The roll-out's own forward and backward passes against PyTorch's operators.
class FusedProbing : public testing::TestWithParam<ProbingCase>
{
protected:
    FusedProbing()
    {
        torch::manual_seed(5);
        module = nn::makeEncoderModule(config).value();
        parameters = at::randn({7, static_cast<std::int64_t>(config.rnn.parameterCount())}) * 0.5;
        weights = at::randn({7, config.embeddingSize});
    }

    /// The embeddings, then the gradient of every parameter; undefined where there is none.
    std::vector<at::Tensor> run(nn::ProbingTrace* trace)
    {
        const at::Tensor out = module->forward(parameters, config.rnn, trace);
        auto all = torch::autograd::grad({(out * weights).sum()}, module->parameters(), {}, c10::nullopt, false, true);
        all.insert(all.begin(), out.detach());
        return all;
    }

    zoo::EncoderConfig config = GetParam().config;
    std::shared_ptr<nn::EncoderModule> module;
    at::Tensor parameters;
    at::Tensor weights;
};

TEST_P(FusedProbing, HasTheOutputsAndGradientsOfPyTorch)
{
    nn::ProbingTrace trace; // asking for probes and answers takes PyTorch's path
    const auto expected = run(&trace);
    ASSERT_TRUE(trace.inputs.defined());
    const auto found = run(nullptr);
    const auto names = module->named_parameters().keys();
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const std::string name = i == 0 ? "embedding" : names[i - 1];
        ASSERT_EQ(found[i].defined(), expected[i].defined()) << name;
        if (!expected[i].defined())
            continue;
        const double scale = std::max(1e-3, expected[i].abs().max().item<double>());
        EXPECT_LE(test::largestDifference(found[i], expected[i]), 1e-4 * scale) << name;
    }
}

TEST_P(FusedProbing, LeavesNothingBehindForTheNextStep)
{
    const auto storageUsers = [this] {
        std::vector<std::size_t> counts;
        for (const at::Tensor& parameter : module->parameters())
            counts.push_back(parameter.storage().use_count());
        return counts;
    };
    const auto before = storageUsers();
    const auto first = run(nullptr);
    EXPECT_EQ(storageUsers(), before) << "the graph keeps itself alive";
    const auto second = run(nullptr);
    for (std::size_t i = 0; i < first.size(); ++i)
        EXPECT_TRUE(!first[i].defined() || at::equal(first[i], second[i])) << i;
}

TEST_P(FusedProbing, FreesAGraphThatIsNeverRunBackwards)
{
    const at::Tensor eos = module->named_parameters()["eos"];
    const auto before = eos.storage().use_count();
    module->forward(parameters, config.rnn);
    EXPECT_EQ(eos.storage().use_count(), before);
}

INSTANTIATE_TEST_SUITE_P(Configs, FusedProbing, testing::ValuesIn(probingCases()),
                         [](const auto& tested) { return tested.param.name; });

} // namespace

} // namespace rnnscope
