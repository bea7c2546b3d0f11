#include "house/house_rules.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <sstream>

namespace {

namespace fs = std::filesystem;

std::string textOf(const fs::path& path)
{
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

/// Every .h and .cpp below `folder`, relative to the project.
std::vector<std::string> sourcesBelow(const std::string& folder)
{
    const fs::path root = RNNSCOPE_SOURCE_DIR;
    std::vector<std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(root / folder))
        if (entry.path().extension() == ".h" || entry.path().extension() == ".cpp")
            found.push_back(fs::relative(entry.path(), root).generic_string());
    return found;
}

class Sources : public testing::TestWithParam<const char*>
{
};

TEST_P(Sources, KeepTheHouseRules)
{
    std::vector<std::string> wrong;
    for (const auto& path : sourcesBelow(GetParam())) {
        const auto found = rnnscope::house::violations(path, textOf(fs::path(RNNSCOPE_SOURCE_DIR) / path));
        wrong.insert(wrong.end(), found.begin(), found.end());
    }
    EXPECT_THAT(wrong, testing::IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Folders, Sources, testing::Values("core", "ui", "app", "tests"),
                         [](const auto& folder) { return std::string(folder.param); });

TEST(Sources, AreFound)
{
    EXPECT_THAT(sourcesBelow("core"), testing::Contains("core/zoo/zoo.h"));
    EXPECT_THAT(sourcesBelow("tests"), testing::Contains("tests/house/sources_test.cpp"));
}

} // namespace
