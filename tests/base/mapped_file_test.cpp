#include "core/base/mapped_file.h"

#include <gtest/gtest.h>

#include <fstream>

namespace {

using namespace rnnscope;

class MappedFileTest : public testing::Test
{
protected:
    fs::path path = fs::path(testing::TempDir()) / "mapped_file_test";
    void SetUp() override
    {
        std::ofstream out(path, std::ios::binary);
        for (int i = 0; i < 20000; ++i)
            out.put(static_cast<char>(i % 251));
    }
    void TearDown() override { fs::remove(path); }
};

TEST_F(MappedFileTest, GivesBytesAtAnyOffset)
{
    const auto file = MappedFile::open(path);
    ASSERT_TRUE(file) << file.error().message;
    for (const std::size_t offset : {0U, 1U, 4095U, 4096U, 9999U}) {
        std::byte seen {};
        ASSERT_TRUE((*file)->use(offset, 10000, [&](auto bytes) { seen = bytes[0]; }));
        EXPECT_EQ(seen, static_cast<std::byte>(offset % 251));
    }
}

TEST_F(MappedFileTest, RefusesWhatLiesBehindTheEnd)
{
    const auto file = MappedFile::open(path);
    ASSERT_TRUE(file);
    const auto nothing = [](std::span<const std::byte>) {};
    EXPECT_FALSE((*file)->use(19999, 2, nothing));
    EXPECT_FALSE((*file)->use(static_cast<std::size_t>(-1), 2, nothing));
}

TEST_F(MappedFileTest, SurvivesAFileThatIsCutMeanwhile)
{
    const auto file = MappedFile::open(path);
    ASSERT_TRUE(file);
    fs::resize_file(path, 100);
    const auto read = (*file)->use(0, 20000, [](std::span<const std::byte>) {});
    ASSERT_FALSE(read);
    EXPECT_NE(read.error().message.find("cut short"), std::string::npos);
}

TEST_F(MappedFileTest, RefusesFoldersAndNothing)
{
    EXPECT_FALSE(MappedFile::open(testing::TempDir()));
    const auto missing = MappedFile::open(path / "none");
    ASSERT_FALSE(missing);
}

} // namespace
