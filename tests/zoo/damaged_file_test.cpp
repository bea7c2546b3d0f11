#include "core/zoo/checkpoint.h"
#include "core/zoo/file_kind.h"
#include "zoo/raw_hdf5.h"
#include "zoo/zoo_files.h"

#include <random>

namespace {

using namespace rnnscope;
using namespace rnnscope::testdata;

/// Whatever the bytes are: an error of one sentence, or something that can be read to the end.
class Damaged : public FolderTest, public testing::WithParamInterface<unsigned>
{
protected:
    fs::path bad() const { return folder / "bad.h5"; }

    bool opens(std::string_view bytes) const
    {
        writeBytes(bad(), bytes);
        const auto opened = zoo::openZoo(bad());
        if (!opened) {
            EXPECT_FALSE(opened.error().message.empty());
            EXPECT_NE(opened.error().message.find("bad.h5"), std::string::npos) << opened.error().message;
            return false;
        }
        std::vector<float> row((*opened)->architecture.parameterCount());
        for (std::size_t i = 0; i < (*opened)->size; ++i)
            (void)(*opened)->parameters->read(i, 1, row);
        return true;
    }
    void openCheckpoint(std::string_view bytes) const
    {
        writeBytes(bad(), bytes);
        const auto opened = zoo::openCheckpoint(bad());
        EXPECT_TRUE(opened || !opened.error().message.empty());
    }
    std::string zooBytes() const
    {
        zoo::Zoo source = memoryZoo();
        EXPECT_TRUE(write(source, folder / "good.h5"));
        return readBytes(folder / "good.h5");
    }
    /// HDF5's oldest structures, which carry no checksums.
    std::string oldZooBytes() const
    {
        {
            const Handle file = smallZooFile(folder / "old.h5");
            const auto values = smallParameters(3);
            dataset(file.get(), "parameters", H5T_IEEE_F32LE, {3, kSmallColumns}, H5T_NATIVE_FLOAT, values.data(),
                    {.chunk = {1, kSmallColumns}, .deflate = 3});
            const Handle group = makeGroup(file.get(), "properties");
            const std::vector<int> runs {1, 2, 3};
            dataset(group.get(), "run", H5T_STD_I32LE, {3}, H5T_NATIVE_INT, runs.data());
        }
        return readBytes(folder / "old.h5");
    }
};

std::string flipped(std::string bytes, std::mt19937& random, int count)
{
    for (int i = 0; i < count; ++i) {
        char& byte = bytes[random() % bytes.size()];
        byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1U << (random() % 8)));
    }
    return bytes;
}

TEST_F(Damaged, EveryCutIsAnError)
{
    for (const std::string& good : {zooBytes(), oldZooBytes()}) {
        ASSERT_TRUE(opens(good));
        for (std::size_t i = 0; i < 64; ++i)
            EXPECT_FALSE(opens(std::string_view(good).substr(0, good.size() * i / 64))) << i;
        EXPECT_FALSE(opens(std::string_view(good).substr(0, good.size() - 1)));
    }
}

TEST_P(Damaged, FlippedBitsNeverCrash)
{
    std::mt19937 random(GetParam());
    const std::string good = zooBytes();
    const std::string old = oldZooBytes();
    for (int round = 0; round < 40; ++round) {
        opens(flipped(good, random, 1 + round % 4));
        opens(flipped(old, random, 1 + round % 4));
    }
}

TEST_P(Damaged, FlippedBitsInCheckpointsNeverCrash)
{
    std::mt19937 random(GetParam());
    zoo::Checkpoint checkpoint;
    checkpoint.config = zoo::paperConfig(zoo::EncoderKind::Flat, memoryZoo().architecture, zoo::TaskFamily::Custom);
    checkpoint.encoder = {{"a.b", {.shape = {2, 2}, .values = {1, 2, 3, 4}}}};
    ASSERT_TRUE(zoo::writeCheckpoint(checkpoint, folder / "checkpoint.h5"));
    const std::string good = readBytes(folder / "checkpoint.h5");
    for (int round = 0; round < 20; ++round)
        openCheckpoint(flipped(good, random, 1 + round % 4));
    for (std::size_t i = 0; i < 16; ++i)
        openCheckpoint(std::string_view(good).substr(0, good.size() * i / 16));
}

INSTANTIATE_TEST_SUITE_P(Seeds, Damaged, testing::Range(0U, 8U));

} // namespace
