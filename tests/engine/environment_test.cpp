#include "core/engine/environment.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>

namespace {

using namespace rnnscope;
using namespace rnnscope::engine;

std::map<std::string, std::string> environmentOf(const CpuFeatures& cpu)
{
    std::map<std::string, std::string> found;
    for (const auto& [name, value] : engineEnvironment(cpu))
        found[name] = value;
    return found;
}

using Map = std::map<std::string, std::string>;

TEST(EngineEnvironment, NamesTheKernelsOfEveryProcessor)
{
    EXPECT_EQ(
        environmentOf({CpuVendor::Intel, true, true}),
        (Map {{"OMP_WAIT_POLICY", "passive"}, {"OPENBLAS_CORETYPE", "SkylakeX"}, {"ATEN_CPU_CAPABILITY", "avx512"}}));
    EXPECT_EQ(
        environmentOf({CpuVendor::Intel, true, false}),
        (Map {{"OMP_WAIT_POLICY", "passive"}, {"OPENBLAS_CORETYPE", "Haswell"}, {"ATEN_CPU_CAPABILITY", "avx2"}}));
    EXPECT_EQ(environmentOf({CpuVendor::Amd, true, false})["OPENBLAS_CORETYPE"], "Zen");
    EXPECT_EQ(environmentOf({CpuVendor::Amd, true, true})["ATEN_CPU_CAPABILITY"], "avx512");
    EXPECT_EQ(environmentOf({CpuVendor::Other, true, true})["OPENBLAS_CORETYPE"], "Haswell");
}

TEST(EngineEnvironment, LeavesOldProcessorsToTheLibraries)
{
    EXPECT_EQ(environmentOf({CpuVendor::Intel, false, false}), (Map {{"OMP_WAIT_POLICY", "passive"}}));
}

TEST(EngineEnvironment, KeepsWhatTheUserHasSet)
{
    ::setenv("OMP_WAIT_POLICY", "active", 1);
    ::unsetenv("OPENBLAS_CORETYPE");
    ::unsetenv("OPENBLAS_NUM_THREADS");
    prepareEnvironment();
    EXPECT_STREQ(std::getenv("OMP_WAIT_POLICY"), "active");
    EXPECT_EQ(std::getenv("OPENBLAS_CORETYPE") != nullptr, cpuFeatures().avx2);
    EXPECT_EQ(std::getenv("OPENBLAS_NUM_THREADS"), nullptr);
    ::unsetenv("OMP_WAIT_POLICY");
    prepareEnvironment();
    EXPECT_STREQ(std::getenv("OMP_WAIT_POLICY"), "passive");
}

} // namespace
