#include "core/weights/find_rnn.h"
#include "weights/made_tensor_file.h"

#include <gmock/gmock.h>

namespace rnnscope::weights {

using testing::ElementsAre;
using testing::HasSubstr;

namespace {

RecurrentStack only(const MadeTensorFile& file)
{
    const auto found = inspect(file);
    EXPECT_TRUE(found) << found.error().message;
    EXPECT_EQ(found ? found->stacks.size() : 0U, 1U);
    return found && !found->stacks.empty() ? found->stacks.front() : RecurrentStack {};
}

std::string refusal(const MadeTensorFile& file)
{
    const auto found = inspect(file);
    return found ? "found" : found.error().message;
}

} // namespace

class InspectPrefix : public testing::TestWithParam<const char*>
{
};

TEST_P(InspectPrefix, IsTheStacksName)
{
    const std::string prefix = GetParam();
    MadeTensorFile file;
    addStack(file, prefix, 4, 6, 16, 2);
    addLinear(file, "decoder", 5, 16);
    const RecurrentStack stack = only(file);
    EXPECT_EQ(stack.name, prefix.substr(0, prefix.empty() ? 0 : prefix.size() - 1));
    EXPECT_EQ(stack.description(), "LSTM 2×16, 6 in");
    EXPECT_TRUE(stack.bias);
    EXPECT_EQ(stack.unfit, "");
    EXPECT_EQ(stack.layers[1].weightHh.tensor, 5U);
    EXPECT_EQ(stack.layers[1].biasHh.tensor, 7U);
    ASSERT_EQ(stack.heads.size(), 1U);
    EXPECT_EQ(stack.heads[0].name, "decoder");
    EXPECT_EQ(stack.heads[0].outputSize, 5);
    EXPECT_TRUE(stack.headIsClear);
}

INSTANTIATE_TEST_SUITE_P(Names, InspectPrefix,
                         testing::Values("", "lstm.", "module.rnn.", "state_dict.model.", "model_state_dict.lstm.",
                                         "model/lstm/", "0."));

TEST(Inspect, TellsCellsApartByTheirRows)
{
    for (const auto& [gates, expected] :
         {std::pair {4U, zoo::Cell::Lstm}, {3U, zoo::Cell::Gru}, {1U, zoo::Cell::RnnTanh}}) {
        MadeTensorFile file;
        addStack(file, "rnn.", gates, 12, 12, 1); // as many inputs as units
        const RecurrentStack stack = only(file);
        EXPECT_EQ(stack.cell, expected);
        EXPECT_EQ(stack.hiddenSize, 12);
        EXPECT_EQ(stack.tanhOrRelu, gates == 1);
    }
}

TEST(Inspect, FindsListsOfCells)
{
    for (const std::string inner : {"", "cell."}) {
        MadeTensorFile file;
        for (const std::string number : {"0.", "1.", "2."}) {
            const std::string cell = "cells." + number + inner;
            file.add(cell + "weight_ih", {64, number == "0." ? 6U : 16U});
            file.add(cell + "weight_hh", {64, 16});
            file.add(cell + "bias_ih", {64});
            file.add(cell + "bias_hh", {64});
        }
        addLinear(file, "out", 6, 16);
        const RecurrentStack stack = only(file);
        EXPECT_EQ(stack.name, "cells");
        EXPECT_EQ(stack.description(), "LSTM 3×16, 6 in");
        EXPECT_EQ(stack.layers[2].weightIh.tensor, 8U);
    }
}

TEST(Inspect, PutsTenCellsIntoTheOrderOfTheirNumbers)
{
    MadeTensorFile file;
    for (const std::size_t number : {10U, 2U, 0U}) { // in between there may be layers without tensors
        const std::string cell = std::to_string(number);
        file.add(cell + ".weight_ih", {12, number == 0 ? 5U : 4U});
        file.add(cell + ".weight_hh", {12, 4});
    }
    const RecurrentStack stack = only(file);
    EXPECT_EQ(stack.description(), "GRU 3×4, 5 in");
    EXPECT_FALSE(stack.bias);
    EXPECT_EQ(stack.layers[0].weightIh.tensor, 4U);
    EXPECT_EQ(stack.layers[2].weightIh.tensor, 0U);
}

TEST(Inspect, FindsTheAuthorsCells)
{
    MadeTensorFile file;
    for (const std::string cell : {"rnn.lstm_cells.0.", "rnn.lstm_cells.1."}) {
        addLinear(file, cell + "i2h", 32, cell.ends_with("0.") ? 6 : 8);
        addLinear(file, cell + "h2h", 32, 8);
    }
    addLinear(file, "rnn.linear", 6, 8);
    const RecurrentStack stack = only(file);
    EXPECT_EQ(stack.name, "rnn.lstm_cells");
    EXPECT_EQ(stack.description(), "LSTM 2×8, 6 in");
    EXPECT_EQ(stack.layers[1].biasHh.tensor, 7U);
    ASSERT_EQ(stack.heads.size(), 1U) << "cells are no heads";
}

TEST(Inspect, FindsASingleCell)
{
    MadeTensorFile file;
    for (const char* name : {"weight_ih", "weight_hh"})
        file.add(std::string("net.cell.") + name, {9, 3});
    EXPECT_EQ(only(file).name, "net.cell");
    EXPECT_EQ(only(file).description(), "GRU 1×3, 3 in");
}

TEST(Inspect, JoinsListsOfModulesWithOneLayer)
{
    MadeTensorFile file;
    addStack(file, "net.lstms.1.", 4, 8, 8, 1);
    addStack(file, "net.lstms.0.", 4, 6, 8, 1);
    addStack(file, "net.lstms.2.", 4, 8, 8, 1);
    const RecurrentStack stack = only(file);
    EXPECT_EQ(stack.name, "net.lstms");
    EXPECT_EQ(stack.description(), "LSTM 3×8, 6 in");
    EXPECT_EQ(stack.layers[0].weightIh.tensor, 4U);
    EXPECT_EQ(stack.layers[2].weightIh.tensor, 8U);
}

TEST(Inspect, KeepsModulesApartThatMayStandSideBySide)
{
    for (const auto& [first, second] : {std::pair {8U, 8U}, {6U, 6U}, {6U, 7U}}) {
        MadeTensorFile file;
        addStack(file, "experts.0.", 4, first, 8, 1);
        addStack(file, "experts.1.", 4, second, 8, 1);
        EXPECT_EQ(inspect(file)->stacks.size(), 2U) << first << ' ' << second;
    }
}

TEST(Inspect, KnowsStacksWithoutBiases)
{
    MadeTensorFile file({{"lstm.weight_ih_l0", {80, 6}}, {"lstm.weight_hh_l0", {80, 20}}});
    const RecurrentStack stack = only(file);
    EXPECT_FALSE(stack.bias);
    EXPECT_FALSE(stack.layers[0].biasIh.present());
}

TEST(Inspect, RecognisesBidirectionalNetworks)
{
    MadeTensorFile file;
    addStack(file, "lstm.", 4, 6, 9, 1);
    file.add("lstm.weight_ih_l0_reverse", {36, 6});
    file.add("lstm.weight_hh_l0_reverse", {36, 9});
    addLinear(file, "fc", 5, 18);
    const RecurrentStack stack = only(file);
    EXPECT_THAT(stack.unfit, HasSubstr("is bidirectional ('lstm.weight_ih_l0_reverse')"));
    EXPECT_EQ(stack.description(), "LSTM 1×9, 6 in");
    EXPECT_THAT(stack.others, ElementsAre(4, 5));
    EXPECT_EQ(stack.heads.size(), 1U);
}

TEST(Inspect, RecognisesProjections)
{
    MadeTensorFile file({{"lstm.weight_ih_l0", {72, 6}},
                         {"lstm.weight_hh_l0", {72, 7}},
                         {"lstm.bias_ih_l0", {72}},
                         {"lstm.bias_hh_l0", {72}},
                         {"lstm.weight_hr_l0", {7, 18}}});
    const RecurrentStack stack = only(file);
    EXPECT_THAT(stack.unfit, HasSubstr("has projections ('lstm.weight_hr_l0'): its 18 units are read through 7"));
}

TEST(Inspect, RecognisesCellsThatAreMoreThanPlain)
{
    MadeTensorFile file(
        {{"cells.0.weight_ih", {12, 5}}, {"cells.0.weight_hh", {12, 3}}, {"cells.0.layernorm.weight", {12}}});
    EXPECT_THAT(only(file).unfit, HasSubstr("'cells.0.layernorm.weight'"));
}

TEST(Inspect, NamesAMissingTensor)
{
    for (const char* missing : {"lstm.weight_hh_l1", "lstm.weight_ih_l0", "lstm.bias_hh_l1"}) {
        MadeTensorFile whole;
        addStack(whole, "lstm.", 4, 6, 8, 2);
        MadeTensorFile file;
        for (const TensorInfo& tensor : whole.tensors())
            if (tensor.name != missing)
                file.add(tensor.name, tensor.shape);
        EXPECT_THAT(refusal(file), HasSubstr(fmt::format("made.pt: the tensor '{}' is missing", missing)));
    }
    MadeTensorFile gap;
    addStack(gap, "", 4, 6, 8, 1);
    gap.add("weight_ih_l999999", {32, 8});
    gap.add("weight_hh_l999999", {32, 8});
    EXPECT_THAT(refusal(gap), HasSubstr("'weight_ih_l1' is missing"));
}

TEST(Inspect, NamesATensorThatDoesNotFit)
{
    const auto withShape = [](std::size_t tensor, std::vector<std::size_t> shape) {
        MadeTensorFile whole;
        addStack(whole, "lstm.", 4, 6, 32, 2);
        MadeTensorFile file;
        for (std::size_t i = 0; i < whole.tensors().size(); ++i)
            file.add(whole.tensors()[i].name, i == tensor ? shape : whole.tensors()[i].shape);
        return refusal(file);
    };
    EXPECT_THAT(withShape(5, {128, 31}),
                HasSubstr("the tensor 'lstm.weight_hh_l1' has shape (128, 31), expected (128, 32)"));
    EXPECT_THAT(withShape(1, {128, 31}), HasSubstr("'lstm.weight_hh_l0' has shape (128, 31), expected (128, 32)"));
    EXPECT_THAT(withShape(4, {128, 33}), HasSubstr("'lstm.weight_ih_l1' has shape (128, 33), expected (128, 32)"));
    EXPECT_THAT(withShape(2, {127}), HasSubstr("'lstm.bias_ih_l0' has shape (127,), expected (128,)"));
    EXPECT_THAT(withShape(0, {128}), HasSubstr("'lstm.weight_ih_l0' has shape (128,), expected a matrix"));
    MadeTensorFile odd({{"lstm.weight_ih_l0", {64, 6}}, {"lstm.weight_hh_l0", {64, 31}}});
    EXPECT_THAT(refusal(odd), HasSubstr("'lstm.weight_hh_l0' has shape (64, 31), expected 4 (LSTM), 3 (GRU) or 1"));
}

TEST(Inspect, RefusesNumbersThatAreNoWeights)
{
    MadeTensorFile file;
    file.add("weight_ih_l0", {4, 1}, Dtype::Integer);
    file.add("weight_hh_l0", {4, 1});
    EXPECT_THAT(refusal(file), HasSubstr("'weight_ih_l0' is of type integer, expected floats"));
}

TEST(Inspect, LeavesABrokenStackToTheOthers)
{
    MadeTensorFile file;
    addStack(file, "encoder.", 4, 6, 8, 1);
    file.add("decoder.weight_ih_l0", {32, 6});
    const auto found = inspect(file);
    ASSERT_TRUE(found);
    ASSERT_EQ(found->stacks.size(), 2U);
    EXPECT_EQ(found->stacks[0].unfit, "");
    EXPECT_THAT(found->stacks[1].unfit, HasSubstr("'decoder.weight_hh_l0' is missing"));
    EXPECT_TRUE(found->ignored.empty());
}

TEST(Inspect, TakesOptimisersForNoNetwork)
{
    MadeTensorFile file;
    addStack(file, "lstm.", 4, 6, 8, 1);
    addStack(file, "optimizer.exp_avg.lstm.", 4, 6, 8, 1);
    file.add("optimizer.state.0.exp_avg", {32, 6});
    const auto found = inspect(file);
    ASSERT_EQ(found->stacks.size(), 1U);
    EXPECT_EQ(found->ignored.size(), 5U);
}

TEST(Inspect, SaysThatThereIsNoNetwork)
{
    MadeTensorFile file;
    addLinear(file, "layers.0", 8, 6);
    addLinear(file, "layers.2", 3, 8);
    const auto found = inspect(file);
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, Errc::NotFound);
    EXPECT_EQ(found.error().message,
              "made.pt has no recurrent network: it holds 4 tensors ('layers.0.weight', …), none of them recurrent");
}

TEST(Inspect, TakesWhatTheFormatDeclares)
{
    MadeTensorFile file({{"kernel:0", {6, 32}}});
    RecurrentStack stack;
    stack.name = "lstm_3";
    stack.hiddenSize = 8;
    stack.layers.resize(1);
    stack.layers[0].weightIh.tensor = 0;
    file.declare(stack);
    addLinear(file, "fc", 5, 8);
    const RecurrentStack found = only(file);
    EXPECT_EQ(found.name, "lstm_3");
    EXPECT_EQ(found.heads.front().name, "fc");
}

TEST(Inspect, StaysFastOnThousandsOfStacks)
{
    MadeTensorFile file;
    for (int i = 0; i < 20'000; ++i) {
        file.add(fmt::format("a{}.weight_ih_l0", i), {1, 1});
        file.add(fmt::format("a{}.weight_hh_l0", i), {1, 1});
        file.add(fmt::format("head{}.weight", i), {1, 1});
    }
    EXPECT_THAT(refusal(file), HasSubstr("more than 1000 recurrent networks"));
}

TEST(Inspect, FindsFlatParameters)
{
    const auto vector = inspect(MadeTensorFile({{"", {13766}}}, Format::Npy));
    ASSERT_TRUE(vector) << vector.error().message;
    EXPECT_EQ(vector->flat->networks, 1U);
    EXPECT_EQ(vector->flat->parameters, 13766U);
    const auto rows = inspect(MadeTensorFile({{"", {3, 50}}}, Format::Npy));
    EXPECT_EQ(rows->flat->networks, 3U);
    EXPECT_EQ(rows->flat->parameters, 50U);
    const auto list = inspect(MadeTensorFile({{"0", {4, 6}}, {"1", {4, 1}}, {"2", {4}}}));
    EXPECT_EQ(list->flat->parameters, 32U);
    EXPECT_THAT(list->flat->tensors, ElementsAre(0, 1, 2));
    EXPECT_FALSE(inspect(MadeTensorFile({{"0", {4, 6}}, {"2", {4, 1}}})));
    EXPECT_FALSE(inspect(MadeTensorFile({{"fc.weight", {4, 6}}})));
    EXPECT_FALSE(inspect(MadeTensorFile({{"", {3, 5, 7}}}, Format::Npy)));
    EXPECT_FALSE(inspect(MadeTensorFile({{"", {100}, Dtype::Integer}}, Format::Npy)));
}

TEST(Inspect, SaysWhatStandsInPlaceOfAReparametrisedWeight)
{
    MadeTensorFile norm;
    addStack(norm, "lstm.", 4, 3, 5, 1);
    MadeTensorFile file;
    for (const TensorInfo& tensor : norm.tensors())
        if (tensor.name != "lstm.weight_hh_l0")
            file.add(tensor.name, tensor.shape);
    file.add("lstm.weight_hh_l0_g", {20, 1});
    file.add("lstm.weight_hh_l0_v", {20, 5});
    const auto found = inspect(file);
    ASSERT_FALSE(found);
    EXPECT_THAT(found.error().message, HasSubstr("is missing, in its place is 'lstm.weight_hh_l0_g'"));
}

} // namespace rnnscope::weights
