#include "core/weights/readers.h"
#include "weights/network_outputs.h"
#include "weights/weight_files.h"

#include <gmock/gmock.h>

namespace rnnscope::weights {

using testing::ElementsAre;
using testing::HasSubstr;

namespace {

OpenedFile openModel(const std::string& name)
{
    return openTensorFile(dataFile("onnx/" + name + ".onnx"));
}

std::string refusal(const std::string& name)
{
    const auto opened = openModel(name);
    return opened ? "opened" : opened.error().message;
}

/// The only stack that a model declares.
RecurrentStack stackOf(const std::string& name)
{
    const auto opened = openModel(name);
    EXPECT_TRUE(opened) << opened.error().message;
    if (!opened || (*opened)->declared().size() != 1) {
        ADD_FAILURE() << name << " does not declare one stack";
        return {};
    }
    return (*opened)->declared().front();
}

struct Case
{
    std::string model;
    std::string network; ///< its stack and head
    float tolerance = 1e-5F;
};

class OnnxOutputs : public testing::TestWithParam<Case>
{
};

} // namespace

TEST_P(OnnxOutputs, AreWhatTheModelComputes)
{
    const auto opened = openModel(GetParam().model);
    ASSERT_TRUE(opened) << opened.error().message;
    const TensorFile& file = **opened;
    EXPECT_EQ(file.format(), Format::Onnx);
    ASSERT_EQ(file.declared().size(), 1U);
    const RecurrentStack& stack = file.declared().front();
    EXPECT_EQ(stack.unfit, "");
    EXPECT_TRUE(stack.headIsClear);
    ASSERT_EQ(stack.heads.size(), 1U);
    EXPECT_EQ(fmt::format("{}: {}, {} out by {}{}", stack.name, stack.description(), stack.heads[0].outputSize,
                          stack.heads[0].name, stack.bias ? "" : ", no bias"),
              GetParam().network);
    EXPECT_THAT(file.notes(), ElementsAre());
    const Recorded expected = recorded(dataFile("onnx/expected.h5"), GetParam().model);
    const auto parameters = parametersOf(file, stack, stack.heads[0]);
    const auto output = run(architectureOf(stack, stack.heads[0]), parameters, expected.input);
    EXPECT_LE(largestDifference(output, expected.output), GetParam().tolerance);
}

INSTANTIATE_TEST_SUITE_P(ByPyTorch, OnnxOutputs,
                         testing::Values(Case {"lstm_2_layers", "rnn: LSTM 2×12, 6 in, 5 out by linear"},
                                         Case {"lstm_dynamic", "rnn: LSTM 2×8, 3 in, 4 out by linear"},
                                         Case {"lstm_last_step", "rnn: LSTM 1×6, 4 in, 3 out by linear"},
                                         Case {"lstm_no_bias", "rnn: LSTM 2×6, 4 in, 3 out by linear, no bias"},
                                         Case {"gru_2_layers", "rnn: GRU 2×8, 5 in, 3 out by linear"},
                                         Case {"rnn_tanh", "rnn: tanh RNN 2×7, 4 in, 3 out by linear"},
                                         Case {"rnn_relu", "rnn: ReLU RNN 1×7, 4 in, 3 out by linear"}),
                         [](const auto& one) { return one.param.model; });

constexpr const char* kByHand = "lstm: LSTM 1×4, 3 in, 2 out by matmul";
INSTANTIATE_TEST_SUITE_P(ByHand, OnnxOutputs,
                         testing::Values(Case {"float32_typed", kByHand}, Case {"float16", kByHand},
                                         Case {"float16_typed", kByHand}, Case {"double", kByHand},
                                         Case {"double_typed", kByHand}, Case {"bfloat16", kByHand},
                                         Case {"bfloat16_typed", kByHand}, Case {"constant_nodes", kByHand},
                                         Case {"shared_by_identity", kByHand}, Case {"zero_states", kByHand},
                                         Case {"gemm_trans_b", "lstm: LSTM 1×4, 3 in, 2 out by linear"}),
                         [](const auto& one) { return one.param.model; });

TEST(Onnx, ListsTensorsWithTheirTypes)
{
    const auto opened = openModel("bfloat16");
    ASSERT_TRUE(opened);
    const auto& tensors = (*opened)->tensors();
    ASSERT_EQ(tensors.size(), 6U);
    EXPECT_EQ(tensors[0].name, "W");
    EXPECT_THAT(tensors[0].shape, ElementsAre(1, 16, 3));
    EXPECT_EQ(tensors[0].dtype, Dtype::BFloat16);
    EXPECT_EQ(tensors[5].name, "one");
    EXPECT_EQ(tensors[5].dtype, Dtype::Integer);
    EXPECT_EQ(valuesOf(**opened, "one"), std::vector<float> {1.0F});
    std::vector<float> tooSmall(47);
    EXPECT_EQ((*opened)->read(0, tooSmall).error().code, Errc::BadValue);
}

TEST(Onnx, TakesZerosForAStateThatIsAnInputOfTheGraph)
{
    const auto opened = openModel("free_state");
    ASSERT_TRUE(opened) << opened.error().message;
    ASSERT_EQ((*opened)->declared().size(), 1U);
    EXPECT_EQ((*opened)->declared().front().unfit, "");
    EXPECT_EQ((*opened)->declared().front().numLayers(), 2);
    EXPECT_THAT((*opened)->notes(), testing::Contains(HasSubstr("is an input of the graph, zeros were taken")));
}

TEST(Onnx, SaysWhyAStackDoesNotFit)
{
    EXPECT_THAT(stackOf("lstm_bidirectional").unfit, HasSubstr("is bidirectional (node /rnn/LSTM)"));
    EXPECT_THAT(stackOf("reverse").unfit, HasSubstr("runs backwards (direction reverse of node lstm)"));
    EXPECT_THAT(stackOf("gru_before_reset").unfit, HasSubstr("linear_before_reset is 0 in node gru"));
    EXPECT_THAT(stackOf("peepholes").unfit, HasSubstr("has peepholes (P of node lstm)"));
    EXPECT_THAT(stackOf("initial_state").unfit, HasSubstr("does not start from zeros (initial_h of node lstm)"));
    EXPECT_THAT(stackOf("clip").unfit, HasSubstr("clip of node lstm"));
    EXPECT_THAT(stackOf("activations").unfit, HasSubstr("hardsigmoid, tanh, tanh of node lstm"));
    EXPECT_THAT(stackOf("input_forget").unfit, HasSubstr("input_forget of node lstm"));
    EXPECT_THAT(stackOf("computed_weights").unfit, HasSubstr("W of node lstm is no stored tensor"));
    EXPECT_THAT(stackOf("two_linear").unfit, HasSubstr("is read by several layers, the first of which is matmul"));
    EXPECT_THAT(stackOf("lstm_then_gru").unfit, HasSubstr("(lstm 4 wide, then gru 4 wide)"));
    EXPECT_THAT(stackOf("wrong_shape").unfit, HasSubstr("has W of shape (1, 15, 3) in node lstm, expected (1, 12, 3)"));
}

TEST(Onnx, LinksLayersThatRunInBothDirections)
{
    const RecurrentStack stack = stackOf("lstm_bidirectional");
    EXPECT_EQ(stack.description(), "LSTM 2×5, 4 in");
    EXPECT_EQ(stack.heads.size(), 1U);
}

TEST(Onnx, CountsPeepholesAndStatesAsTheStacksOwn)
{
    EXPECT_THAT(stackOf("peepholes").others, ElementsAre(6));
    EXPECT_THAT(stackOf("initial_state").others, ElementsAre(6));
}

TEST(Onnx, DeclaresNothingWhereNothingIsRecurrent)
{
    const auto opened = openModel("mlp_only");
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_TRUE((*opened)->declared().empty());
    EXPECT_EQ((*opened)->tensors().size(), 1U);
}

TEST(Onnx, RefusesWhatItCannotTrust)
{
    EXPECT_THAT(refusal("external_data"), HasSubstr("tensor W is kept in another file, which is not read"));
    EXPECT_THAT(refusal("short_data"),
                HasSubstr("tensor W has shape (1, 16, 3), which needs 48 numbers, and 95 bytes"));
    EXPECT_THAT(refusal("huge_shape"), HasSubstr("tensor W has a shape that is too large"));
    EXPECT_THAT(refusal("overflow_shape"), HasSubstr("tensor W has a shape that is too large"));
    EXPECT_THAT(refusal("negative_shape"), HasSubstr("tensor W has a negative size"));
    EXPECT_THAT(refusal("two_of_one_name"), HasSubstr("tensor W is there twice"));
    EXPECT_THAT(refusal("truncated"), HasSubstr("is an ONNX model that is cut short or damaged"));
}

TEST(Onnx, IsToldByItsFirstBytes)
{
    EXPECT_TRUE(looksLikeOnnx(readBytes(dataFile("onnx/gru_2_layers.onnx")).substr(0, 512)));
    EXPECT_TRUE(looksLikeOnnx(readBytes(dataFile("onnx/mlp_only.onnx"))));
    for (const char* other : {"rnnfast.safetensors", "gru.pt", "rnnfast_legacy.pt", "flat_vector.npy", "keras_gru.h5"})
        EXPECT_FALSE(looksLikeOnnx(readBytes(dataFile(other)).substr(0, 512))) << other;
    EXPECT_FALSE(looksLikeOnnx(""));
    EXPECT_FALSE(looksLikeOnnx(std::string("\x08\x00", 2)));
    EXPECT_FALSE(looksLikeOnnx("\x08\x07 a text that follows"));
}

TEST(Onnx, AnyCutAndAnyChangedByteGivesAnErrorOrTensors)
{
    const Scratch scratch;
    const std::string good = readBytes(dataFile("onnx/zero_states.onnx"));
    const auto survive = [&](const std::string& bytes) {
        const auto opened = openOnnx(MappedFile::open(scratch.write("a.onnx", bytes)).value());
        for (std::size_t i = 0; opened && i < (*opened)->tensors().size(); ++i)
            if (std::vector<float> values((*opened)->tensors()[i].entries()); values.size() < 1000)
                static_cast<void>((*opened)->read(i, values));
    };
    for (std::size_t size = 0; size < good.size(); size += 3)
        survive(good.substr(0, size));
    for (std::size_t at = 0; at < good.size(); ++at) {
        std::string bad = good;
        bad[at] = static_cast<char>(static_cast<unsigned char>(bad[at]) ^ (1U << at % 8));
        survive(bad);
    }
}

} // namespace rnnscope::weights
