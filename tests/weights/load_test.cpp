#include "core/weights/load.h"
#include "weights/made_tensor_file.h"

#include <gmock/gmock.h>
#include <limits>

namespace rnnscope::weights {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

struct SmallLstm : MadeTensorFile
{
    SmallLstm()
    {
        addStack(*this, "lstm.", 4, 2, 3, 2);
        addLinear(*this, "linear", 2, 3);
    }
};

Part part(std::size_t tensor, std::size_t offset, std::vector<int> gates, bool transposed = false)
{
    Part result;
    result.tensor = tensor;
    result.offset = offset;
    result.gates = std::move(gates);
    result.transposed = transposed;
    return result;
}

std::string refusal(const TensorFile& file, const Choices& choices = {}, Errc code = Errc::NeedsChoice)
{
    const auto loaded = loadWeights(file, choices);
    if (loaded)
        return "loaded";
    EXPECT_EQ(loaded.error().code, code) << loaded.error().message;
    return loaded.error().message;
}

RnnSizes sizes(const std::string& text)
{
    return parseRnnSizes(text).value();
}

} // namespace

TEST(LoadWeights, PutsParametersIntoTheZoosOrder)
{
    MadeTensorFile shuffled;
    const SmallLstm file;
    for (std::size_t i = file.tensors().size(); i-- > 0;) {
        shuffled.add(file.tensors()[i].name, file.tensors()[i].shape);
        ASSERT_TRUE(file.read(i, shuffled.values(shuffled.tensors().size() - 1)));
    }
    shuffled.add("norm.running_mean", {3});
    const auto loaded = loadWeights(shuffled, {});
    ASSERT_TRUE(loaded) << loaded.error().message;
    EXPECT_EQ(loaded->architecture.description(), "LSTM 2×3, 2 in, 2 out");
    const auto expected = loaded->architecture.tensors();
    ASSERT_EQ(loaded->parameters.size(), loaded->architecture.parameterCount());
    for (std::size_t t = 0; t < expected.size(); ++t)
        for (std::size_t i = 0; i < expected[t].size(); ++i)
            EXPECT_EQ(loaded->parameters[expected[t].offset + i], static_cast<float>(1000 * t + i)) << expected[t].name;
    EXPECT_EQ(loaded->report.network, "LSTM 2×3, 2 in, 2 out: 'lstm' read by 'linear'");
    EXPECT_EQ(loaded->report.precision, "float32");
    EXPECT_EQ(loaded->report.used.size(), 10U);
    EXPECT_THAT(loaded->report.ignored, ElementsAre("norm.running_mean"));
    EXPECT_EQ(loaded->report.nonFinite, 0U);
    EXPECT_THAT(loaded->report.notes, ElementsAre("left out what belongs to no network: norm.running_mean"));
}

TEST(LoadWeights, ReordersGatesAndTransposes)
{
    MadeTensorFile file({{"kernel", {2, 6}}, {"recurrent", {2, 6}}, {"bias", {2, 6}}, {"out.weight", {1, 2}}});
    RecurrentStack stack;
    stack.name = "gru";
    stack.cell = zoo::Cell::Gru;
    stack.inputSize = 2;
    stack.hiddenSize = 2;
    stack.layers.resize(1);
    stack.layers[0].weightIh = part(0, 0, {1, 0, 2}, true); // stored z, r, h
    stack.layers[0].weightHh = part(1, 0, {1, 0, 2}, true);
    stack.layers[0].biasIh = part(2, 0, {1, 0, 2});
    stack.layers[0].biasHh = part(2, 6, {1, 0, 2});
    const auto values = readStack(file, stack);
    ASSERT_TRUE(values) << values.error().message;
    EXPECT_THAT(std::vector<float>(values->begin(), values->begin() + 12),
                ElementsAre(2, 8, 3, 9, 0, 6, 1, 7, 4, 10, 5, 11));
    EXPECT_THAT(std::vector<float>(values->begin() + 24, values->end()),
                ElementsAre(2002, 2003, 2000, 2001, 2004, 2005, 2008, 2009, 2006, 2007, 2010, 2011));
}

TEST(LoadWeights, RefusesPartsOutsideTheirTensors)
{
    MadeTensorFile file({{"w", {4, 1}}});
    RecurrentStack stack;
    stack.inputSize = 1;
    stack.hiddenSize = 1;
    stack.bias = false;
    stack.layers.resize(1);
    stack.layers[0].weightIh.tensor = 0;
    for (const Part& wrong : {part(1, 0, {}), part(0, 1, {}), part(0, static_cast<std::size_t>(-2), {}),
                              part(0, 0, {0, 1, 2, 4}), part(0, 0, {0})}) {
        stack.layers[0].weightHh = wrong;
        const auto values = readStack(file, stack);
        ASSERT_FALSE(values);
        EXPECT_EQ(values.error().code, Errc::BadFormat);
    }
}

TEST(LoadWeights, TakesAbsentBiasesForZeros)
{
    MadeTensorFile file({{"w.weight_ih_l0", {1, 1}}, {"w.weight_hh_l0", {1, 1}}, {"out.weight", {2, 1}}});
    const auto loaded = loadWeights(file, {.sizes = sizes("cell=rnn_relu")});
    ASSERT_TRUE(loaded) << loaded.error().message;
    EXPECT_FALSE(loaded->architecture.bias);
    EXPECT_THAT(loaded->parameters, ElementsAre(0, 1000, 2000, 2001, 0, 0));
    EXPECT_THAT(loaded->report.notes, ElementsAre("the head 'out' has no bias: zeros were taken"));
}

TEST(LoadWeights, SaysThatAPlainRnnsUnitsAreUnknown)
{
    MadeTensorFile file;
    addStack(file, "rnn.", 1, 4, 10, 1);
    addLinear(file, "fc", 2, 10);
    const auto loaded = loadWeights(file, {});
    EXPECT_EQ(loaded->architecture.cell, zoo::Cell::RnnTanh);
    EXPECT_THAT(loaded->report.notes, Contains(HasSubstr("tanh was taken (--rnn cell=rnn_relu")));
    const auto relu = loadWeights(file, {.sizes = sizes("cell=rnn_relu")});
    EXPECT_EQ(relu->architecture.cell, zoo::Cell::RnnRelu);
    EXPECT_TRUE(relu->report.notes.empty());
    EXPECT_THAT(refusal(file, {.sizes = sizes("cell=gru")}, Errc::ShapeMismatch), HasSubstr("is a tanh RNN 1×10"));
    EXPECT_THAT(refusal(file, {.sizes = sizes("hidden=11")}, Errc::ShapeMismatch), HasSubstr("made.pt"));
}

TEST(LoadWeights, CountsWeightsThatAreNotFinite)
{
    SmallLstm file;
    file.values(1)[4] = std::numeric_limits<float>::quiet_NaN();
    file.values(5)[0] = -std::numeric_limits<float>::infinity();
    const auto loaded = loadWeights(file, {});
    EXPECT_EQ(loaded->report.nonFinite, 2U);
    EXPECT_THAT(loaded->report.notes, ElementsAre(HasSubstr("2 weights are NaN or infinite")));
}

TEST(LoadWeights, TellsThePrecision)
{
    const SmallLstm whole;
    MadeTensorFile file;
    for (const TensorInfo& tensor : whole.tensors())
        file.add(tensor.name, tensor.shape, Dtype::Float16);
    const auto half = loadWeights(file, {});
    EXPECT_TRUE(half->half);
    EXPECT_EQ(half->report.precision, "float16");
    MadeTensorFile mixed;
    for (const TensorInfo& tensor : whole.tensors())
        mixed.add(tensor.name, tensor.shape, tensor.shape.size() == 1 ? Dtype::Float64 : Dtype::BFloat16);
    const auto rounded = loadWeights(mixed, {});
    EXPECT_FALSE(rounded->half);
    EXPECT_EQ(rounded->report.precision, "bfloat16 and float64");
    EXPECT_THAT(rounded->report.notes, ElementsAre("float64 weights were rounded to float32"));
}

TEST(LoadWeights, AsksWhichNetworkIsMeant)
{
    MadeTensorFile file;
    addStack(file, "a.encoder.", 4, 6, 8, 1);
    addStack(file, "a.decoder.", 3, 6, 8, 1);
    addStack(file, "b.decoder.", 4, 5, 8, 2);
    addLinear(file, "out", 4, 8);
    EXPECT_EQ(refusal(file),
              "made.pt holds 3 recurrent networks, say which: --rnn-prefix a.encoder (LSTM 1×8, 6 in), "
              "--rnn-prefix a.decoder (GRU 1×8, 6 in) or --rnn-prefix b.decoder (LSTM 2×8, 5 in)");
    EXPECT_EQ(loadWeights(file, {.rnnPrefix = "encoder"})->architecture.description(), "LSTM 1×8, 6 in, 4 out");
    EXPECT_EQ(loadWeights(file, {.rnnPrefix = "b.decoder"})->architecture.description(), "LSTM 2×8, 5 in, 4 out");
    EXPECT_THAT(refusal(file, {.rnnPrefix = "decoder"}), HasSubstr("--rnn-prefix a.decoder"));
    EXPECT_THAT(refusal(file, {.rnnPrefix = "ecoder"}, Errc::NotFound), HasSubstr("has no recurrent network 'ecoder'"));
}

TEST(LoadWeights, AsksWhichHeadIsMeant)
{
    MadeTensorFile file;
    addStack(file, "lstm.", 4, 6, 8, 1);
    addLinear(file, "policy", 4, 8);
    addLinear(file, "value", 1, 8);
    EXPECT_THAT(refusal(file), HasSubstr("say which: --head policy (4 out) or --head value (1 out)"));
    EXPECT_EQ(loadWeights(file, {.head = "value"})->architecture.outputSize, 1);
    EXPECT_THAT(refusal(file, {.head = "nothing"}, Errc::NotFound), HasSubstr("'nothing' names no linear layer"));
}

TEST(LoadWeights, NeedsAHead)
{
    MadeTensorFile file;
    addStack(file, "", 4, 6, 16, 2);
    EXPECT_EQ(refusal(file, {}, Errc::NotFound),
              "made.pt has no linear head that reads the 16 units of its network (LSTM 2×16, 6 in), and encoders need "
              "one");
    const auto stack = inspect(file)->stacks.front();
    EXPECT_EQ(readStack(file, stack)->size(), 64U * 6 + 3 * 64 * 16 + 4 * 64);
}

TEST(LoadWeights, SaysWhyANetworkDoesNotFit)
{
    MadeTensorFile file;
    addStack(file, "lstm.", 4, 6, 9, 1);
    file.add("lstm.weight_ih_l0_reverse", {36, 6});
    addLinear(file, "fc", 5, 18);
    EXPECT_THAT(refusal(file, {}, Errc::ShapeMismatch), HasSubstr("'lstm' (LSTM 1×9, 6 in) is bidirectional"));
    addStack(file, "decoder.", 4, 6, 9, 1);
    addLinear(file, "out", 2, 9);
    const auto loaded = loadWeights(file, {});
    ASSERT_TRUE(loaded) << "there is only one to load";
    EXPECT_THAT(loaded->report.notes, Contains(HasSubstr("'lstm' was left out: it is bidirectional")));
    EXPECT_THAT(refusal(file, {.rnnPrefix = "lstm"}, Errc::ShapeMismatch), HasSubstr("is bidirectional"));
}

TEST(LoadFlat, AsksForSizes)
{
    const MadeTensorFile file({{"", {13766}}}, Format::Npy);
    EXPECT_EQ(refusal(file),
              "made.pt holds 13766 numbers without names, say what network they are: --rnn "
              "cell=lstm,input=…,hidden=…,layers=…,output=…");
    EXPECT_THAT(refusal(file, {.sizes = sizes("cell=lstm,input=6")}), HasSubstr("(hidden, layers, output missing)"));
    const auto loaded = loadWeights(file, {.sizes = sizes("cell=lstm,input=6,hidden=32,layers=2,output=6")});
    ASSERT_TRUE(loaded) << loaded.error().message;
    EXPECT_EQ(loaded->parameters[13765], 13765.0F);
    EXPECT_EQ(refusal(file, {.sizes = sizes("cell=gru,input=6,hidden=32,layers=2,output=6")}, Errc::ShapeMismatch),
              "made.pt holds 13766 numbers a network, a GRU 2×32, 6 in, 6 out has 10374");
}

TEST(LoadFlat, TakesARowForANetwork)
{
    const MadeTensorFile file({{"", {3, 7}, Dtype::Float16}}, Format::Npy);
    EXPECT_THAT(refusal(file), HasSubstr("3 rows of 7 numbers"));
    const auto loaded = loadWeights(file, {.sizes = sizes("cell=rnn_tanh,input=2,hidden=1,layers=1,output=1")});
    ASSERT_TRUE(loaded) << loaded.error().message;
    EXPECT_EQ(loaded->networks, 3U);
    EXPECT_TRUE(loaded->half);
    EXPECT_EQ(loaded->parameters.size(), 21U);
    EXPECT_EQ(loaded->parameters[20], 20.0F);
}

TEST(LoadFlat, SuggestsSizesThatMatchAListsShapes)
{
    zoo::Architecture gru {zoo::Cell::Gru, 6, 8, 2, 3, false};
    MadeTensorFile file;
    for (const auto& tensor : gru.tensors())
        file.add(std::to_string(file.tensors().size()),
                 tensor.isBias() ? std::vector {tensor.rows} : std::vector {tensor.rows, tensor.columns});
    EXPECT_THAT(refusal(file),
                HasSubstr("--rnn cell=gru,input=6,hidden=8,layers=2,output=3,bias=false has their shapes"));
    EXPECT_EQ(loadWeights(file, {.sizes = sizes(describe(gru))})->architecture, gru);
    MadeTensorFile turned({{"0", {2}}, {"1", {1, 1}}, {"2", {1}}, {"3", {1}}, {"4", {1, 1}}, {"5", {1}}});
    EXPECT_THAT(refusal(turned), HasSubstr("cell=lstm,input=…"));
    EXPECT_THAT(refusal(MadeTensorFile({{"0", {1}}, {"1", {2}}, {"2", {1}}, {"3", {1}}, {"4", {1}}, {"5", {1}}}),
                        {.sizes = sizes("cell=rnn_tanh,input=2,hidden=1,layers=1,output=1")}, Errc::ShapeMismatch),
                HasSubstr("the tensor '0' has 1 numbers, weight_ih_l0 of a tanh RNN 1×1, 2 in, 1 out has 2"));
}

TEST(LoadWeights, TakesNoMoreMemoryThanAFileCanMean)
{
    MadeTensorFile file;
    addStack(file, "lstm.", 4, 30'000, 8'000, 1);
    addLinear(file, "out", 2, 8'000);
    EXPECT_THAT(refusal(file, {}, Errc::BadFormat), HasSubstr("too large"));
}

} // namespace rnnscope::weights
