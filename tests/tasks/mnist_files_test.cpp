#include "core/tasks/mnist.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <gmock/gmock.h>
#include <zlib.h>

namespace {

using namespace rnnscope;
using namespace rnnscope::tasks;
using Bytes = std::vector<std::uint8_t>;
namespace fs = std::filesystem;

const char* const kImages = "train-images-idx3-ubyte";
const char* const kLabels = "train-labels-idx1-ubyte";

Bytes idx(std::initializer_list<std::uint32_t> axes, const Bytes& elements)
{
    Bytes bytes {0, 0, 8, static_cast<std::uint8_t>(axes.size())};
    for (const std::uint32_t axis : axes)
        for (const unsigned shift : {24U, 16U, 8U, 0U})
            bytes.push_back(static_cast<std::uint8_t>(axis >> shift));
    bytes.insert(bytes.end(), elements.begin(), elements.end());
    return bytes;
}

class MnistFiles : public testing::Test
{
protected:
    fs::path folder;
    Bytes pixels = [] {
        Bytes all(2 * kDigitPixels);
        for (std::size_t i = 0; i < all.size(); ++i)
            all[i] = static_cast<std::uint8_t>(i * 7);
        return all;
    }();

    void SetUp() override
    {
        std::string name = testing::UnitTest::GetInstance()->current_test_info()->name();
        std::replace(name.begin(), name.end(), '/', '_');
        folder = fs::path(testing::TempDir()) / ("mnist_files_" + name);
        fs::create_directories(folder);
        write(kImages, idx({2, 28, 28}, pixels));
        write(kLabels, idx({2}, {7, 3}));
    }
    void TearDown() override { fs::remove_all(folder); }

    void write(const std::string& name, const Bytes& bytes) const
    {
        std::ofstream(folder / name, std::ios::binary)
            .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    }
    /// What readMnist() says, with the folder's path taken out.
    std::string error() const
    {
        const auto read = readMnist(folder);
        std::string message = read ? "" : read.error().message;
        for (const std::string& path : {folder.string() + "/", folder.string()})
            for (auto at = message.find(path); at != std::string::npos; at = message.find(path))
                message.erase(at, path.size());
        return message;
    }
};

TEST_F(MnistFiles, AreRead)
{
    const auto digits = readMnist(folder);
    ASSERT_TRUE(digits) << digits.error().message;
    EXPECT_EQ(digits->size(), 2U);
    EXPECT_EQ(digits->labels, (Bytes {7, 3}));
    EXPECT_EQ(digits->pixels, pixels);
    EXPECT_EQ(digits->image(1)[5], pixels[kDigitPixels + 5]);
}

TEST_F(MnistFiles, AreReadCompressed)
{
    fs::remove(folder / kImages);
    const Bytes bytes = idx({2, 28, 28}, pixels);
    const gzFile file = gzopen((folder / (std::string(kImages) + ".gz")).c_str(), "wb");
    gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size()));
    gzclose(file);
    const auto digits = readMnist(folder);
    ASSERT_TRUE(digits) << digits.error().message;
    EXPECT_EQ(digits->pixels, pixels);
}

TEST_F(MnistFiles, ThatAreMissingAreNamed)
{
    fs::remove(folder / kImages);
    EXPECT_EQ(error(), " has neither train-images-idx3-ubyte nor train-images-idx3-ubyte.gz");
    EXPECT_EQ(readMnist(folder).error().code, Errc::NotFound);
}

struct Damage
{
    std::string name;
    std::string file;
    Bytes bytes;
    std::string message;
};

class DamagedMnistFiles : public MnistFiles, public testing::WithParamInterface<Damage>
{
};

TEST_P(DamagedMnistFiles, AreRefusedInOneSentence)
{
    write(GetParam().file, GetParam().bytes);
    EXPECT_EQ(error(), GetParam().file + GetParam().message);
}

std::vector<Damage> damages()
{
    Bytes longHead = idx({0xffffffffU}, {1});
    Bytes floats = idx({2}, {1, 2});
    floats[2] = 0x0d;
    return {
        {"EmptyFile", kLabels, {}, " is no idx file of 1 axes of bytes: it ends inside its head"},
        {"CutHead", kImages, {0, 0, 8, 3, 0, 0}, " is no idx file of 3 axes of bytes: it ends inside its head"},
        {"OtherType", kLabels, floats, " is no idx file of 1 axes of bytes: it starts with 00 00 0d 01"},
        {"ImagesAsLabels", kLabels, idx({2, 28, 28}, {}),
         " is no idx file of 1 axes of bytes: it starts with 00 00 08 03"},
        {"HugeCount", kLabels, longHead, " has 4294967295 labels, expected 1 to 1000000"},
        {"NoDigits", kLabels, idx({0}, {}), " has 0 labels, expected 1 to 1000000"},
        {"CutLabels", kLabels, idx({900000}, {1, 2}), " is damaged or ends before its 900000 elements"},
        {"LabelTen", kLabels, idx({2}, {1, 10}), ": label 1 is 10, expected 0 to 9"},
        {"MoreLabels", kLabels, idx({2}, {1, 2, 3}), " goes on after its 2 elements"},
        {"OtherSize", kImages, idx({2, 32, 28}, {}),
         " has 2 images of 32x28, expected 2 of 28x28, as many as there are labels"},
        {"HugeImages", kImages, idx({0xffffffffU, 0xffffffffU, 0xffffffffU}, {}),
         " has 4294967295 images of 4294967295x4294967295, expected 2 of 28x28, as many as there are labels"},
        {"CutImages", kImages, idx({2, 28, 28}, Bytes(1000)), " is damaged or ends before its 1568 elements"},
        {"DamagedGzip",
         kImages,
         {0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 0, 3, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9},
         " is no idx file of 3 axes of bytes: it ends inside its head"},
    };
}

INSTANTIATE_TEST_SUITE_P(Files, DamagedMnistFiles, testing::ValuesIn(damages()),
                         [](const auto& tested) { return tested.param.name; });

} // namespace
