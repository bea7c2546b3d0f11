#include "core/weights/tensor_file.h"
#include "weights/torch_writing.h"

#include <gmock/gmock.h>

namespace rnnscope::weights {

using namespace writing;
using namespace std::string_literals;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

using Floats = std::vector<float>;
using Sizes = std::vector<std::int64_t>;

struct View
{
    std::int64_t offset = 0;
    Sizes shape {};
    Sizes strides {};
};

/// A view of the storage 0 1 2 … 11, or why it is refused.
Result<Floats> viewed(const View& view, std::int64_t claimed = 12)
{
    const Scratch scratch;
    Floats values(12);
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = static_cast<float>(i);
    const Text value
        = dict({{"w", tensor(storage("FloatStorage", "0", claimed), view.offset, view.shape, view.strides)}});
    const auto file = openTensorFile(writeTorch(scratch, value, {floats(values)}));
    if (!file)
        return forward(file);
    Floats read((*file)->tensors().at(0).entries(), -1.0F);
    const auto done = (*file)->read(0, read);
    return done ? Result<Floats>(read) : forward(done);
}

std::string refusal(const View& view)
{
    const auto read = viewed(view);
    EXPECT_FALSE(read);
    return read ? "" : read.error().message;
}

/// The values of one tensor of `type` from these bytes.
Result<Floats> typed(std::string_view type, std::int64_t entries, const std::string& bytes,
                     const std::string& byteOrder = "little", bool deflate = false)
{
    const Scratch scratch;
    const Text value = dict({{"w", tensor(storage(type, "0", entries), 0, {entries}, {1})}});
    const auto path
        = writeZip(scratch, {{"data.pkl", pickled(value)}, {"byteorder", byteOrder}, {"data/0", bytes, deflate}});
    const auto file = openTensorFile(path);
    if (!file)
        return forward(file);
    Floats read((*file)->tensors().at(0).entries());
    const auto done = (*file)->read(0, read);
    return done ? Result<Floats>(read) : forward(done);
}

} // namespace

TEST(TorchViews, FollowOffsetAndStrides)
{
    EXPECT_EQ(viewed({0, {2, 3}, {3, 1}}).value(), (Floats {0, 1, 2, 3, 4, 5}));
    EXPECT_EQ(viewed({4, {2, 3}, {3, 1}}).value(), (Floats {4, 5, 6, 7, 8, 9}));
    EXPECT_EQ(viewed({0, {2, 3}, {1, 2}}).value(), (Floats {0, 2, 4, 1, 3, 5})); // transposed
    EXPECT_EQ(viewed({1, {3}, {4}}).value(), (Floats {1, 5, 9})); // a column
    EXPECT_EQ(viewed({2, {2, 2, 2}, {4, 1, 2}}).value(), (Floats {2, 4, 3, 5, 6, 8, 7, 9}));
    EXPECT_EQ(viewed({3, {2, 3}, {1, 0}}).value(), (Floats {3, 3, 3, 4, 4, 4})); // expanded
    EXPECT_EQ(viewed({0, {3, 2}, {1, 1}}).value(), (Floats {0, 1, 1, 2, 2, 3})); // overlapping
    EXPECT_EQ(viewed({7, {}, {}}).value(), (Floats {7})); // a single number
    EXPECT_EQ(viewed({5, {1, 3}, {999, 1}}).value(), (Floats {5, 6, 7})); // the stride of a single row is nothing
    EXPECT_EQ(viewed({0, {0, 3}, {3, 1}}).value(), (Floats {}));
}

TEST(TorchViews, AreRefusedOutsideTheirStorage)
{
    EXPECT_TRUE(viewed({0, {12}, {1}}));
    EXPECT_THAT(refusal({0, {13}, {1}}), HasSubstr("w reaches past its storage: it needs 13 entries from entry 0"));
    EXPECT_THAT(refusal({1, {12}, {1}}), HasSubstr("reaches past"));
    EXPECT_THAT(refusal({0, {3}, {6}}), HasSubstr("reaches past"));
    EXPECT_THAT(refusal({13, {}, {}}), HasSubstr("reaches past"));
    EXPECT_THAT(refusal({-1, {2}, {1}}), HasSubstr("begins -1 entries before its storage"));
    EXPECT_THAT(refusal({11, {2}, {-1}}), HasSubstr("negative number, -1, in its list of strides"));
    EXPECT_THAT(refusal({0, {-2}, {1}}), HasSubstr("negative number, -2, in its shape"));
    EXPECT_THAT(refusal({0, {2, 2}, {1}}), HasSubstr("1 strides for 2 dimensions"));
    EXPECT_THAT(refusal({INT64_MAX, {2}, {1}}), HasSubstr("reaches past"));
}

TEST(TorchViews, AreRefusedWhereNumbersOverflow)
{
    const std::int64_t huge = std::int64_t {1} << 40;
    EXPECT_THAT(refusal({0, {huge, huge}, {0, 0}}), HasSubstr("claims over"));
    EXPECT_THAT(refusal({0, {INT64_MAX}, {1}}), HasSubstr("claims over"));
    EXPECT_THAT(refusal({0, {3}, {INT64_MAX}}), HasSubstr("span over"));
    EXPECT_THAT(refusal({0, {2, 2}, {INT64_MAX, INT64_MAX}}), HasSubstr("span over"));
    EXPECT_THAT(refusal({0, {std::int64_t {1} << 30}, {0}}), HasSubstr("repeats 1 entries to 1073741824"));
    EXPECT_THAT(refusal({0, Sizes(65, 1), Sizes(65, 1)}), HasSubstr("shape that is none"));
}

TEST(TorchViews, AreRefusedWhenTheRecordIsShort)
{
    EXPECT_THAT(viewed({0, {2}, {1}}, 13).error().message, HasSubstr("should have 52 bytes, net/data/0 has 48"));
    EXPECT_THAT(viewed({0, {2}, {1}}, INT64_MAX).error().message, HasSubstr("more than a file can hold"));
    EXPECT_THAT(viewed({0, {2}, {1}}, -1).error().message, HasSubstr("size is no number"));
}

TEST(TorchTypes, AreConverted)
{
    EXPECT_THAT(typed("DoubleStorage", 1, "\0\0\0\0\0\0\xf8\x3f"s).value(), ElementsAre(1.5F));
    EXPECT_THAT(typed("HalfStorage", 2, "\x00\x3c\x00\xc0"s).value(), ElementsAre(1.0F, -2.0F));
    EXPECT_THAT(typed("BFloat16Storage", 1, "\xc0\x3f"s).value(), ElementsAre(1.5F));
    EXPECT_THAT(typed("CharStorage", 2, "\xff\x02"s).value(), ElementsAre(-1.0F, 2.0F));
    EXPECT_THAT(typed("ByteStorage", 2, "\xff\x02"s).value(), ElementsAre(255.0F, 2.0F));
    EXPECT_THAT(typed("ShortStorage", 1, "\xfe\xff"s).value(), ElementsAre(-2.0F));
    EXPECT_THAT(typed("IntStorage", 1, "\xfe\xff\xff\xff"s).value(), ElementsAre(-2.0F));
    EXPECT_THAT(typed("LongStorage", 1, "\xfd\xff\xff\xff\xff\xff\xff\xff"s).value(), ElementsAre(-3.0F));
    EXPECT_THAT(typed("BoolStorage", 1, "\1").error().message, HasSubstr("is of bool"));
    EXPECT_THAT(typed("ComplexFloatStorage", 1, std::string(8, '\0')).error().message, HasSubstr("is of complex64"));
    EXPECT_THAT(typed("QInt8Storage", 1, "\1").error().message, HasSubstr("is of qint8"));
}

TEST(TorchTypes, AreTurnedAroundFromBigEndianMachines)
{
    EXPECT_THAT(typed("FloatStorage", 2, "\x3f\xc0\0\0\xc0\0\0\0"s, "big").value(), ElementsAre(1.5F, -2.0F));
    EXPECT_THAT(typed("HalfStorage", 1, "\x3c\x00"s, "big").value(), ElementsAre(1.0F));
    EXPECT_THAT(typed("LongStorage", 1, "\0\0\0\0\0\0\0\7"s, "big").value(), ElementsAre(7.0F));
    EXPECT_THAT(typed("FloatStorage", 1, "abcd", "middle").error().message,
                HasSubstr("has the byte order middle, expected little or big"));
}

TEST(TorchTypes, MayBeGivenToUntypedStorages)
{
    const Scratch scratch;
    const auto typedTensor = [](const Text& dtype) {
        const Text untyped
            = tuple({text("storage"), global("torch.storage", "UntypedStorage"), text("0"), text("cpu"), integer(4)})
            + "Q";
        return called(global("torch._utils", "_rebuild_tensor_v3"),
                      tuple({untyped, integer(1), shape({1}), shape({1}), "\x89", "}", dtype, "N"}));
    };
    const auto open = [&](const Text& dtype) {
        return openTensorFile(writeTorch(scratch, dict({{"w", typedTensor(dtype)}}), {"\1\0\2\0"s}));
    };
    const auto file = open(global("torch", "uint16"));
    ASSERT_TRUE(file) << file.error().message;
    Floats value(1);
    ASSERT_TRUE((*file)->read(0, value));
    EXPECT_THAT(value, ElementsAre(2.0F));
    EXPECT_EQ((*open(global("torch", "float8_e5m2")))->tensors()[0].dtype, Dtype::Other);
    EXPECT_THAT(open(global("torch", "float32")).error().message, HasSubstr("reaches past its storage"));
    EXPECT_THAT(open(text("torch.float16")).error().message, HasSubstr("dtype that is none"));
}

TEST(TorchZip, ReadsViewsOfDeflatedRecords)
{
    const Scratch scratch;
    Floats values(5000);
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = static_cast<float>(i % 97);
    const auto piece = [](std::string_view key, std::int64_t from) {
        return tensor(storage("FloatStorage", key, 5000), from, {3}, {1});
    };
    const Text value
        = dict({{"a", piece("0", 100)}, {"b", piece("1", 4000)}, {"c", piece("0", 0)}, {"d", piece("1", 1)}});
    const auto file = openTensorFile(writeZip(
        scratch,
        {{"data.pkl", pickled(value), true}, {"data/0", floats(values), true}, {"data/1", floats(values), true}}));
    ASSERT_TRUE(file) << file.error().message;
    const auto read = [&](std::size_t tensor) {
        Floats out(3);
        EXPECT_TRUE((*file)->read(tensor, out));
        return out;
    };
    EXPECT_EQ(read(0), (Floats {3, 4, 5}));
    EXPECT_EQ(read(1), (Floats {23, 24, 25}));
    EXPECT_EQ(read(2), (Floats {0, 1, 2}));
    EXPECT_EQ(read(3), (Floats {1, 2, 3}));
}

TEST(TorchZip, OpensWithoutTouchingRecords)
{
    // A record whose bytes are damaged opens; reading it whole notices.
    const Scratch scratch;
    std::string bytes = readBytes(writeTorch(scratch, dict({{"w", vector("0", 4)}}), {"0123456789abcdef"}));
    bytes[bytes.find("0123456789abcdef")] = 'x';
    const auto file = openTensorFile(scratch.write("damaged.pt", bytes));
    ASSERT_TRUE(file) << file.error().message;
    Floats values(4);
    EXPECT_THAT((*file)->read(0, values).error().message, HasSubstr("checksum"));
}

TEST(TorchLegacy, ChecksItsListOfStorages)
{
    const Scratch scratch;
    const Text value = dict({{"w", vector("7", 2)}});
    const LegacyStorage good {"7", 2, floats({1, 2})};
    const auto refusal = [&](const std::vector<LegacyStorage>& storages) {
        const auto file = openTensorFile(writeLegacy(scratch, legacyPickles(value, storages), storages));
        return file ? "" : file.error().message;
    };
    EXPECT_EQ(refusal({good}), "");
    EXPECT_THAT(refusal({}), HasSubstr("the storage 7 of the tensor w is not in the file"));
    EXPECT_THAT(refusal({good, good}), HasSubstr("lists the storage 7, which was there before"));
    EXPECT_THAT(refusal({good, {"8", 1, "abcd"}}), HasSubstr("lists the storage 8, which nothing needs"));
    EXPECT_THAT(refusal({{"7", 3, floats({1, 2})}}), HasSubstr("should have 2 entries, the file says 3"));
    EXPECT_THAT(refusal({{"7", 2, "abcdefg"}}), HasSubstr("should have 8 bytes, the file ends 7 bytes on"));
}

TEST(TorchLegacy, FollowsViewsOfStorages)
{
    // Before 0.4 storages could be views: (key, offset, entries).
    const auto view = [](std::int64_t offset, std::int64_t entries) {
        return tuple({text("storage"), global("torch", "FloatStorage"), text("7"), text("cpu"), integer(4),
                      tuple({text("8"), integer(offset), integer(entries)})})
            + "Q";
    };
    const Scratch scratch;
    const std::vector<LegacyStorage> storages {{"7", 4, floats({1, 2, 3, 4})}};
    const auto open = [&](const Text& of) {
        return openTensorFile(
            writeLegacy(scratch, legacyPickles(dict({{"w", tensor(of, 1, {2}, {1})}}), storages), storages));
    };
    Floats values(2);
    const auto file = open(view(1, 3));
    ASSERT_TRUE(file) << file.error().message;
    ASSERT_TRUE((*file)->read(0, values));
    EXPECT_THAT(values, ElementsAre(3.0F, 4.0F));
    EXPECT_THAT(open(view(1, 2)).error().message, HasSubstr("reaches past its storage"));
    EXPECT_THAT(open(view(2, 3)).error().message, HasSubstr("part that reaches past its end"));
}

} // namespace rnnscope::weights
