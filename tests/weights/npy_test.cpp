#include "core/weights/readers.h"
#include "weights/network_outputs.h"
#include "weights/weight_files.h"

#include <gmock/gmock.h>

namespace rnnscope::weights {

using testing::ElementsAre;
using testing::HasSubstr;

namespace {

const zoo::Architecture kFormal {zoo::Cell::Lstm, 6, 32, 2, 6, true};

/// A .npy of version 1.
std::string npy(const std::string& descr, const std::string& shape, std::string_view data, bool fortran = false)
{
    const std::string header = fmt::format("{{'descr': {}, 'fortran_order': {}, 'shape': {}, }}\n", descr,
                                           fortran ? "True" : "False", shape);
    std::string bytes("\x93NUMPY\x01\x00", 8);
    bytes.push_back(static_cast<char>(header.size() & 0xffU));
    bytes.push_back(static_cast<char>(header.size() >> 8U));
    return bytes.append(header).append(data);
}

class Npy : public testing::Test
{
protected:
    OpenedFile open(const std::string& bytes) const { return openTensorFile(scratch.write("a.npy", bytes)); }
    std::string refusal(const std::string& bytes) const
    {
        const auto opened = open(bytes);
        return opened ? "opened" : opened.error().message;
    }

    Scratch scratch;
};

/// The first network of an array of flat vectors.
std::vector<float> firstRow(const TensorFile& file)
{
    auto values = valuesOf(file, "array");
    values.resize(kFormal.parameterCount());
    return values;
}

} // namespace

TEST_F(Npy, FlatVectorsOfTheReferenceAreTheSameNetwork)
{
    const auto whole = openTensorFile(dataFile("rnnfast.npz"));
    ASSERT_TRUE(whole) << whole.error().message;
    const auto expected = parametersByName(**whole, kFormal, "lstm.");
    for (const auto& [name, dtype, tolerance] : {std::tuple {"flat_vector.npy", Dtype::Float32, 0.0F},
                                                 {"flat_vector_npy2.npy", Dtype::Float32, 0.0F},
                                                 {"flat_vector_bigendian_f8.npy", Dtype::Float64, 0.0F},
                                                 {"flat_vector_f2.npy", Dtype::Float16, 1e-3F}}) {
        const auto opened = openTensorFile(dataFile(name));
        ASSERT_TRUE(opened) << opened.error().message;
        EXPECT_EQ((*opened)->format(), Format::Npy);
        EXPECT_EQ((*opened)->tensors().front().name, "array");
        EXPECT_EQ((*opened)->tensors().front().dtype, dtype) << name;
        EXPECT_THAT((*opened)->tensors().front().shape, ElementsAre(13766)) << name;
        EXPECT_LE(largestDifference(firstRow(**opened), expected), tolerance) << name;
    }
}

TEST_F(Npy, RowsInFortranOrderAreTheSame)
{
    const auto rows = openTensorFile(dataFile("flat_batch.npy"));
    const auto fortran = openTensorFile(dataFile("flat_batch_fortran.npy"));
    ASSERT_TRUE(rows && fortran);
    EXPECT_THAT((*rows)->tensors().front().shape, ElementsAre(3, 13766));
    EXPECT_EQ((*rows)->tensors().front().shape, (*fortran)->tensors().front().shape);
    EXPECT_EQ(valuesOf(**rows, "array"), valuesOf(**fortran, "array"));
}

TEST_F(Npy, ReadsFortranOrderOfAnyRank)
{
    std::string data;
    for (char i = 0; i < 24; ++i)
        data.push_back(i);
    const auto opened = open(npy("'|i1'", "(2, 3, 4)", data, true));
    ASSERT_TRUE(opened) << opened.error().message;
    const auto values = valuesOf(**opened, "array");
    for (std::size_t i = 0; i < 2; ++i)
        for (std::size_t j = 0; j < 3; ++j)
            for (std::size_t k = 0; k < 4; ++k)
                EXPECT_EQ(values[(i * 3 + j) * 4 + k], static_cast<float>(i + 2 * j + 6 * k));
    EXPECT_THAT(valuesOf(**open(npy("'|i1'", "(3,)", data, true)), "array"), ElementsAre(0, 1, 2));
    EXPECT_THAT(valuesOf(**open(npy("'|i1'", "()", data, true)), "array"), ElementsAre(0));
}

TEST_F(Npy, ReadsLargeArraysPieceByPiece)
{
    constexpr std::size_t kRows = 3000;
    std::string data(kRows * 1000 * 2, '\0'); // over one piece of 4 MiB
    for (std::size_t i = 0; i < kRows * 1000; ++i) {
        data[2 * i] = static_cast<char>(i % 251);
        data[2 * i + 1] = static_cast<char>(i % 7);
    }
    const auto expected = [](std::size_t i) { return static_cast<float>(i % 251 + 256 * (i % 7)); };
    const auto straight = valuesOf(**open(npy("'<u2'", "(3000, 1000)", data)), "array");
    const auto fortran = valuesOf(**open(npy("'<u2'", "(1000, 3000)", data, true)), "array");
    for (std::size_t i = 0; i < kRows * 1000; i += 997) {
        ASSERT_EQ(straight[i], expected(i));
        ASSERT_EQ(fortran[i % 1000 * kRows + i / 1000], expected(i));
    }
}

TEST_F(Npy, ReadsBothByteOrders)
{
    EXPECT_THAT(valuesOf(**open(npy("'>i4'", "(2,)", std::string("\0\0\1\0\xff\xff\xff\xfe", 8))), "array"),
                ElementsAre(256, -2));
    EXPECT_THAT(valuesOf(**open(npy("'>f2'", "(2,)", std::string("\x3c\0\xc0\0", 4))), "array"), ElementsAre(1, -2));
    EXPECT_THAT(valuesOf(**open(npy("'>u8'", "(1,)", std::string("\0\0\0\0\0\0\1\1", 8))), "array"), ElementsAre(257));
    EXPECT_THAT(valuesOf(**open(npy("'>u1'", "(1,)", "\xfe")), "array"), ElementsAre(254));
}

TEST_F(Npy, ListsWhatIsNoNumberAndDoesNotReadIt)
{
    const std::string data(64, '\0');
    for (const char* descr : {"'<U4'", "'|S7'", "'<c8'", "'<M8[ns]'", "'|V4'", "'<f16'", "'|b1'"}) {
        const auto opened = open(npy(descr, "(2,)", data));
        ASSERT_TRUE(opened) << opened.error().message;
        std::vector<float> two(2);
        EXPECT_EQ((*opened)->read(0, two).error().code, Errc::BadFormat) << descr;
    }
    EXPECT_THAT(refusal(npy("'<U40'", "(2,)", data)), HasSubstr("needs 320 bytes, it has 64"));
}

TEST_F(Npy, FilesOfTheReferenceAreRefusedWithAReason)
{
    const auto message = [](const std::string& name) {
        const auto opened = openTensorFile(dataFile(name));
        return opened ? "opened" : opened.error().message;
    };
    EXPECT_THAT(message("malicious_object.npy"),
                HasSubstr("malicious_object.npy holds Python objects (a pickle), which are never loaded"));
    EXPECT_THAT(message("malicious_object.npz"), HasSubstr("holds Python objects (a pickle), which are never loaded"));
    EXPECT_THAT(message("truncated.npy"), HasSubstr("is cut short: shape (13766,) of <f4 needs 55064 bytes"));
    EXPECT_THAT(message("huge_shape.npy"), HasSubstr("is cut short"));
    EXPECT_THAT(message("overflow_shape.npy"), HasSubstr("is too large"));
}

TEST_F(Npy, RefusesWhatIsNoArrayOfNumbers)
{
    const std::string data(64, '\0');
    EXPECT_THAT(refusal(npy("'|O'", "(1,)", data)), HasSubstr("a pickle"));
    EXPECT_THAT(refusal(npy("'O8'", "(0,)", data)), HasSubstr("a pickle"));
    EXPECT_THAT(refusal(npy("[('a', '<f4'), ('b', '|O')]", "(1,)", data)), HasSubstr("is a structured array"));
    EXPECT_THAT(refusal(npy("'<x4'", "(1,)", data)), HasSubstr("holds entries of type '<x4'"));
    EXPECT_THAT(refusal(npy("''", "(1,)", data)), HasSubstr("holds entries of type ''"));
    EXPECT_THAT(refusal(npy("'<U99999999999999999999'", "(1,)", data)), HasSubstr("holds entries of type"));
    EXPECT_THAT(refusal(npy("'<f4'", "(4294967296, 4294967296)", data)), HasSubstr("is too large"));
    EXPECT_THAT(refusal(npy("'<f4'", "(1,)", data).substr(0, 30)), HasSubstr("cut short inside its header"));
    EXPECT_THAT(refusal("\x93NUMPY"), HasSubstr("cut short inside its header"));
}

TEST_F(Npy, AnyCutAndAnyChangedByteGivesAnErrorOrAnArray)
{
    const std::string good = npy("'>f4'", "(2, 2)", std::string(16, '\1'), true);
    for (std::size_t size = 1; size < good.size(); ++size)
        EXPECT_FALSE(open(good.substr(0, size))) << size;
    for (std::size_t at = 0; at < good.size(); ++at)
        for (unsigned bit = 0; bit < 8; ++bit) {
            std::string bad = good;
            bad[at] = static_cast<char>(static_cast<unsigned char>(bad[at]) ^ (1U << bit));
            const auto opened = open(bad);
            for (std::size_t i = 0; opened && i < (*opened)->tensors().size(); ++i) {
                std::vector<float> values((*opened)->tensors()[i].entries());
                static_cast<void>((*opened)->read(i, values));
            }
        }
}

} // namespace rnnscope::weights
