#pragma once

#include "app/cli_runner.h"
#include "app/small_files.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <gmock/gmock.h>

namespace rnnscope::test {

/// A folder of its own with the authors' folder, an HDF5 zoo and a checkpoint in it.
class CliTest : public testing::Test
{
protected:
    std::filesystem::path folder;
    std::filesystem::path authors;
    std::filesystem::path encoder;
    std::filesystem::path out;

    void SetUp() override
    {
        const auto* test = testing::UnitTest::GetInstance()->current_test_info();
        folder = std::filesystem::path(testing::TempDir())
            / (std::string("rnnscope_") + test->test_suite_name() + "_" + test->name());
        std::filesystem::remove_all(folder);
        std::filesystem::create_directories(folder);
        authors = writeAuthorsFolder(folder);
        encoder = folder / "flat.encoder.h5";
        out = folder / "out" / "result.h5";
        std::filesystem::create_directories(out.parent_path());
        const auto zoo = zoo::openZoo(authors);
        ASSERT_TRUE(zoo) << zoo.error().message;
        writeFlatEncoder(encoder, **zoo);
    }
    void TearDown() override { std::filesystem::remove_all(folder); }

    std::size_t filesBesideOutput() const
    {
        namespace fs = std::filesystem;
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator(out.parent_path()), fs::directory_iterator {}));
    }

    /// Status 1, one line on standard error that names `what`, nothing on standard output, no file left.
    void expectFailure(const Outcome& outcome, const std::string& what) const
    {
        EXPECT_EQ(outcome.status, 1);
        EXPECT_EQ(outcome.out, "");
        EXPECT_THAT(outcome.error, testing::StartsWith("rnnscope-cli: error: "));
        EXPECT_THAT(outcome.error, testing::HasSubstr(what));
        EXPECT_EQ(std::count(outcome.error.begin(), outcome.error.end(), '\n'), 1) << outcome.error;
        EXPECT_THAT(outcome.error, testing::EndsWith("\n"));
        EXPECT_EQ(filesBesideOutput(), 0U);
    }
};

} // namespace rnnscope::test
