#include "core/weights/find_rnn.h"
#include "weights/made_tensor_file.h"

#include <gmock/gmock.h>

namespace rnnscope::weights {

using testing::ElementsAre;

namespace {

/// "lstm" with 16 units, and linear layers.
RecurrentStack withLayers(const std::vector<std::string>& layers, const std::string& lstm = "lstm")
{
    MadeTensorFile file;
    addStack(file, lstm + ".", 4, 6, 16, 1);
    for (const std::string& layer : layers)
        addLinear(file, layer, 5, 16);
    return inspect(file)->stacks.front();
}

std::vector<std::string> names(const RecurrentStack& stack)
{
    std::vector<std::string> found;
    for (const LinearHead& head : stack.heads)
        found.push_back(head.name);
    return found;
}

} // namespace

TEST(FindHeads, PrefersUsualNames)
{
    const RecurrentStack stack = withLayers({"attention", "value", "fc_out"});
    EXPECT_THAT(names(stack), ElementsAre("fc_out", "attention", "value"));
    EXPECT_TRUE(stack.headIsClear);
}

TEST(FindHeads, PrefersThoseOfTheSameModule)
{
    const RecurrentStack stack = withLayers({"ema.linear", "model.linear"}, "model.lstm");
    EXPECT_EQ(stack.heads.front().name, "model.linear");
    EXPECT_TRUE(stack.headIsClear) << "a copy's head is no rival";
    const RecurrentStack copy = withLayers({"ema.linear", "model.linear"}, "ema.lstm");
    EXPECT_EQ(copy.heads.front().name, "ema.linear");
}

TEST(FindHeads, LeavesTheChoiceBetweenEquals)
{
    EXPECT_FALSE(withLayers({"linear", "decoder"}).headIsClear);
    EXPECT_FALSE(withLayers({"policy", "value"}).headIsClear);
    EXPECT_FALSE(withLayers({"model.proj", "decoder"}, "model.lstm").headIsClear);
}

TEST(FindHeads, TakesTheOnlyOneWhateverItsName)
{
    const RecurrentStack stack = withLayers({"xyz"});
    EXPECT_THAT(names(stack), ElementsAre("xyz"));
    EXPECT_TRUE(stack.headIsClear);
}

TEST(FindHeads, KnowsWhatIsNoReadOut)
{
    MadeTensorFile file;
    addStack(file, "lstm.", 4, 6, 16, 1);
    file.add("embedding.weight", {50, 16}); // no bias
    file.add("narrow.weight", {5, 15});
    file.add("narrow.bias", {5});
    file.add("odd.weight", {5, 16});
    file.add("odd.bias", {4});
    file.add("conv.weight", {5, 16, 3});
    file.add("counts.weight", {5, 16}, Dtype::Integer);
    file.add("tied.weight", {7, 16}); // a linear layer without bias
    const RecurrentStack stack = inspect(file)->stacks.front();
    EXPECT_THAT(names(stack), ElementsAre("tied"));
    EXPECT_FALSE(stack.heads.front().bias.present());
}

TEST(FindHeads, TakesNoLayerInTheMiddleOfAnMlpForClear)
{
    for (const auto& [first, second] : {std::pair {"head.0", "head.2"}, {"fc1", "fc2"}}) {
        MadeTensorFile file;
        addStack(file, "lstm.", 4, 6, 16, 1);
        addLinear(file, first, 64, 16);
        addLinear(file, second, 10, 64);
        const RecurrentStack stack = inspect(file)->stacks.front();
        EXPECT_THAT(names(stack), ElementsAre(first));
        EXPECT_FALSE(stack.headIsClear) << "the outputs are those of " << second;
    }
}

} // namespace rnnscope::weights
