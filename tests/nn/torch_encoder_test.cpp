#include "core/base/cpu_features.h"
#include "core/nn/torch_encoder.h"

#include <ATen/Parallel.h>

#include <cmath>
#include <gmock/gmock.h>

namespace rnnscope {

namespace {

using testing::ElementsAre;

constexpr std::size_t kNetworks = 11;

class Parameters final : public zoo::ParameterSource
{
public:
    explicit Parameters(std::size_t columns)
        : m_columns(columns)
    {
        at::manual_seed(4);
        const at::Tensor values = at::randn({static_cast<std::int64_t>(kNetworks * columns)}) * 0.4;
        m_values.assign(values.data_ptr<float>(), values.data_ptr<float>() + values.numel());
        m_values[3 * columns + 7] = NAN;
        m_values[10 * columns - 1] = -INFINITY;
    }
    Result<void> read(std::size_t first, std::size_t count, std::span<float> out) const override
    {
        if (first <= unreadable && unreadable < first + count)
            return fail(Errc::Io, "row 6 cannot be read");
        std::copy_n(m_values.begin() + static_cast<std::ptrdiff_t>(first * m_columns), count * m_columns, out.begin());
        return {};
    }
    bool isHalf() const override { return false; }

    std::size_t unreadable = kNetworks;

private:
    std::size_t m_columns;
    std::vector<float> m_values;
};

/// All rows, in order.
struct Embedded
{
    std::vector<float> embedding, inputs;
    std::vector<std::size_t> failed;
    engine::Precision precision = engine::Precision::Float32;
    std::vector<std::string> notes;
};

struct Notes final : Progress
{
    void begin(std::string_view, std::size_t) override { }
    void update(std::size_t) override { }
    void note(std::string_view text) override { said.emplace_back(text); }
    std::vector<std::string> said;
};

class TorchEncoders : public testing::TestWithParam<zoo::EncoderKind>
{
protected:
    TorchEncoders()
    {
        zoo.architecture = {.cell = zoo::Cell::Lstm, .inputSize = 4, .hiddenSize = 6, .numLayers = 2, .outputSize = 4};
        zoo.size = kNetworks;
        parameters = std::make_shared<Parameters>(zoo.architecture.parameterCount());
        zoo.parameters = parameters;
        at::manual_seed(5);
        zoo::Checkpoint checkpoint;
        checkpoint.config = zoo::compactConfig(GetParam(), zoo.architecture, zoo::TaskFamily::Custom);
        checkpoint.encoder = nn::saveState(**nn::makeEncoderModule(checkpoint.config));
        encoder = *nn::TorchEncoder::make(checkpoint, c10::Device(c10::kCPU));
    }
    ~TorchEncoders() override { at::set_num_threads(m_threads); }

    Result<Embedded> embed(int threads, std::size_t batch, bool traces = false)
    {
        at::set_num_threads(threads);
        return embed({.traces = traces, .batch = batch});
    }

    Result<Embedded> embed(const engine::EncodeOptions& options)
    {
        Embedded all;
        Notes progress;
        const auto sink = [&](engine::EncodedBlock&& block) -> Result<void> {
            const auto add = [](auto& to, const auto& from) { to.insert(to.end(), from.begin(), from.end()); };
            add(all.embedding, block.embedding.values);
            add(all.inputs, block.traces.inputs);
            add(all.failed, block.failed);
            all.precision = block.precision;
            return {};
        };
        if (auto done = encoder->encode(zoo, options, sink, progress, {}); !done)
            return forward(done);
        all.notes = progress.said;
        return all;
    }

    zoo::Zoo zoo;
    std::shared_ptr<Parameters> parameters;
    std::unique_ptr<engine::Encoder> encoder;

private:
    int m_threads = at::get_num_threads();
};

TEST_P(TorchEncoders, EmbedTheSameOnAnyNumberOfThreads)
{
    const auto one = embed(1, 1);
    ASSERT_TRUE(one) << one.error().message;
    ASSERT_EQ(one->embedding.size(), kNetworks * 16);
    EXPECT_THAT(one->failed, ElementsAre(3, 9));
    for (const auto& [threads, batch] : {std::pair {1, 11}, {2, 11}, {3, 5}, {16, 4}}) {
        const auto several = embed(threads, static_cast<std::size_t>(batch));
        ASSERT_TRUE(several) << several.error().message;
        EXPECT_THAT(several->failed, ElementsAre(3, 9));
        for (std::size_t i = 0; i < one->embedding.size(); ++i) {
            EXPECT_EQ(std::isnan(several->embedding[i]), i / 16 == 3 || i / 16 == 9);
            if (!std::isnan(several->embedding[i])) {
                EXPECT_NEAR(several->embedding[i], one->embedding[i], 1e-5F) << threads << " threads, entry " << i;
            }
        }
        EXPECT_EQ(at::get_num_threads(), threads);
    }
}

TEST_P(TorchEncoders, KeepTracesInOrderOfRows)
{
    const auto one = embed(1, 1, true);
    const auto several = embed(3, 7, true);
    ASSERT_TRUE(one);
    ASSERT_TRUE(several);
    ASSERT_EQ(one->inputs.size(), several->inputs.size());
    for (std::size_t i = 0; i < one->inputs.size(); ++i)
        if (!std::isnan(one->inputs[i])) {
            EXPECT_NEAR(several->inputs[i], one->inputs[i], 1e-5F) << i;
        }
}

TEST_P(TorchEncoders, PassOnWhatCannotBeRead)
{
    parameters->unreadable = 6;
    for (const int threads : {1, 4}) {
        const auto failed = embed(threads, 11);
        ASSERT_FALSE(failed);
        EXPECT_EQ(failed.error().message, "row 6 cannot be read");
    }
}

TEST_P(TorchEncoders, RoundProductsWhenAskedOrSayWhyNot)
{
    const auto exact = embed({});
    const auto rounded = embed({.precision = engine::Precision::BFloat16});
    ASSERT_TRUE(exact);
    ASSERT_TRUE(rounded) << rounded.error().message;
    double largest = 0.0;
    for (std::size_t i = 0; i < exact->embedding.size(); ++i)
        if (!std::isnan(exact->embedding[i]))
            largest = std::max(largest, std::abs(double {exact->embedding[i]} - double {rounded->embedding[i]}));
    const bool gains = GetParam() == zoo::EncoderKind::Flat || GetParam() == zoo::EncoderKind::ParameterTransformer;
    if (gains && cpuFeatures().bf16) {
        EXPECT_EQ(rounded->precision, engine::Precision::BFloat16);
        EXPECT_GT(largest, 1e-5) << "nothing was rounded";
        EXPECT_LT(largest, 0.03);
        EXPECT_TRUE(rounded->notes.empty());
    } else {
        EXPECT_EQ(rounded->precision, engine::Precision::Float32);
        EXPECT_EQ(largest, 0.0);
        ASSERT_EQ(rounded->notes.size(), 1U);
        EXPECT_THAT(rounded->notes.front(), testing::HasSubstr(gains ? "this processor" : "gains nothing by bf16"));
    }
}

INSTANTIATE_TEST_SUITE_P(All, TorchEncoders, testing::ValuesIn(zoo::allEncoderKinds()),
                         [](const auto& tested) { return std::string(zoo::name(tested.param)); });

} // namespace

} // namespace rnnscope
