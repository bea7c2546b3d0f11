#include "core/base/file.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sys/stat.h>

namespace {

using namespace rnnscope;

class ReplaceFile : public testing::Test
{
protected:
    fs::path folder = fs::path(testing::TempDir()) / "replace_file_test";
    void SetUp() override
    {
        fs::remove_all(folder);
        fs::create_directories(folder);
    }
    void TearDown() override { fs::remove_all(folder); }
    std::size_t files() const
    {
        return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator {}));
    }
};

TEST_F(ReplaceFile, WritesTheTargetAndLeavesNoNeighbour)
{
    const auto done = replaceFile(folder / "a", [](const fs::path& path) -> Result<void> {
        std::ofstream(path) << "new";
        return {};
    });
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_EQ(readText(folder / "a").value(), "new");
    EXPECT_EQ(files(), 1U);
}

TEST_F(ReplaceFile, KeepsTheOldFileWhenWritingFails)
{
    std::ofstream(folder / "a") << "old";
    const auto done = replaceFile(folder / "a", [](const fs::path& path) -> Result<void> {
        std::ofstream(path) << "half";
        return fail(Errc::Io, "disk full");
    });
    ASSERT_FALSE(done);
    EXPECT_EQ(readText(folder / "a").value(), "old");
    EXPECT_EQ(files(), 1U);
}

TEST_F(ReplaceFile, SaysWhenTheFolderDoesNotExist)
{
    const auto done = replaceFile(folder / "none" / "a", [](const fs::path& path) -> Result<void> {
        std::ofstream out(path);
        return {};
    });
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Errc::Io);
}

TEST_F(ReplaceFile, LeavesPipesAndDevicesAlone)
{
    const fs::path pipe = folder / "pipe";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    const auto done = replaceFile(pipe, [](const fs::path&) { return Result<void> {}; });
    ASSERT_FALSE(done);
    EXPECT_NE(done.error().message.find("is not a regular file"), std::string::npos);
    EXPECT_TRUE(fs::is_fifo(pipe));
    EXPECT_FALSE(readHead(pipe, 4)); // and does not wait for a writer
}

TEST_F(ReplaceFile, ReadTextRefusesLargerFiles)
{
    std::ofstream(folder / "a") << "12345";
    EXPECT_TRUE(readText(folder / "a", 5));
    EXPECT_FALSE(readText(folder / "a", 4));
}

} // namespace
