#include "core/engine/loader.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <gmock/gmock.h>

namespace {

using namespace rnnscope;
using namespace rnnscope::engine;
using testing::ElementsAre;
using testing::HasSubstr;

namespace fs = std::filesystem;

/// Sets RNNSCOPE_ENGINE for one test.
class LoadEngine : public testing::Test
{
protected:
    static void name(const std::string& path) { ::setenv("RNNSCOPE_ENGINE", path.c_str(), 1); }
    void TearDown() override { ::unsetenv("RNNSCOPE_ENGINE"); }
};

TEST_F(LoadEngine, MakesTheEngineTheVariableNames)
{
    name(RNNSCOPE_FAKE_ENGINE);
    const auto engine = loadEngine();
    ASSERT_TRUE(engine) << engine.error().message << " " << engine.error().detail;
    EXPECT_EQ((*engine)->devices().front().description, "a fake");
}

TEST_F(LoadEngine, NamesThePathThatDoesNotExist)
{
    name("/nowhere/engine.so");
    const auto engine = loadEngine();
    ASSERT_FALSE(engine);
    EXPECT_EQ(engine.error().code, Errc::NotFound);
    EXPECT_EQ(engine.error().message, "RNNSCOPE_ENGINE names /nowhere/engine.so, which does not exist");
}

TEST_F(LoadEngine, RefusesAFileThatIsNoLibrary)
{
    const fs::path file = fs::path(testing::TempDir()) / "no_library.so";
    std::ofstream(file) << "a text";
    name(file);
    const auto engine = loadEngine();
    ASSERT_FALSE(engine);
    EXPECT_EQ(engine.error().code, Errc::BadFormat);
    EXPECT_EQ(engine.error().message, "cannot load the engine " + file.string());
    EXPECT_FALSE(engine.error().detail.empty());
    fs::remove(file);
}

TEST_F(LoadEngine, RefusesALibraryThatIsNoEngine)
{
    name(RNNSCOPE_NO_ENGINE);
    const auto engine = loadEngine();
    ASSERT_FALSE(engine);
    EXPECT_THAT(engine.error().message, HasSubstr("it has no rnnscope_make_engine"));
}

TEST_F(LoadEngine, RefusesAnEngineOfAnotherBuildBeforeItRuns)
{
    name(RNNSCOPE_OTHER_ENGINE);
    const auto engine = loadEngine();
    ASSERT_FALSE(engine);
    EXPECT_EQ(engine.error().code, Errc::BadFormat);
    EXPECT_EQ(engine.error().message, RNNSCOPE_OTHER_ENGINE " belongs to another build of RNNScope");
}

TEST_F(LoadEngine, SaysWhatAnEngineThatCannotStartSaid)
{
    name(RNNSCOPE_SICK_ENGINE);
    const auto engine = loadEngine();
    ASSERT_FALSE(engine);
    EXPECT_EQ(engine.error().code, Errc::Device);
    EXPECT_EQ(engine.error().detail, "no threads left");
}

TEST(EngineCandidates, LieBesideTheProgramAndInLib)
{
    EXPECT_THAT(engineCandidates("/opt/rnnscope/bin", false),
                ElementsAre("/opt/rnnscope/bin/librnnscope_engine.so", "/opt/rnnscope/lib/librnnscope_engine.so"));
}

TEST(EngineCandidates, AreForCudaFirstWhereThereIsAGpu)
{
    const auto candidates = engineCandidates("/opt/rnnscope/bin", true);
    ASSERT_EQ(candidates.size(), 4U);
    EXPECT_EQ(candidates[0], "/opt/rnnscope/bin/librnnscope_engine_cuda.so");
    EXPECT_EQ(candidates[3], "/opt/rnnscope/lib/librnnscope_engine.so");
}

TEST(ProgramFolder, HoldsThisTest)
{
    const auto folder = programFolder();
    ASSERT_TRUE(folder);
    EXPECT_TRUE(fs::exists(*folder / "engine_test"));
}

} // namespace
