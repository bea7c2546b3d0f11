#include "core/weights/tensor_file.h"
#include "weights/torch_writing.h"

#include <functional>
#include <gmock/gmock.h>

namespace rnnscope::weights {

using namespace writing;
using namespace std::string_literals;
using testing::HasSubstr;

namespace {

constexpr const char* kNoBusiness = "which a weight file has no business with";

/// Why the file is refused; nothing may have been run.
std::string refusal(const Scratch& scratch, const fs::path& path)
{
    const auto file = openTensorFile(path);
    EXPECT_FALSE(fs::exists(scratch / "pwned"));
    EXPECT_FALSE(file);
    return file ? "" : file.error().message;
}

std::string refusal(const Text& value)
{
    const Scratch scratch;
    return refusal(scratch, writeTorch(scratch, value, {floats({1, 2})}));
}

Text fourBytes() // one entry of storage 0
{
    return vector("0", 1);
}

} // namespace

TEST(TorchRefusal, NamesWhatAnArchiveWouldRun)
{
    const Scratch scratch;
    const Text value = dict({{"w", fourBytes()}, {"bad", evil(scratch.folder())}});
    EXPECT_THAT(refusal(scratch, writeTorch(scratch, value, {floats({1})})),
                HasSubstr(fmt::format("net.pt needs os.system, {}", kNoBusiness)));
}

TEST(TorchRefusal, NamesWhatAnyOfTheLegacyPicklesWouldRun)
{
    for (std::size_t which = 0; which < 5; ++which) {
        const Scratch scratch;
        const std::vector<LegacyStorage> storages {{"0", 1, floats({1})}};
        Texts pickles = legacyPickles(dict({{"w", fourBytes()}}), storages);
        ASSERT_TRUE(openTensorFile(writeLegacy(scratch, pickles, storages)));
        // Run for its effect, then dropped: the pickle's own value stays as it was.
        pickles[which].insert(2, evil(scratch.folder()) + "0");
        EXPECT_THAT(refusal(scratch, writeLegacy(scratch, pickles, storages)),
                    HasSubstr(fmt::format("net.tar needs os.system, {}", kNoBusiness)))
            << which;
    }
}

TEST(TorchRefusal, NamesWhatTorchScriptWouldRun)
{
    for (const bool inConstants : {false, true}) {
        const Scratch scratch;
        const Text bad = tuple({evil(scratch.folder())});
        const std::vector<ZipPart> parts {{"data.pkl", pickled(inConstants ? fourBytes() : bad)},
                                          {"constants.pkl", pickled(inConstants ? bad : ")")},
                                          {"code/__torch__.py", "import os"},
                                          {"data/0", floats({1})}};
        EXPECT_THAT(refusal(scratch, writeZip(scratch, parts)), HasSubstr("needs os.system")) << inConstants;
    }
}

TEST(TorchRefusal, NamesWhatAPlainPickleWouldRunInAnyProtocol)
{
    for (const Text& bytes :
         {"cos\nsystem\n(S'touch pwned'\ntR."s, "(S'touch pwned'\nios\nsystem\n."s, "(cos\nsystem\nS'touch pwned'\no."s,
          "\x80\x02"
          "cos\nsystem\nU\x04"
          "true\x85R."s,
          "\x80\x04\x95\x16\0\0\0\0\0\0\0\x8c\x02os\x8c\x06system\x93\x8c\x04true\x85R."s}) {
        const Scratch scratch;
        EXPECT_THAT(refusal(scratch, scratch.write("net.pkl", bytes)), HasSubstr("net.pkl needs os.system")) << bytes;
    }
}

TEST(TorchRefusal, RefusesHarmlessPlainPicklesToo)
{
    const Scratch scratch;
    EXPECT_THAT(refusal(scratch, scratch.write("net.pkl", pickled(dict({{"a", integer(1)}})))),
                HasSubstr("net.pkl is a pickle that torch.save did not write"));
    // pickle.dump(state_dict) hides each tensor in bytes for torch.load.
    EXPECT_THAT(refusal(scratch,
                        scratch.write("net.pkl",
                                      pickled(called(global("torch.storage", "_load_from_bytes"), tuple({text("")}))))),
                HasSubstr("needs torch.storage._load_from_bytes"));
}

TEST(TorchRefusal, KnowsAllWaysToCall)
{
    const Text os = global("os", "system");
    EXPECT_THAT(refusal(os + tuple({text("true")}) + "R"), HasSubstr("needs os.system"));
    EXPECT_THAT(refusal(joined({"(", text("true"), "ios\nsystem\n"})), HasSubstr("needs os.system"));
    EXPECT_THAT(refusal(joined({"(", os, text("true"), "o"})), HasSubstr("needs os.system"));
    EXPECT_THAT(refusal(os + ")\x81"), HasSubstr("needs os.system"));
    EXPECT_THAT(refusal(os + ")}\x92"), HasSubstr("needs os.system"));
    EXPECT_THAT(refusal(text("os") + text("system") + "\x93"), HasSubstr("needs os.system"));
    EXPECT_THAT(refusal(os), HasSubstr("needs os.system")); // named is enough
    EXPECT_THAT(refusal(os + "0N"), HasSubstr("needs os.system")); // dropped again
    EXPECT_THAT(refusal(global("torch", "hub.load")), HasSubstr("needs torch.hub.load"));
    EXPECT_THAT(refusal(global("torch", "EvilStorage")), HasSubstr("needs torch.EvilStorage"));
    EXPECT_THAT(refusal(global("collections", "OrderedDict.__reduce__")), HasSubstr("OrderedDict.__reduce__"));
    EXPECT_THAT(refusal(global("__torch__.user", "Net")), HasSubstr("needs __torch__.user.Net")); // no TorchScript
    EXPECT_THAT(refusal(global("torch.jit._pickle", "build_tensorlist")), HasSubstr("needs torch.jit._pickle"));
}

TEST(TorchRefusal, RefusesNamesThatAreComputed)
{
    EXPECT_THAT(refusal(integer(1) + text("system") + "\x93"), HasSubstr("names something by what is not text"));
    const Text encoded = called(global("_codecs", "encode"), tuple({text("os"), text("latin1")}));
    EXPECT_THAT(refusal(encoded + text("system") + "\x93"), HasSubstr("names something by what is not text"));
    EXPECT_THAT(refusal(text("system")
                        + "\x94"
                          "0"
                        + text("os") + "h\0\x93"s),
                HasSubstr("needs os.system"));
}

TEST(TorchRefusal, RefusesCallsOfWhatIsNoName)
{
    EXPECT_THAT(refusal(storage("FloatStorage", "0", 1) + ")R"), HasSubstr("calls what is no name"));
    EXPECT_THAT(refusal(called(global("builtins", "set"), ")") + ")R"), HasSubstr("calls what is no name"));
    EXPECT_THAT(refusal(text("os.system") + ")R"), HasSubstr("calls what is no name"));
}

TEST(TorchRefusal, RefusesExtensionsAndBuffers)
{
    EXPECT_THAT(refusal("\x82\x07"), HasSubstr("extension registry"));
    EXPECT_THAT(refusal("\x97"), HasSubstr("out-of-band buffers"));
    // What was named before comes first.
    EXPECT_THAT(refusal(global("os", "system") + "\x82\x07"), HasSubstr("needs os.system"));
    EXPECT_THAT(refusal(global("os", "system") + "\xff"), HasSubstr("needs os.system"));
}

TEST(TorchRefusal, DoesNotLetStatesRunAnything)
{
    const Scratch scratch;
    const Text state = dict({{"__reduce__", evil(scratch.folder())}, {"__setstate__", integer(1)}});
    const Text object = called(global("collections", "OrderedDict"), ")") + state + "b";
    EXPECT_THAT(refusal(scratch, writeTorch(scratch, object)), HasSubstr("needs os.system"));

    const Text inert = dict({{"__reduce__", text("os.system")}, {"__class__", global("builtins", "object")}});
    const auto file = openTensorFile(writeTorch(scratch, called(global("argparse", "Namespace"), ")") + inert + "b"));
    ASSERT_TRUE(file) << file.error().message;
    EXPECT_TRUE((*file)->tensors().empty());
}

TEST(TorchRefusal, TellsAModuleFromWhatHidesBehindOne)
{
    const auto module = [](const Text& more) {
        return global("user", "Net") + ")\x81" + dict({{"_parameters", "}"}, {"_modules", "}"}, {"more", more}}) + "b";
    };
    EXPECT_THAT(refusal(module("N")), HasSubstr("whole model of class user.Net"));
    EXPECT_THAT(refusal(module(global("torch.nn.functional", "relu"))), HasSubstr("whole model of class user.Net"));
    EXPECT_THAT(refusal(module(global("os", "system"))), HasSubstr("needs os.system"));
    EXPECT_THAT(refusal(global("user", "Net") + ")\x81"), HasSubstr("needs user.Net"));
}

TEST(TorchRefusal, ShowsNamesAsPlainText)
{
    EXPECT_THAT(refusal(global("a\xe2\x80\xae"
                               "b",
                               "c")),
                HasSubstr("needs a\xef\xbf\xbd"
                          "b.c"));
    EXPECT_THAT(refusal(global(std::string(300, 'm'), "c")), HasSubstr("…"));
}

TEST(TorchRefusal, RefusesTwoPicklesInOneArchive)
{
    const Scratch scratch;
    const auto path = writeZip(scratch, {{"data.pkl", pickled("N")}, {"other/data.pkl", pickled("N")}});
    EXPECT_THAT(refusal(scratch, path), HasSubstr("holds two files of PyTorch: net/data.pkl and net/other/data.pkl"));
}

} // namespace rnnscope::weights
