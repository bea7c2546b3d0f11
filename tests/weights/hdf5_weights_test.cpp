#include "core/weights/tensor_file.h"
#include "weights/declared_network.h"
#include "weights/weight_files.h"

#include <algorithm>
#include <cctype>
#include <gmock/gmock.h>

namespace rnnscope::weights {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

std::shared_ptr<const TensorFile> opened(const std::string& name)
{
    const auto file = openTensorFile(dataFile(name));
    EXPECT_TRUE(file) << file.error().message;
    return file ? *file : nullptr;
}

std::vector<std::string> namesOf(const TensorFile& file)
{
    std::vector<std::string> names;
    for (const TensorInfo& tensor : file.tensors())
        names.push_back(tensor.name);
    return names;
}

struct Network
{
    const char* file;
    const char* description;
    Format format;
    const char* name;
    const char* head;
};

class KerasFile : public testing::TestWithParam<Network>
{
};

} // namespace

TEST_P(KerasFile, GivesTheStoredOutputs)
{
    const Network& wanted = GetParam();
    const auto file = opened(wanted.file);
    ASSERT_NE(file, nullptr);
    EXPECT_EQ(file->format(), wanted.format);
    ASSERT_EQ(file->declared().size(), 1U);
    const RecurrentStack& stack = file->declared().front();
    EXPECT_EQ(stack.unfit, "");
    EXPECT_EQ(stack.description(), wanted.description);
    EXPECT_EQ(stack.name, wanted.name);
    ASSERT_EQ(stack.heads.size(), 1U);
    EXPECT_TRUE(stack.headIsClear);
    EXPECT_EQ(stack.heads.front().name, wanted.head);
    const std::string path = wanted.file;
    const bool own = path.starts_with("keras/");
    EXPECT_LT(largestDifference(*file, stack, dataFile(own ? "keras/expected.h5" : "expected.h5"),
                                own ? path.substr(6) : path),
              1e-5F);
}

INSTANTIATE_TEST_SUITE_P(
    Files, KerasFile,
    testing::Values(
        Network {"keras_lstm.h5", "LSTM 1×12, 5 in", Format::KerasHdf5, "lstm", "dense"},
        Network {"keras_lstm_stacked.h5", "LSTM 2×14, 6 in", Format::KerasHdf5, "lstm", "dense"},
        Network {"keras3.weights.h5", "LSTM 2×14, 6 in", Format::KerasHdf5, "lstm", "dense"},
        Network {"keras_gru.h5", "GRU 1×12, 5 in", Format::KerasHdf5, "gru", "dense"},
        Network {"keras/lstm_stack.keras", "LSTM 2×3, 4 in", Format::KerasArchive, "encoder", "classes"},
        Network {"keras/gru_time_distributed.keras", "GRU 1×3, 4 in", Format::KerasArchive, "gru", "time_distributed"},
        Network {"keras/tf2_12.keras", "LSTM 1×3, 4 in", Format::KerasArchive, "lstm_7", "dense_3"},
        Network {"keras/simple_rnn_relu.h5", "ReLU RNN 1×3, 4 in", Format::KerasHdf5, "simple_rnn", "dense"},
        Network {"keras/simple_rnn.weights.h5", "RNN 1×3, 4 in", Format::KerasHdf5, "simple_rnn", "dense"},
        Network {"keras/gru_no_bias.h5", "GRU 1×3, 4 in", Format::KerasHdf5, "gru", "dense"}),
    [](const auto& wanted) {
        std::string name = wanted.param.file;
        std::replace_if(
            name.begin(), name.end(), [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
        return name;
    });

struct Unfit
{
    const char* file;
    const char* why;
};

class UnfitKerasFile : public testing::TestWithParam<Unfit>
{
};

TEST_P(UnfitKerasFile, SaysWhy)
{
    const auto file = opened(GetParam().file);
    ASSERT_NE(file, nullptr);
    ASSERT_EQ(file->declared().size(), 1U);
    EXPECT_THAT(file->declared().front().unfit, HasSubstr(GetParam().why));
}

INSTANTIATE_TEST_SUITE_P(Files, UnfitKerasFile,
                         testing::Values(Unfit {"keras/gru_reset_before.h5", "reset_after=False"},
                                         Unfit {"keras/gru_no_bias.weights.h5", "has no bias, so that nothing tells"},
                                         Unfit {"keras/lstm_hard_sigmoid.h5", "activation 'hard_sigmoid'"},
                                         Unfit {"keras/lstm_backwards.h5", "go_backwards"},
                                         Unfit {"keras/cudnn_lstm.weights.h5", "CuDNNLSTM"},
                                         Unfit {"keras/bidirectional.keras", "is bidirectional"},
                                         Unfit {"keras/narrowing.h5", "feeds 'lstm_1'"}));

TEST(KerasFiles, OrderLayersByNumber)
{
    const auto file = opened("keras/eleven_layers.weights.h5");
    ASSERT_NE(file, nullptr);
    ASSERT_EQ(file->declared().size(), 1U);
    const auto& layers = file->declared().front().layers;
    ASSERT_EQ(layers.size(), 11U);
    for (std::size_t i = 0; i < layers.size(); ++i) { // the first entry of each bias is the layer's number
        std::vector<float> bias(8);
        ASSERT_TRUE(file->read(layers[i].biasIh.tensor, bias));
        EXPECT_EQ(bias.front(), static_cast<float>(i));
        EXPECT_FALSE(layers[i].biasHh.present());
    }
}

TEST(KerasFiles, KeepAnEncoderAndADecoderApart)
{
    const auto file = opened("keras/seq2seq.h5");
    ASSERT_NE(file, nullptr);
    ASSERT_EQ(file->declared().size(), 2U);
    EXPECT_EQ(file->declared()[0].name, "encoder");
    EXPECT_EQ(file->declared()[1].name, "decoder");
    EXPECT_TRUE(file->declared()[1].headIsClear);
}

TEST(KerasFiles, TellWhatIsLeftOut)
{
    EXPECT_THAT(
        opened("keras/lstm_stack.keras")->notes(),
        ElementsAre("the head's softmax is left out: encoders want logits", "the optimizer's 3 tensors were left out"));
    EXPECT_THAT(opened("keras3.weights.h5")->notes(), ElementsAre("the optimizer's 1 tensors were left out"));
    EXPECT_THAT(opened("keras_lstm.h5")->notes(), IsEmpty());
}

TEST(Hdf5Weights, NameTensorsByTheirPath)
{
    const auto file = opened("keras_lstm.h5");
    EXPECT_THAT(namesOf(*file), Contains("model_weights/lstm/lstm/lstm_cell/recurrent_kernel:0"));
    const auto state = opened("rnnfast_state.h5");
    EXPECT_EQ(state->format(), Format::StateHdf5);
    EXPECT_THAT(state->declared(), IsEmpty());
    EXPECT_THAT(namesOf(*state), Contains("lstm.weight_hh_l1"));
}

TEST(Hdf5Weights, JoinGroupsToPyTorchNames)
{
    const auto file = opened("keras/state_groups.h5");
    EXPECT_EQ(file->format(), Format::StateHdf5);
    EXPECT_THAT(namesOf(*file),
                ElementsAre("head.linear.bias", "head.linear.weight", "lstm.bias_hh_l0", "lstm.bias_ih_l0",
                            "lstm.weight_hh_l0", "lstm.weight_ih_l0", "training/epochs"));
    EXPECT_THAT(file->notes(), ElementsAre("1 of its arrays hold no numbers"));
}

/// The same matrix lies in one piece in one file, in filtered chunks of HDF5's newest layout in the other.
TEST(Hdf5Weights, ReadChunksAndForeignNumbers)
{
    const auto plain = opened("keras/state_groups.h5");
    const auto chunked = opened("keras/state_chunked_latest.h5");
    const auto values = [](const TensorFile& file, std::string_view name) {
        for (std::size_t i = 0; i < file.tensors().size(); ++i)
            if (file.tensors()[i].name == name) {
                std::vector<float> out(file.tensors()[i].entries());
                EXPECT_TRUE(file.read(i, out));
                return out;
            }
        ADD_FAILURE() << name;
        return std::vector<float> {};
    };
    EXPECT_EQ(values(*chunked, "rnn.weight_ih_l0"), values(*plain, "lstm.weight_ih_l0"));
    EXPECT_EQ(values(*chunked, "rnn.weight_hh_l0"), values(*plain, "lstm.weight_hh_l0"));
    EXPECT_EQ(values(*chunked, "rnn.bias_hh_l0"), values(*plain, "lstm.bias_ih_l0"));
    const auto half = values(*chunked, "rnn.bias_ih_l0");
    EXPECT_THAT(half, testing::Pointwise(testing::FloatNear(1e-3F), values(*plain, "lstm.bias_ih_l0")));
}

/// Every filter, rank and kind of number with chunks that do not divide the shape, and chunks that were never written.
TEST(Hdf5Weights, ReadEveryChunkLayout)
{
    const auto chunked = opened("keras/chunk_layouts.h5");
    ASSERT_NE(chunked, nullptr);
    ASSERT_EQ(chunked->tensors().size(), 25U);
    for (std::size_t i = 0; i < chunked->tensors().size(); ++i) {
        const TensorInfo& tensor = chunked->tensors()[i];
        std::vector<float> values(tensor.entries());
        const auto read = chunked->read(i, values);
        ASSERT_TRUE(read) << read.error().message;
        for (std::size_t k = 0; k < values.size(); ++k) // see make_files.py
            ASSERT_EQ(values[k], tensor.name == "holes" && k < 9 ? 2.5F : static_cast<float>(k) - 20.0F)
                << tensor.name << " " << k;
    }
}

TEST(Hdf5Weights, RefuseChunksThatInflateToAnotherSize)
{
    for (const char* name : {"keras/chunk_too_short.h5", "keras/chunk_too_long.h5"}) {
        const auto file = opened(name);
        ASSERT_NE(file, nullptr);
        std::vector<float> values(16);
        const auto read = file->read(0, values);
        ASSERT_FALSE(read) << name;
        EXPECT_THAT(read.error().message, HasSubstr("lstm.weight_ih_l0 of"));
        EXPECT_THAT(read.error().message, HasSubstr("is damaged"));
    }
}

TEST(Hdf5Weights, AreRefusedWhenDamaged)
{
    const auto message = [](const char* name) { return openTensorFile(dataFile(name)).error().message; };
    EXPECT_THAT(message("truncated.h5"), HasSubstr("truncated.h5 is cut short: it has 9416 bytes"));
    EXPECT_THAT(message("not_hdf5.h5"), HasSubstr("not_hdf5.h5 is a damaged HDF5 file: "));
}

TEST(KerasArchive, IsRefusedWithoutWeights)
{
    const Scratch scratch;
    std::string bytes = readBytes(dataFile("keras/lstm_stack.keras"));
    for (std::size_t at = bytes.find(".weights.h5"); at != std::string::npos; at = bytes.find(".weights.h5"))
        bytes.replace(at, 11, ".weights.xx");
    const auto file = openTensorFile(scratch.write("a.keras", bytes));
    ASSERT_FALSE(file);
    EXPECT_THAT(file.error().message, HasSubstr("has no model.weights.h5"));
}

} // namespace rnnscope::weights
