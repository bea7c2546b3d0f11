#include "house/house_rules.h"

#include <gtest/gtest.h>

#include <gmock/gmock.h>

namespace {

using namespace rnnscope::house;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kOnce = "#pragma once\n";

TEST(RoomOf, IsTheFolderBelowCoreOrUi)
{
    EXPECT_EQ(roomOf("core/zoo/zoo.h"), "core/zoo");
    EXPECT_EQ(roomOf("core/zoo/deep/zoo.h"), "core/zoo");
    EXPECT_EQ(roomOf("ui/window.h"), "ui");
    EXPECT_EQ(roomOf("app/main.cpp"), "app");
    EXPECT_EQ(roomOf("app/cli/options.h"), "app");
}

TEST(HouseRules, LetArrowsPass)
{
    EXPECT_THAT(violations("core/tasks/a.cpp", "#include \"core/zoo/zoo.h\"\n#include <vector>\n"), IsEmpty());
    EXPECT_THAT(violations("core/nn/a.h", kOnce + "#include <torch/nn/module.h>\n"), IsEmpty());
    EXPECT_THAT(violations("core/zoo/a.cpp", "#include <hdf5.h>\n"), IsEmpty());
    EXPECT_THAT(violations("ui/plots/a.cpp", "#include <qcustomplot.h>\n#include \"ui/models/session.h\"\n"),
                IsEmpty());
    EXPECT_THAT(violations("app/gui/main.cpp",
                           "#include \"ui/panels/a.h\"\n#include \"app/cli/options.h\"\n#include <QApplication>\n"),
                IsEmpty());
}

struct Wrong
{
    std::string path;
    std::string line;
    std::string what;
};

class HouseRulesFind : public testing::TestWithParam<Wrong>
{
};

TEST_P(HouseRulesFind, IncludesAgainstTheArrows)
{
    const auto& [path, line, what] = GetParam();
    EXPECT_THAT(violations(path, "// first\n" + line + "\n"), ElementsAre(path + ":2: " + what));
}

INSTANTIATE_TEST_SUITE_P(
    Lines, HouseRulesFind,
    testing::Values(
        Wrong {"core/base/a.cpp", "#include \"core/zoo/zoo.h\"", "core/base may not include core/zoo"},
        Wrong {"core/zoo/a.cpp", "#include <QString>", "core/zoo may not include Qt"},
        Wrong {"core/engine/a.cpp", "#include <torch/torch.h>", "core/engine may not include LibTorch"},
        Wrong {"core/projection/a.cpp", "#include \"core/zoo/zoo.h\"", "core/projection may not include core/zoo"},
        Wrong {"core/tasks/a.cpp", "#include <hdf5.h>", "core/tasks may not include HDF5"},
        Wrong {"ui/panels/a.cpp", "#include <qcustomplot.h>", "ui/panels may not include QCustomPlot"},
        Wrong {"ui/models/a.cpp", "#include \"ui/panels/a.h\"", "ui/models may not include ui/panels"},
        Wrong {"ui/jobs/a.cpp", "#  include <ATen/ops/relu.h>", "ui/jobs may not include LibTorch"},
        Wrong {"ui/jobs/a.cpp", "#include \"core/nn/module.h\"", "ui/jobs may not include core/nn"},
        Wrong {"app/main.cpp", "#include <c10/util/Half.h>", "app may not include LibTorch"},
        Wrong {"core/zoo/a.cpp", "#include \"zoo.h\"", "includes \"zoo.h\", write the path from the project's root"}));

TEST(HouseRules, FindWhatIsWrongWithAFile)
{
    EXPECT_THAT(violations("core/zoo/a.h", "#include <vector>\n"), ElementsAre(HasSubstr("#pragma once")));
    EXPECT_THAT(violations("core/zoo/a.h", kOnce + "using namespace std;\n"), ElementsAre(HasSubstr("in a header")));
    EXPECT_THAT(violations("core/attic/a.cpp", ""), ElementsAre(HasSubstr("core/attic is no room")));
    std::string lines;
    for (int i = 0; i < 401; ++i)
        lines += "\n";
    EXPECT_THAT(violations("tests/zoo/a.cpp", lines), ElementsAre(HasSubstr("401 lines")));
    EXPECT_THAT(violations("tests/zoo/a.cpp", lines.substr(1)), IsEmpty());
}

} // namespace
