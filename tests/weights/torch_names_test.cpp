#include "core/weights/tensor_file.h"
#include "weights/torch_writing.h"

#include <gmock/gmock.h>

namespace rnnscope::weights {

using namespace writing;
using namespace std::string_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

Result<std::vector<std::string>> namesIn(const Text& value)
{
    const Scratch scratch;
    const auto file = openTensorFile(writeTorch(scratch, value, {floats({1, 2})}));
    if (!file)
        return forward(file);
    std::vector<std::string> names;
    for (const TensorInfo& info : (*file)->tensors())
        names.push_back(info.name);
    return names;
}

std::vector<std::string> names(const Text& value)
{
    const auto found = namesIn(value);
    EXPECT_TRUE(found) << (found ? "" : found.error().message);
    return found.value_or(std::vector<std::string> {});
}

std::string refusal(const Text& value)
{
    const auto found = namesIn(value);
    EXPECT_FALSE(found);
    return found ? "" : found.error().message;
}

const Text kTensor = vector("0", 2);

/// The value with containers around it: [[[value]]]
Text nested(const Text& value, std::size_t depth)
{
    return std::string(depth, ']') + value + std::string(depth, 'a');
}

} // namespace

TEST(TorchNames, AreTheWayToTheTensor)
{
    EXPECT_THAT(names(dict({{"a", dict({{"b", list({kTensor, integer(1), tuple({kTensor})})}})}})),
                ElementsAre("a.b.0", "a.b.2.0"));
    EXPECT_THAT(names(list({kTensor, kTensor})), ElementsAre("0", "1"));
    EXPECT_THAT(names(kTensor), ElementsAre("tensor"));
    EXPECT_THAT(names(dict({{"", kTensor}})), ElementsAre("tensor"));
    EXPECT_THAT(names("}(" + integer(7) + kTensor + tuple({integer(1)}) + kTensor + "u"), ElementsAre("7", "1"));
    EXPECT_THAT(names(dict({{"a", integer(1)}})), IsEmpty());
}

TEST(TorchNames, TakeTheLastOfEqualKeys)
{
    EXPECT_THAT(names(dict({{"a", kTensor}, {"b", kTensor}, {"a", kTensor}})), ElementsAre("b", "a"));
    EXPECT_THAT(names(dict({{"a", kTensor}, {"b", kTensor}, {"a", integer(1)}})), ElementsAre("b"));
}

TEST(TorchNames, LookBehindWrappers)
{
    const Text parameter = called(global("torch._utils", "_rebuild_parameter"), tuple({kTensor, "\x88", "}"}));
    EXPECT_THAT(names(dict({{"p", parameter}})), ElementsAre("p"));
    const Text wrapped = called(
        global("torch._tensor", "_rebuild_from_type_v2"),
        tuple({global("torch._utils", "_rebuild_tensor_v2"), global("torch", "Tensor"),
               tuple({storage("FloatStorage", "0", 2), integer(0), shape({2}), shape({1}), "\x89", "}"}), "}"}));
    EXPECT_THAT(names(dict({{"w", wrapped}})), ElementsAre("w"));
    // Python 2's OrderedDict.
    EXPECT_THAT(names(called(global("collections", "OrderedDict"),
                             tuple({list({list({text("x"), kTensor}), list({text("y"), kTensor})})}))),
                ElementsAre("x", "y"));
    EXPECT_THAT(names(called(global("collections", "defaultdict"), tuple({global("builtins", "list")})) + text("k")
                      + kTensor + "s"),
                ElementsAre("k"));
    EXPECT_THAT(names(global("argparse", "Namespace") + ")\x81" + dict({{"k", kTensor}}) + "b"), ElementsAre("k"));
}

TEST(TorchNames, VisitSharedContainersOnceAWay)
{
    EXPECT_THAT(names(list({dict({{"w", kTensor}}) + "q\x01", "h\x01"})), ElementsAre("0.w", "1.w"));
}

TEST(TorchNames, EndInCycles)
{
    EXPECT_THAT(names("]q\x01(h\x01" + kTensor
                      + "h\x01"
                        "e"),
                ElementsAre("1"));
    EXPECT_THAT(names("}q\x01(" + text("self") + "h\x01" + text("w") + kTensor + "u"), ElementsAre("w"));
    const Text loop = "]q\x01(" + called(global("torch", "Size"), tuple({"h\x01"})) + "e"; // a wrapper of itself
    EXPECT_THAT(names(loop), IsEmpty());
}

TEST(TorchNames, AreNotMultipliedBeyondALimit)
{
    // Each list holds the one before it twice: 2^40 ways.
    const auto laughs = [](const Text& joke, int times) {
        Text all = joke + "q\x01";
        for (int i = 0; i < times; ++i)
            all = all + "0](h\x01h\x01" + "eq\x01";
        return all;
    };
    EXPECT_THAT(names(laughs("]", 40)), IsEmpty());
    EXPECT_THAT(names(laughs(list({kTensor}), 3)).size(), 8U);
    EXPECT_THAT(refusal(laughs(list({kTensor}), 40)), HasSubstr("has over 100000 tensors"));
}

TEST(TorchNames, RefuseDeadEndsWithoutEnd)
{
    // Every list holds all lists: ways are many, tensors are not.
    Text all;
    constexpr int kLists = 30;
    const auto numbered = [](char op, int list) { return Text {op, static_cast<char>(list)}; };
    for (int i = 0; i < kLists; ++i)
        all += ']' + numbered('q', i);
    for (int i = 0; i < kLists; ++i) {
        all += numbered('h', i) + '(';
        for (int j = 0; j < kLists; ++j)
            all += numbered('h', j);
        if (i == kLists - 1)
            all += kTensor;
        all += i == kLists - 1 ? "e" : "e0";
    }
    EXPECT_THAT(refusal(all),
                testing::AnyOf(HasSubstr("share each other too often"), HasSubstr("over 100000 tensors")));
}

TEST(TorchNames, RefuseDepthAndLength)
{
    EXPECT_THAT(names(nested(kTensor, 100)).size(), 1U);
    EXPECT_THAT(refusal(nested(kTensor, 101)), HasSubstr("has a tensor inside over 100 containers"));
    EXPECT_THAT(names(dict({{"a", nested("N", 100'000)}, {"w", kTensor}})), ElementsAre("w"));
    EXPECT_THAT(refusal(dict({{std::string(1001, 'n'), kTensor}})),
                HasSubstr("has a name of over 1000 characters: nnn"));
}

TEST(TorchNames, StandInMessagesAsPlainText)
{
    const Text bad = tensor(storage("FloatStorage", "0", 2), 0, {3}, {1});
    EXPECT_THAT(refusal(dict({{"a\nb", bad}})),
                HasSubstr("the tensor a\xef\xbf\xbd"
                          "b reaches past"));
}

TEST(TorchNames, NeedStoragesThatAreDescribed)
{
    const auto with = [](const Text& id) { return dict({{"w", tensor(id, 0, {1}, {1})}}); };
    const Text type = global("torch", "FloatStorage");
    EXPECT_THAT(refusal(with("NQ")), HasSubstr("storage that is described in no known way"));
    EXPECT_THAT(refusal(with(tuple({text("storage"), type, integer(0), text("cpu"), integer(1)}) + "Q")),
                HasSubstr("storage that is described in no known way"));
    EXPECT_THAT(
        refusal(with(tuple({text("storage"), global("torch", "Size"), text("0"), text("cpu"), integer(1)}) + "Q")),
        HasSubstr("of type torch.Size, which is none of a storage"));
    EXPECT_THAT(refusal(with(integer(1))), HasSubstr("the tensor w has no storage"));
    EXPECT_THAT(refusal(tuple({vector("0", 2), vector("0", 1)})), HasSubstr("gives its storage 0 two sizes"));
}

} // namespace rnnscope::weights
