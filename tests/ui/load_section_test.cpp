#include "qt_test.h"
#include "question_files.h"
#include "ui/panels/load_section.h"
#include "ui/panels/load_text.h"

#include <QLabel>
#include <QScrollArea>
#include <QToolButton>

#include <gmock/gmock.h>

namespace rnnscope::ui {
namespace {

using testing::HasSubstr;

weights::LoadReport sample()
{
    return {.file = "/runs/net.pt",
            .format = weights::Format::TorchZip,
            .network = "LSTM 2×32, 6 in, 6 out: 'lstm' read by 'linear'",
            .precision = "float32",
            .used = {"lstm.weight_ih_l0", "linear.weight"},
            .ignored = {"optimizer.step", "scaler", "epoch"},
            .nonFinite = 0,
            .notes = {"the optimizer was left out"}};
}

TEST(LoadText, SaysWhatWasMadeOfAFile)
{
    EXPECT_EQ(loadTitle(sample()), "Loaded from net.pt");
    EXPECT_EQ(loadSummary(sample()).toStdString(),
              "PyTorch file; LSTM 2×32, 6 in, 6 out: 'lstm' read by 'linear'; float32; 2 tensors used, 3 ignored");
    EXPECT_TRUE(loadWarning(sample()).isEmpty());
    EXPECT_EQ(loadDetails(sample()).toStdString(),
              "Notes\n  the optimizer was left out\n\nUsed (2)\n  lstm.weight_ih_l0\n  linear.weight\n\n"
              "Ignored (3)\n  optimizer.step\n  scaler\n  epoch");
}

TEST(LoadText, WarnsOfWeightsThatAreNotFinite)
{
    auto report = sample();
    report.nonFinite = 3;
    EXPECT_EQ(loadWarning(report), "3 weights are NaN or infinite: no encoder can embed this network");
    EXPECT_THAT(loadBrief(report).toStdString(), HasSubstr("3 weights are NaN or infinite"));
}

TEST(LoadText, CutsLongListsAndNames)
{
    for (const auto& name : test::hostileNames()) {
        auto report = sample();
        report.file = name;
        report.network = name;
        report.notes = {name};
        report.ignored.assign(5000, name);
        for (const auto& text : {loadTitle(report), loadSummary(report)})
            EXPECT_TRUE(test::isOneShortLine(text));
        EXPECT_LT(loadDetails(report).size(), 60'000);
        EXPECT_THAT(loadDetails(report).toStdString(), HasSubstr("and 4\u2009800 more"));
        for (const auto& line : loadBrief(report).split(QLatin1Char('\n')))
            EXPECT_TRUE(test::isOneShortLine(line));
    }
}

class LoadSectionTest : public testing::Test
{
protected:
    LoadSectionTest()
    {
        parent.resize(344, 600);
        section = new LoadSection(&parent);
        section->resize(344, 400);
        parent.show();
    }
    QLabel* label(const char* name) const { return section->findChild<QLabel*>(QString::fromLatin1(name)); }
    QToolButton* toggle() const { return section->findChild<QToolButton*>("loadToggle"); }
    QScrollArea* details() const { return section->findChild<QScrollArea*>("loadScroll"); }

    QWidget parent;
    LoadSection* section = nullptr;
};

TEST_F(LoadSectionTest, IsThereForWeightFilesOnly)
{
    EXPECT_TRUE(section->isHidden());
    section->showReport(sample());
    EXPECT_TRUE(section->isVisible());
    EXPECT_EQ(label("loadSummary")->text().remove(QChar(0x200B)), loadSummary(sample()));
    EXPECT_TRUE(label("loadWarning")->isHidden());
    section->showReport({});
    EXPECT_TRUE(section->isHidden());
}

TEST_F(LoadSectionTest, UnfoldsToTheTensorsAndFoldsForTheNextFile)
{
    section->showReport(sample());
    EXPECT_TRUE(details()->isHidden());
    QTest::mouseClick(toggle(), Qt::LeftButton, {}, QPoint(10, 10));
    EXPECT_TRUE(details()->isVisible());
    EXPECT_THAT(label("loadDetails")->text().toStdString(), HasSubstr("optimizer.step"));
    section->showReport(sample());
    EXPECT_TRUE(details()->isVisible()) << "the same file";
    auto other = sample();
    other.file = "other.pt";
    section->showReport(other);
    EXPECT_TRUE(details()->isHidden());
    toggle()->setFocus();
    QTest::keyClick(toggle(), Qt::Key_Space);
    EXPECT_TRUE(details()->isVisible());
}

TEST_F(LoadSectionTest, ShowsTheWarning)
{
    auto sick = sample();
    sick.nonFinite = 1;
    section->showReport(sick);
    EXPECT_TRUE(label("loadWarning")->isVisible());
    EXPECT_THAT(label("loadWarning")->text().toStdString(), HasSubstr("1 weight is NaN or infinite"));
}

TEST_F(LoadSectionTest, HostileNamesStayPlainAndDoNotWidenThePanel)
{
    for (const auto& name : test::hostileNames()) {
        auto report = sample();
        report.file = name;
        report.network = name;
        report.used.assign(300, name);
        section->showReport(report);
        toggle()->setChecked(true);
        EXPECT_LE(section->minimumSizeHint().width(), 344) << name.substr(0, 40);
        for (const auto* each : section->findChildren<QLabel*>())
            EXPECT_EQ(each->textFormat(), Qt::PlainText);
    }
}

} // namespace
} // namespace rnnscope::ui
