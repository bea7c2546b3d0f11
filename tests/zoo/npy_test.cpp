#include "core/zoo/npy.h"
#include "zoo/zoo_files.h"

namespace {

using namespace rnnscope;
using namespace rnnscope::testdata;
using zoo::openNpy;

class Npy : public FolderTest
{
protected:
    Result<std::shared_ptr<const zoo::RawArray>> open(std::string_view bytes) const
    {
        writeBytes(folder / "a.npy", bytes);
        return openNpy(folder / "a.npy");
    }
};

TEST_F(Npy, ReadsEveryKindOfNumber)
{
    struct Case
    {
        const char* descr;
        std::string data;
    };
    const std::vector<Case> cases {{"<f2", std::string("\x00\x3c\x00\xc0", 4)},
                                   {"<f4", std::string("\x00\x00\x80\x3f\x00\x00\x00\xc0", 8)},
                                   {"<f8", std::string("\0\0\0\0\0\0\xf0\x3f\0\0\0\0\0\0\0\xc0", 16)},
                                   {"|i1", std::string("\x01\xfe", 2)},
                                   {"<i2", std::string("\x01\x00\xfe\xff", 4)},
                                   {"<i4", std::string("\x01\0\0\0\xfe\xff\xff\xff", 8)},
                                   {"<i8", std::string("\x01\0\0\0\0\0\0\0\xfe\xff\xff\xff\xff\xff\xff\xff", 16)}};
    for (const Case& one : cases) {
        const auto array = open(npyBytes(one.descr, "(2,)", one.data));
        ASSERT_TRUE(array) << array.error().message;
        EXPECT_EQ((*array)->readAll().value(), (std::vector<double> {1.0, -2.0})) << one.descr;
        std::vector<float> last(1);
        ASSERT_TRUE((*array)->read(std::array<std::size_t, 1> {1}, 1, last));
        EXPECT_EQ(last[0], -2.0F) << one.descr;
    }
    EXPECT_EQ(open(npyBytes("|b1", "(2,)", std::string("\x01\x00", 2))).value()->readAll().value(),
              (std::vector<double> {1.0, 0.0}));
    EXPECT_EQ(open(npyBytes("|u1", "(2,)", std::string("\x01\xff", 2))).value()->readAll().value(),
              (std::vector<double> {1.0, 255.0}));
}

TEST_F(Npy, ReadsVersionsTwoAndThree)
{
    const std::string header = "{\"shape\": (1, 1), 'descr': '|u1', 'fortran_order': False}";
    for (const char version : {'\x02', '\x03'}) {
        std::string bytes = "\x93NUMPY";
        bytes += version;
        bytes += std::string("\0", 1) + static_cast<char>(header.size()) + std::string("\0\0\0", 3) + header + "A";
        const auto array = open(bytes);
        ASSERT_TRUE(array) << array.error().message;
        EXPECT_EQ((*array)->readAll().value(), std::vector<double> {65.0});
    }
}

TEST_F(Npy, ReadsPartsOfLargerArrays)
{
    std::string data;
    for (char i = 0; i < 24; ++i)
        data.push_back(i);
    const auto array = open(npyBytes("|i1", "(2, 3, 4)", data));
    ASSERT_TRUE(array);
    std::vector<float> part(8);
    ASSERT_TRUE((*array)->read(std::array<std::size_t, 2> {1, 1}, 2, part));
    EXPECT_EQ(part, (std::vector<float> {16, 17, 18, 19, 20, 21, 22, 23}));
    EXPECT_FALSE((*array)->read(std::array<std::size_t, 2> {1, 2}, 2, part));
    EXPECT_FALSE((*array)->read(std::array<std::size_t, 2> {2, 0}, 2, part));
    EXPECT_FALSE((*array)->read(std::array<std::size_t, 2> {1, 1}, 1, part));
}

TEST_F(Npy, SaysWhatItCannotRead)
{
    const std::string data(64, '\0');
    expectSentence(open(npyBytes("<f4", "(2, 2)", data, "True")), "Fortran order");
    expectSentence(open(npyBytes(">f4", "(2, 2)", data)), "big-endian");
    expectSentence(open(npyBytes("<c8", "(2, 2)", data)), "'<c8'");
    expectSentence(open(npyBytes("|O", "(2, 2)", data)), "'|O'");
    expectSentence(open(npyBytes("<f4", "(2, 9)", data)), "cut short");
    expectSentence(open(npyBytes("<f4", "(4294967296, 4294967296, 4)", data)), "too large");
    expectSentence(open(npyBytes("<f4", "(99999999999999999999999)", data)), "header");
    expectSentence(open(npyBytes("<f4", "(-1)", data)), "header");
    expectSentence(open(""), "0 bytes");
    expectSentence(open("hello world, this is text"), "not a NumPy");
    expectSentence(open(std::string("\x93NUMPY\x09\x00\x10\x00"
                                    "ABCDEFGH",
                                    18)),
                   "version 9");
    expectSentence(open(std::string("\x93NUMPY\x02\x00\xff\xff\xff\xff", 12)), "header");
    expectSentence(openNpy(folder / "none.npy"), "does not exist");
    expectSentence(openNpy(folder), "not a regular file");
}

TEST_F(Npy, AnyCutAndAnyFlippedHeaderByteGivesAnErrorOrAnArray)
{
    const std::string good = npyBytes("<f4", "(2, 2)", std::string(16, '\1'));
    for (std::size_t length = 0; length < good.size(); ++length)
        EXPECT_FALSE(open(std::string_view(good).substr(0, length))) << length;
    for (std::size_t at = 0; at < good.size(); ++at)
        for (const unsigned mask : {0x01U, 0x10U, 0x80U, 0xffU}) {
            std::string bad = good;
            bad[at] = static_cast<char>(static_cast<unsigned char>(bad[at]) ^ mask);
            const auto array = open(bad);
            EXPECT_TRUE(!array || (*array)->readAll());
        }
}

} // namespace
