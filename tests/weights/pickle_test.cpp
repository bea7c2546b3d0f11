#include "core/weights/pickle.h"
#include "weights/torch_writing.h"

#include <gmock/gmock.h>

namespace rnnscope::weights {

using namespace writing;
using testing::HasSubstr;

namespace {

std::string faultOf(const std::string& bytes)
{
    return parsePickle(bytes).fault;
}

/// "{'a': [1, True, None]}", for values without cycles.
std::string shown(const Pickle& pickle, PickleId id)
{
    const PickleValue& value = pickle[id];
    const auto parts = [&] {
        std::string all;
        for (const PickleId part : value.parts) {
            all += all.empty() ? "" : " ";
            all += shown(pickle, part);
        }
        return all;
    };
    switch (value.kind) {
    case PickleKind::None:
        return "None";
    case PickleKind::Boolean:
        return value.number != 0 ? "True" : "False";
    case PickleKind::Integer:
        return std::to_string(value.number);
    case PickleKind::BigInteger:
        return "big";
    case PickleKind::Other:
        return "other";
    case PickleKind::Text:
        return fmt::format("'{}'", value.text);
    case PickleKind::Tuple:
        return fmt::format("({})", parts());
    case PickleKind::List:
        return fmt::format("[{}]", parts());
    case PickleKind::Set:
        return fmt::format("<{}>", parts());
    case PickleKind::Dict:
        return fmt::format("{{{}}}", parts());
    case PickleKind::Global:
        return std::string(value.text);
    case PickleKind::Call:
        return fmt::format("call({})", parts());
    case PickleKind::Persistent:
        return fmt::format("outside({})", parts());
    }
    return "?";
}

std::string read(const std::string& bytes)
{
    const Pickle pickle = parsePickle(bytes);
    EXPECT_EQ(pickle.fault, "") << bytes;
    return shown(pickle, pickle.root);
}

using namespace std::string_literals;

} // namespace

TEST(Pickle, ReadsNumbersOfAllProtocols)
{
    EXPECT_EQ(read("(I7\nI-3\nI01\nI00\nL5L\nL-6\nt."), "(7 -3 True False 5 -6)");
    EXPECT_EQ(read("(K\xffM\x01\x02J\xfe\xff\xff\xfft."), "(255 513 -2)");
    EXPECT_EQ(read("\x80\x02(\x8a\x00\x8a\x01\xff\x8a\x02\x00\x80\x8b\x01\x00\x00\x00\x7ft."s), "(0 -1 -32768 127)");
    EXPECT_EQ(read("(F1.5\nG\x3f\xf0\0\0\0\0\0\0L99999999999999999999L\nN\x88\x89t."s),
              "(other other big None True False)");
}

TEST(Pickle, ReadsTextsOfAllProtocols)
{
    EXPECT_EQ(read("(S'it\\'s\\x41\\n'\nS\"b\"\nV\\u00e9\\u20acc\nt."), "('it'sA\n' 'b' 'é€c')");
    EXPECT_EQ(read("(U\x02u1T\x02\0\0\0t2X\x02\0\0\0x3\x8c\x02s4\x8d\x02\0\0\0\0\0\0\0l5t."s),
              "('u1' 't2' 'x3' 's4' 'l5')");
    EXPECT_EQ(read("(C\x01zB\x01\0\0\0z\x8e\x01\0\0\0\0\0\0\0z\x96\x01\0\0\0\0\0\0\0zt."s),
              "(other other other other)");
}

TEST(Pickle, ReadsContainersOfAllProtocols)
{
    EXPECT_EQ(read("(lp0\nI1\naI2\na."), "[1 2]");
    EXPECT_EQ(read("(dp0\nS'a'\nI1\ns."), "{'a' 1}");
    EXPECT_EQ(read("(S'a'\nI1\nd."), "{'a' 1}");
    EXPECT_EQ(read("](K\x01K\x02"
                   "e."),
              "[1 2]");
    EXPECT_EQ(read("}(K\x01K\x02u."), "{1 2}");
    EXPECT_EQ(read("\x80\x04(K\x01\x85K\x02K\x03\x86K\x04K\x05K\x06\x87)t."), "((1) (2 3) (4 5 6) ())");
    EXPECT_EQ(read("\x80\x04\x8f(K\x01K\x02\x90."), "<1 2>");
    EXPECT_EQ(read("\x80\x04(K\x01\x91."), "<1>");
}

TEST(Pickle, FollowsMemoAndStack)
{
    EXPECT_EQ(read("(]q\x05h\x05r\x00\x01\x00\x00j\x00\x01\x00\x00g5\nt."s), "([] [] [] [])");
    EXPECT_EQ(read("\x80\x04(\x8c\x01"
                   "a\x94h\0t."s),
              "('a' 'a')");
    EXPECT_EQ(read("K\x01K\x02"
                   "0."),
              "1");
    EXPECT_EQ(read("K\x01(K\x02K\x03"
                   "1."),
              "1");
    EXPECT_EQ(read("K\x01(0."), "1");
    EXPECT_EQ(read("K\x01"
                   "2\x86."),
              "(1 1)");
}

TEST(Pickle, NotesCallsAndMakesNone)
{
    EXPECT_EQ(read("cos\nsystem\n(S'true'\ntR."), "call(os.system ('true') None None)");
    EXPECT_EQ(read("(S'true'\nios\nsystem\n."), "call(os.system ('true') None None)");
    EXPECT_EQ(read("(cos\nsystem\nS'true'\no."), "call(os.system ('true') None None)");
    EXPECT_EQ(read("\x80\x04\x8c\x02os\x8c\x06system\x93)\x81."), "call(os.system () None None)");
    EXPECT_EQ(read("\x80\x04"
                   "cos\nsystem\n)}\x92."),
              "call(os.system () None None)");
    EXPECT_EQ(read("ca\nB\n)R}b."), "call(a.B () {} None)");
    EXPECT_EQ(read("ca\nB\n)RK\x01"
                   "a."),
              "call(a.B () None [1])");
    EXPECT_EQ(read("ca\nB\n)RK\x01K\x02s."), "call(a.B () None {1 2})");
    EXPECT_EQ(read("K\x07Q."), "outside(7)");
    EXPECT_EQ(read("Pkey\n."), "outside('key')");
}

TEST(Pickle, JoinsWhatIsNamedFromTheStack)
{
    // "o" "s" cannot be added in a pickle; a name from the memo is the name all the same.
    const Pickle pickle = parsePickle("\x80\x04\x8c\x06system\x94"
                                      "0\x8c\x05posix\x94"
                                      "0h\x01h\x00\x93."s);
    ASSERT_EQ(pickle.globals.size(), 1U);
    EXPECT_EQ(pickle[pickle.globals[0]].text, "posix.system");
}

TEST(Pickle, StopsAtStop)
{
    EXPECT_EQ(parsePickle("K\x01.K\x02.").size, 3U);
}

TEST(Pickle, RefusesExtensionsAndBuffers)
{
    EXPECT_THAT(faultOf("\x80\x02\x82\x01."), HasSubstr("extension registry"));
    EXPECT_THAT(faultOf("\x80\x02\x83\x01\x01."), HasSubstr("extension registry"));
    EXPECT_THAT(faultOf("\x80\x02\x84\x01\x01\x01\x01."), HasSubstr("extension registry"));
    EXPECT_THAT(faultOf("\x80\x05\x97."), HasSubstr("out-of-band buffers"));
    EXPECT_THAT(faultOf("\x80\x05N\x98."), HasSubstr("out-of-band buffers"));
    EXPECT_THAT(faultOf("\x80\x06N."), HasSubstr("protocol after 5"));
}

TEST(Pickle, RefusesDamage)
{
    EXPECT_THAT(faultOf("\xff."), HasSubstr("unknown instruction 0xff at byte 0"));
    EXPECT_THAT(faultOf("h\x01."), HasSubstr("has not named"));
    EXPECT_THAT(faultOf("."), HasSubstr("where there is none"));
    EXPECT_THAT(faultOf("(."), HasSubstr("where there is none"));
    EXPECT_THAT(faultOf("K\x01(\x85."), HasSubstr("where there is none")); // not from below the mark
    EXPECT_THAT(faultOf("t."), HasSubstr("mark"));
    EXPECT_THAT(faultOf("K\x01K\x02"
                        "a."),
                HasSubstr("no container"));
    EXPECT_THAT(faultOf("]K\x01K\x02s."), HasSubstr("no container"));
    EXPECT_THAT(faultOf("}(K\x01u."), HasSubstr("key without a value"));
    EXPECT_THAT(faultOf("]}b."), HasSubstr("state"));
    EXPECT_THAT(faultOf("ca\nB\nK\x01R."), HasSubstr("arguments"));
    EXPECT_THAT(faultOf("\x80\x04K\x01K\x02\x93."), HasSubstr("not text"));
    EXPECT_THAT(faultOf("cos; import\nsystem\n."), HasSubstr("cannot be a name"));
    EXPECT_THAT(faultOf(fmt::format("c{:a>600}\nb\n.", "")), HasSubstr("over 512 characters"));
    EXPECT_THAT(faultOf("I7x\n."), HasSubstr("number that is none"));
    EXPECT_THAT(faultOf("Sabc\n."), HasSubstr("without quotes"));
}

TEST(Pickle, NoticesItsEndAtEveryByte)
{
    const std::string whole = pickled(dict({{"a", list({integer(1), text("b"), global("c", "d")})}}));
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_TRUE(parsePickle(whole.substr(0, size)).cutShort) << size;
    EXPECT_EQ(faultOf(whole), "");
}

TEST(Pickle, TakesNoMemoryForSizesThatAreOnlyClaimed)
{
    EXPECT_TRUE(parsePickle("X\xff\xff\xff\xff"
                            "a."s)
                    .cutShort);
    EXPECT_TRUE(parsePickle("\x8d\xff\xff\xff\xff\xff\xff\xff\xff"
                            "a."s)
                    .cutShort);
    EXPECT_TRUE(parsePickle("\x8b\xff\xff\xff\x7f"
                            "a."s)
                    .cutShort);
    EXPECT_TRUE(parsePickle("\x95\xff\xff\xff\xff\xff\xff\xff\x7fN."s).cutShort);
    EXPECT_EQ(read("]r\xff\xff\xff\xff."), "[]"); // a memo entry of a high number is one entry
}

TEST(Pickle, LimitsValuesAndInstructions)
{
    EXPECT_THAT(faultOf(std::string(kMostPickleValues + 1, ']')), HasSubstr("values"));
    EXPECT_THAT(faultOf(fmt::format("N{:2>{}}.", "", kMostPickleOperations)), HasSubstr("instructions"));
    std::string named;
    for (std::size_t i = 0; i <= kMostGlobals; ++i)
        named += "ca\nb\n0";
    EXPECT_THAT(faultOf(named), HasSubstr("names something over 65536 times"));
    std::string nested(1'000'000, ']'); // [[[[…]]]]
    nested += std::string(999'999, 'a') + ".";
    EXPECT_EQ(faultOf(nested), "");
}

} // namespace rnnscope::weights
