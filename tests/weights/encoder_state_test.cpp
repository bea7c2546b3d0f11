#include "core/weights/encoder_state.h"
#include "weights/made_tensor_file.h"

#include <gmock/gmock.h>
#include <limits>

namespace rnnscope::weights {

using testing::HasSubstr;
using zoo::EncoderKind;

namespace {

constexpr const char* kRnn = R"({"rnn": {"cell": "lstm", "input_size": 6, "hidden_size": 8, "num_layers": 2,
                                         "output_size": 6}})";

std::shared_ptr<MadeTensorFile> probing(std::size_t gates, const std::string& prefix = "")
{
    auto file = std::make_shared<MadeTensorFile>();
    file->add(prefix + "bos", {1, 20});
    file->add(prefix + "eos", {1, 20});
    file->add(prefix + "probing_encodings", {8, 20});
    for (const char* layer : {"rnn_cells.0.cell.", "rnn_cells.1.cell."})
        for (const char* weight : {"weight_ih", "weight_hh"})
            file->add(prefix + layer + weight, {gates * 20, 20});
    file->add(prefix + "output_transform.0.weight", {16, 20});
    file->add(prefix + "output_transform.2.weight", {8, 16});
    file->add(prefix + "proj_up.0.weight", {32, 20});
    file->add(prefix + "probing_input_decoder.0.weight", {16, 16});
    file->add(prefix + "probing_input_decoder.2.weight", {6, 16});
    file->add(prefix + "probing_output_transform.0.weight", {20, 12});
    return file;
}

std::shared_ptr<MadeTensorFile> flat(std::size_t parameters)
{
    auto file = std::make_shared<MadeTensorFile>();
    file->add("mlp_model.0.weight", {16, parameters});
    file->add("mlp_model.0.bias", {16});
    file->add("mlp_model.2.weight", {8, 16});
    file->add("mlp_model.2.bias", {8});
    return file;
}

std::vector<std::string> keys(const EncoderGuess& guess)
{
    std::vector<std::string> keys;
    for (const auto& question : guess.questions)
        keys.push_back(question.key);
    return keys;
}

} // namespace

TEST(EncoderState, ReadsTheSizesOfAProbingEncoderFromItsTensors)
{
    const auto guess = guessEncoder(*probing(3), {.kind = {}, .config = R"({"residual": false})"});
    ASSERT_TRUE(guess) << guess.error().message;
    EXPECT_TRUE(guess->questions.empty()); // only the interactive encoder has GRU cores
    const zoo::EncoderConfig& config = guess->config;
    EXPECT_EQ(config.kind, EncoderKind::InteractiveProbing);
    EXPECT_EQ(config.coreCell, zoo::Cell::Gru);
    EXPECT_EQ(config.coreHiddenSize, 20);
    EXPECT_EQ(config.coreLayers, 2);
    EXPECT_EQ(config.probingLength, 7);
    EXPECT_EQ(config.parallelSequences, 2);
    EXPECT_EQ(config.mlpHiddenSize, 16);
    EXPECT_EQ(config.mlpLayers, 1);
    EXPECT_EQ(config.embeddingSize, 8);
    EXPECT_EQ(config.rnn.inputSize, 6);
    EXPECT_EQ(config.rnn.outputSize, 6);
    EXPECT_TRUE(config.softmaxProbes);
    EXPECT_FALSE(config.residual);
}

TEST(EncoderState, AsksWhatTensorsDoNotTell)
{
    const auto guess = guessEncoder(*probing(4), {});
    ASSERT_TRUE(guess) << guess.error().message;
    EXPECT_THAT(keys(*guess), testing::ElementsAre("encoder", "residual"));
    const auto checkpoint = importEncoder(*probing(4), {});
    ASSERT_FALSE(checkpoint);
    EXPECT_EQ(checkpoint.error().code, Errc::NeedsChoice);
    EXPECT_THAT(checkpoint.error().message, HasSubstr("--encoder interactive_probing or noninteractive_probing"));
    EXPECT_THAT(checkpoint.error().message, HasSubstr("residual"));
}

TEST(EncoderState, TakesAWholeCheckpointConfig)
{
    const auto guess = guessEncoder(*probing(4), {.kind = {}, .config = R"({"encoder": "noninteractive_probing",
        "residual": 1, "core_hidden_size": 20, "dropout": 0.0, "task_family": "custom", "probe_activation": "sigmoid",
        "rnn": {"cell": "gru", "input_size": 6, "hidden_size": 8, "num_layers": 1, "output_size": 6}})"});
    ASSERT_TRUE(guess) << guess.error().message;
    EXPECT_TRUE(guess->questions.empty());
    EXPECT_EQ(guess->config.kind, EncoderKind::NoninteractiveProbing);
    EXPECT_EQ(guess->config.staticWeight, 1.0);
    EXPECT_EQ(guess->config.rnn.hiddenSize, 8);
    EXPECT_FALSE(guess->config.softmaxProbes);
}

TEST(EncoderState, RefusesAConfigThatContradictsTheTensors)
{
    const auto wider = guessEncoder(*probing(4), {.kind = {}, .config = R"({"core_hidden_size": 21})"});
    ASSERT_FALSE(wider);
    EXPECT_THAT(wider.error().message, HasSubstr("the config says core_hidden_size = 21, its tensors say 20"));
    const auto other = guessEncoder(*probing(3), {.kind = EncoderKind::NoninteractiveProbing, .config = ""});
    ASSERT_FALSE(other);
    EXPECT_THAT(other.error().message,
                HasSubstr("holds the tensors of interactive_probing, not of noninteractive_probing"));
}

TEST(EncoderState, KnowsAnEncoderUnderAnyPrefix)
{
    const auto file = probing(4, "state_dict.module.");
    ASSERT_TRUE(isEncoderState(*file));
    const auto checkpoint
        = importEncoder(*file, {.kind = EncoderKind::InteractiveProbing, .config = R"({"residual": true})"});
    ASSERT_TRUE(checkpoint) << checkpoint.error().message;
    EXPECT_TRUE(checkpoint->encoder.contains("proj_up.0.weight"));
}

TEST(EncoderState, AsksForTheNetworksOfAFlatEncoderAndChecksThem)
{
    const zoo::Architecture rnn {zoo::Cell::Lstm, 6, 8, 2, 6, true};
    const auto file = flat(rnn.parameterCount());
    EXPECT_THAT(
        keys(*guessEncoder(*file, {})),
        testing::ElementsAre("rnn.cell", "rnn.input_size", "rnn.hidden_size", "rnn.num_layers", "rnn.output_size"));
    const auto checkpoint = importEncoder(*file, {.kind = {}, .config = kRnn});
    ASSERT_TRUE(checkpoint) << checkpoint.error().message;
    EXPECT_EQ(checkpoint->config.rnn, rnn);
    const auto longer = importEncoder(*flat(rnn.parameterCount() + 1), {.kind = {}, .config = kRnn});
    ASSERT_FALSE(longer);
    EXPECT_EQ(longer.error().code, Errc::ShapeMismatch);
}

TEST(EncoderState, RefusesOtherTensors)
{
    MadeTensorFile other;
    other.add("lstm.weight_ih_l0", {16, 3});
    other.add("mlp_model.0.weight", {4, 4});
    EXPECT_FALSE(isEncoderState(other));
    EXPECT_THAT(guessEncoder(other, {}).error().message,
                HasSubstr("does not hold the tensors of one of the authors' encoders"));
}

TEST(EncoderState, NamesTheTensorThatIsMissingOrNotFinite)
{
    MadeTensorFile file;
    file.add("probing_encodings", {8, 20});
    file.add("rnn_cells.0.cell.weight_hh", {80, 20});
    EXPECT_THAT(guessEncoder(file, {}).error().message, HasSubstr("output_transform.0.weight is missing"));
    auto sick = flat(1142);
    sick->values(0)[3] = std::numeric_limits<float>::quiet_NaN();
    EXPECT_THAT(importEncoder(*sick, {.kind = {}, .config = kRnn}).error().message,
                HasSubstr("the tensor mlp_model.0.weight has NaN or infinite values"));
}

TEST(EncoderState, SaysWhenTheConfigIsNoJson)
{
    EXPECT_THAT(guessEncoder(*flat(10), {.kind = {}, .config = "["}).error().message, HasSubstr("not a JSON object"));
}

} // namespace rnnscope::weights
