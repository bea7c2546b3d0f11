#include "core/rnn/rnn.h"
#include "core/rnn/rnn_trainer.h"
#include "tasks/golden_file.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace {

using namespace rnnscope::rnn;
using rnnscope::test::GoldenFile;

/// Networks that make-zoo has trained, in PyTorch's nn.LSTM, nn.GRU and nn.RNN: tests/data/making/pytorch_logits.py.
class PyTorchLogits : public testing::TestWithParam<const char*>
{
protected:
    GoldenFile::Array array(const std::string& name) const
    {
        return m_file.array(std::string(GetParam()) + "/" + name);
    }
    int attribute(const std::string& name) const { return m_file.attribute(GetParam(), name); }

    Shape shape() const
    {
        const std::string cell = GetParam();
        const auto size = [&](const std::string& name) { return static_cast<std::size_t>(attribute(name)); };
        return {.cell = cell == "lstm" ? Cell::Lstm
                    : cell == "gru"    ? Cell::Gru
                                       : Cell::RnnTanh,
                .inputSize = 6,
                .hiddenSize = size("hidden_size"),
                .numLayers = size("num_layers"),
                .outputSize = 6};
    }

    std::vector<float> parameters() const
    {
        const auto values = array("parameters").values;
        return {values.begin(), values.end()};
    }

private:
    GoldenFile m_file {std::string(RNNSCOPE_TEST_DATA) + "/making/pytorch_logits.h5"};
};

TEST_P(PyTorchLogits, AreThoseOfOurNetworks)
{
    const GoldenFile::Array tokens = array("tokens"); // [S, T]
    const GoldenFile::Array expected = array("logits"); // [S, T - 1, O]
    const std::size_t steps = expected.shape.at(1);
    const Rnn network(shape(), parameters());
    RnnTrainer trainer(shape(), parameters());
    for (std::size_t s = 0; s < tokens.shape.at(0); ++s) {
        const std::vector<int> read = tokens.row(s);
        PrefixBatch alone;
        makePrefixes(LabelledTokens {.steps = steps,
                                     .classes = 6,
                                     .tokens = std::span(read).first(steps),
                                     .labels = std::span(read).subspan(1)},
                     alone);
        std::vector<float> trained(alone.nodes() * 6);
        trainer.forward(alone, trained);
        RnnState state = network.zeroState(1);
        for (std::size_t t = 0; t < steps; ++t) {
            std::vector<float> logits(6);
            network.step(std::span(read).subspan(t, 1), state, logits);
            for (std::size_t o = 0; o < 6; ++o) {
                const double theirs = expected.values[(s * steps + t) * 6 + o];
                ASSERT_NEAR(logits[o], theirs, 1e-5) << "sequence " << s << ", step " << t;
                ASSERT_NEAR(trained[t * 6 + o], theirs, 1e-5) << "sequence " << s << ", step " << t;
            }
        }
    }
}

TEST_P(PyTorchLogits, AreWhatTheZooHasStored)
{
    const GoldenFile::Array logits = array("logits");
    const GoldenFile::Array stored = array("stored"); // log-probabilities in half precision
    ASSERT_EQ(stored.values.size(), logits.values.size());
    for (std::size_t at = 0; at < logits.values.size(); at += 6) {
        double sum = 0.0;
        for (std::size_t o = 0; o < 6; ++o)
            sum += std::exp(logits.values[at + o]);
        for (std::size_t o = 0; o < 6; ++o) {
            const double expected = logits.values[at + o] - std::log(sum);
            ASSERT_NEAR(stored.values[at + o], expected, 1e-5 + std::abs(expected) * 0x1p-11) << at;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Cells, PyTorchLogits, testing::Values("lstm", "gru", "rnn_tanh"),
                         [](const auto& parameter) { return std::string(parameter.param); });

} // namespace
