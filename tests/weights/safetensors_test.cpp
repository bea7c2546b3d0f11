#include "core/weights/readers.h"
#include "weights/network_outputs.h"
#include "weights/weight_files.h"

#include <cstring>
#include <gmock/gmock.h>

namespace rnnscope::weights {

using testing::ElementsAre;
using testing::HasSubstr;

namespace {

const zoo::Architecture kFormal {zoo::Cell::Lstm, 6, 32, 2, 6, true};

std::string withHeader(const std::string& json, const std::string& data)
{
    std::string bytes(8, '\0');
    const std::uint64_t length = json.size();
    std::memcpy(bytes.data(), &length, sizeof(length));
    return bytes + json + data;
}

class Safetensors : public testing::Test
{
protected:
    OpenedFile open(const std::string& json, const std::string& data) const
    {
        return openSafetensors(MappedFile::open(scratch.write("a.safetensors", withHeader(json, data))).value());
    }
    std::string refusal(const std::string& json, const std::string& data) const
    {
        const auto opened = open(json, data);
        return opened ? "opened" : opened.error().message;
    }

    Scratch scratch;
};

} // namespace

TEST_F(Safetensors, FilesOfTheReferenceGiveTheirOutputs)
{
    for (const auto& [name, tolerance] : {std::pair {"rnnfast.safetensors", 1e-5F},
                                          {"rnnfast_f16.safetensors", 1e-5F},
                                          {"rnnfast_bf16.safetensors", 1e-5F},
                                          {"rnnfast_f64.safetensors", 1e-5F}}) {
        const auto opened = openTensorFile(dataFile(name));
        ASSERT_TRUE(opened) << opened.error().message;
        EXPECT_EQ((*opened)->format(), Format::Safetensors);
        const Recorded expected = recorded(dataFile("expected.h5"), name);
        const auto output = run(kFormal, parametersByName(**opened, kFormal, "lstm."), expected.input);
        EXPECT_LE(largestDifference(output, expected.output), tolerance) << name;
    }
}

TEST_F(Safetensors, ReadsEveryKindOfNumber)
{
    struct Case
    {
        const char* type;
        std::string data; ///< 1, -2 (or 254, …)
        Dtype dtype;
        float second;
    };
    const std::vector<Case> cases {
        {"F64", std::string("\0\0\0\0\0\0\xf0\x3f\0\0\0\0\0\0\0\xc0", 16), Dtype::Float64, -2},
        {"F32", std::string("\x00\x00\x80\x3f\x00\x00\x00\xc0", 8), Dtype::Float32, -2},
        {"F16", std::string("\x00\x3c\x00\xc0", 4), Dtype::Float16, -2},
        {"BF16", std::string("\x80\x3f\x00\xc0", 4), Dtype::BFloat16, -2},
        {"I64", std::string("\x01\0\0\0\0\0\0\0\xfe\xff\xff\xff\xff\xff\xff\xff", 16), Dtype::Integer, -2},
        {"I32", std::string("\x01\0\0\0\xfe\xff\xff\xff", 8), Dtype::Integer, -2},
        {"I16", std::string("\x01\x00\xfe\xff", 4), Dtype::Integer, -2},
        {"I8", "\x01\xfe", Dtype::Integer, -2},
        {"U64", std::string("\x01\0\0\0\0\0\0\0\xfe\0\0\0\0\0\0\0", 16), Dtype::Integer, 254},
        {"U32", std::string("\x01\0\0\0\xfe\0\0\0", 8), Dtype::Integer, 254},
        {"U16", std::string("\x01\x00\xfe\xff", 4), Dtype::Integer, 65534},
        {"U8", "\x01\xfe", Dtype::Integer, 254}};
    for (const Case& one : cases) {
        const auto opened = open(
            fmt::format(R"({{"a":{{"dtype":"{}","shape":[2],"data_offsets":[0,{}]}}}})", one.type, one.data.size()),
            one.data);
        ASSERT_TRUE(opened) << opened.error().message;
        EXPECT_EQ((*opened)->tensors().front().dtype, one.dtype) << one.type;
        EXPECT_THAT(valuesOf(**opened, "a"), ElementsAre(1.0F, one.second)) << one.type;
    }
}

TEST_F(Safetensors, ListsOtherNumbersAndDoesNotReadThem)
{
    const auto opened = open(R"({"f":{"dtype":"F8_E4M3","shape":[2],"data_offsets":[0,2]},)"
                             R"("b":{"dtype":"BOOL","shape":[1],"data_offsets":[2,3]},)"
                             R"("q":{"dtype":"F4","shape":[2],"data_offsets":[3,4]}})",
                             "abcd");
    ASSERT_TRUE(opened) << opened.error().message;
    std::vector<float> two(2);
    for (const std::size_t tensor : {0U, 1U, 2U}) {
        const auto read = (*opened)->read(tensor, std::span(two).first((*opened)->tensors()[tensor].entries()));
        ASSERT_FALSE(read);
        EXPECT_EQ(read.error().code, Errc::BadFormat);
    }
    EXPECT_THAT((*opened)->read(0, two).error().message, HasSubstr("tensor f holds entries of type other"));
}

TEST_F(Safetensors, TakesTensorsInTheOrderOfTheirBytes)
{
    const auto opened = open(R"({"__metadata__":{"format":"pt","n":1},)"
                             R"("b":{"shape":[],"data_offsets":[2,3],"dtype":"I8"},)"
                             R"("none":{"dtype":"I8","shape":[3,0],"data_offsets":[2,2]},)"
                             R"("a":{"dtype":"I8","shape":[2,1],"data_offsets":[0,2]}}   )",
                             "\x05\x06\x07");
    ASSERT_TRUE(opened) << opened.error().message;
    const auto& tensors = (*opened)->tensors();
    ASSERT_EQ(tensors.size(), 3U);
    EXPECT_EQ(tensors[0].name + tensors[1].name + tensors[2].name, "anoneb");
    EXPECT_THAT(tensors[0].shape, ElementsAre(2, 1));
    EXPECT_THAT(valuesOf(**opened, "a"), ElementsAre(5, 6));
    EXPECT_THAT(valuesOf(**opened, "none"), ElementsAre());
    EXPECT_THAT(valuesOf(**opened, "b"), ElementsAre(7));
}

TEST_F(Safetensors, FilesOfTheReferenceAreRefusedWithAReason)
{
    const auto message = [](const std::string& name) {
        const auto opened = openTensorFile(dataFile(name));
        return opened ? "opened" : opened.error().message;
    };
    for (const auto& [name, reason] :
         {std::pair {"st_header_length_huge", "says that its safetensors header has 4611686018427387904 bytes"},
          {"st_header_length_past_end", "says that its safetensors header has"},
          {"st_overlap", "tensor lstm.weight_hh_l0 lies at bytes"},
          {"st_past_end", "the file has"},
          {"st_shape_mismatch", "which needs"},
          {"st_reversed_range", "which is backwards"},
          {"st_unknown_dtype", "has the unknown type"},
          {"st_overflow_shape", "has a shape that is too large"},
          {"st_truncated", "the file has"},
          {"st_truncated_header", "says that its safetensors header has"},
          {"st_bad_json", "its safetensors header is not JSON at byte"},
          {"st_deep_json", "its safetensors header is a list, expected an object"}}) {
        const std::string file = std::string(name) + ".safetensors";
        EXPECT_THAT(message(file), HasSubstr(reason)) << file;
        EXPECT_THAT(message(file), HasSubstr(file));
    }
}

TEST_F(Safetensors, RefusesHeadersThatAreNotTheFormats)
{
    const auto tensor = [](const std::string& inside) { return R"({"a":{)" + inside + "}}"; };
    EXPECT_THAT(refusal("[]", ""), HasSubstr("is a list"));
    EXPECT_THAT(refusal("7", ""), HasSubstr("is a number"));
    EXPECT_THAT(refusal(R"({"a":1})", ""), HasSubstr("has a number under a"));
    EXPECT_THAT(refusal(R"({"__metadata__":{"a":{}}})", ""), HasSubstr("has an object under __metadata__"));
    EXPECT_THAT(refusal(tensor(R"("dtype":"I8","shape":[0])"), ""), HasSubstr("has no dtype, shape or data_offsets"));
    EXPECT_THAT(refusal(tensor(R"("dtype":"I8","dtype":"I8")"), ""), HasSubstr("a second dtype for tensor a"));
    EXPECT_THAT(refusal(tensor(R"("run":"me")"), ""), HasSubstr("an unknown key run for tensor a"));
    EXPECT_THAT(refusal(tensor(R"("shape":[-1])"), ""), HasSubstr("a negative number as shape of tensor a"));
    EXPECT_THAT(refusal(tensor(R"("shape":[1.5])"), ""), HasSubstr("a number with a fraction"));
    EXPECT_THAT(refusal(tensor(R"("shape":[[1]])"), ""), HasSubstr("a list as shape of tensor a"));
    EXPECT_THAT(refusal(tensor(R"("shape":[99999999999999999999])"), ""), HasSubstr("a number with a fraction"));
    EXPECT_THAT(refusal(tensor(R"("data_offsets":[0])"), ""), HasSubstr("has 1 data_offsets for tensor a"));
    const std::string one = R"("a":{"dtype":"I8","shape":[1],"data_offsets":[0,1]})";
    EXPECT_THAT(refusal("{" + one + "," + one + "}", "x"), HasSubstr("describes a twice"));
    EXPECT_THAT(refusal("{" + one + "}", "xy"), HasSubstr("has 2 bytes behind its header, its tensors take 1"));
    EXPECT_THAT(refusal("{" + one + "} x", "x"), HasSubstr("is not JSON"));
    EXPECT_THAT(refusal(R"({"a":{"dtype":"I8","shape":[1],"data_offsets":[1,2]}})", "xy"),
                HasSubstr("which leaves a hole from 0"));
    EXPECT_THAT(refusal(R"({"\u202e\u0007":{"dtype":"I8","shape":[1],"data_offsets":[1,2]}})", "xy"),
                HasSubstr("tensor \xEF\xBF\xBD\xEF\xBF\xBD lies"));
}

TEST_F(Safetensors, ReadsASmallNetworkOfAHugeFileWithoutTheRest)
{
    constexpr std::size_t kHuge = std::size_t {1} << 38U; // more than there is memory, all of it a hole
    const std::string small = readBytes(dataFile("rnnfast.safetensors"));
    std::uint64_t length = 0;
    std::memcpy(&length, small.data(), sizeof(length));
    std::string json = small.substr(8, length);
    const std::size_t data = small.size() - 8 - length;
    json = fmt::format(R"({},"embedding":{{"dtype":"F32","shape":[{},1024],"data_offsets":[{},{}]}}}})",
                       json.substr(0, json.rfind('}')), kHuge / 4096, data, data + kHuge);
    const fs::path path = scratch.write("huge.safetensors", withHeader(json, small.substr(8 + length)));
    fs::resize_file(path, fs::file_size(path) + kHuge);
    const auto opened = openTensorFile(path);
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_EQ((*opened)->tensors().back().entries(), kHuge / 4);
    const auto whole = openTensorFile(dataFile("rnnfast.safetensors"));
    EXPECT_EQ(parametersByName(**opened, kFormal, "lstm."), parametersByName(**whole, kFormal, "lstm."));
}

TEST_F(Safetensors, AnyCutAndAnyChangedHeaderByteGivesAnErrorOrTensors)
{
    const std::string json = R"({"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}})";
    const std::string good = withHeader(json, "12345678");
    const auto opens = [&](const std::string& bytes) {
        const auto opened = openSafetensors(MappedFile::open(scratch.write("b.safetensors", bytes)).value());
        for (std::size_t i = 0; opened && i < (*opened)->tensors().size(); ++i) {
            std::vector<float> values((*opened)->tensors()[i].entries());
            static_cast<void>((*opened)->read(i, values));
        }
        return opened.has_value();
    };
    EXPECT_TRUE(opens(good));
    for (std::size_t size = 0; size < good.size(); ++size)
        EXPECT_FALSE(opens(good.substr(0, size))) << size;
    for (std::size_t at = 0; at < 8 + json.size(); ++at)
        for (unsigned bit = 0; bit < 8; ++bit) {
            std::string bad = good;
            bad[at] = static_cast<char>(static_cast<unsigned char>(bad[at]) ^ (1U << bit));
            opens(bad);
        }
}

} // namespace rnnscope::weights
