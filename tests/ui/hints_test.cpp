#include "ui/models/hints.h"
#include "ui/panels/hint_line.h"
#include "ui/plots/map_view.h"
#include "window_case.h"

#include <QHeaderView>
#include <QSettings>
#include <QTableView>
#include <QTemporaryDir>
#include <QToolButton>

namespace rnnscope::ui {
namespace {

class HintsTest : public WindowCase
{
protected:
    HintsTest()
        : first(std::make_unique<MainWindow>(session, style,
                                             MainWindowOptions {.persistent = false, .demoFolder = {}, .hints = true}))
    {
        first->resize(1280, 800);
        first->show();
        EXPECT_TRUE(QTest::qWaitForWindowExposed(first.get()));
        drop({files.zoo(), files.checkpoint("probing")});
    }
    HintLine& hint(const char* pane) const
    {
        auto* found = first->findChild<HintLine*>(QString::fromLatin1(pane) + "Hint");
        EXPECT_NE(found, nullptr) << pane;
        return *found;
    }
    template <typename T>
    T& in(const char* name) const
    {
        return *first->findChild<T*>(QString::fromLatin1(name));
    }

    std::unique_ptr<MainWindow> first;
};

TEST_F(HintsTest, AreOffUnlessAskedFor)
{
    EXPECT_TRUE(window.findChildren<HintLine*>().isEmpty());
    EXPECT_TRUE(hint("map").isVisible());
    EXPECT_TRUE(hint("filters").isVisible());
    EXPECT_LE(hint("map").height(), 32) << "a line, not a banner";
}

TEST_F(HintsTest, GoOnceDoneByTheUserNotByTheWindow)
{
    ASSERT_TRUE(first->selection().current()) << "chosen by the window";
    ASSERT_TRUE(hint("map").isVisible());
    auto& map = in<MapView>("map");
    QTest::mouseClick(&map, Qt::LeftButton, {}, map.pixelOf(3).toPoint());
    EXPECT_FALSE(hint("map").isVisible());
    EXPECT_TRUE(hint("filters").isVisible()) << "this one is still to be done";
    ASSERT_TRUE(first->filter().setExpression("run == 1"));
    EXPECT_FALSE(hint("filters").isVisible());
}

TEST_F(HintsTest, OfTheTableGoesWithTheFirstSort)
{
    first->showTab("table");
    ASSERT_TRUE(hint("table").isVisible());
    auto* head = in<QTableView>("networkTable").horizontalHeader();
    QTest::mouseClick(head->viewport(), Qt::LeftButton, {}, {head->sectionViewportPosition(1) + 8, head->height() / 2});
    EXPECT_FALSE(hint("table").isVisible());
}

TEST_F(HintsTest, CanBeClickedAway)
{
    QTest::mouseClick(hint("probing").findChild<QToolButton*>(), Qt::LeftButton);
    EXPECT_FALSE(hint("probing").isVisible());
    EXPECT_TRUE(hint("map").isVisible());
}

TEST_F(HintsTest, NeverComeBack)
{
    const QTemporaryDir folder;
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, folder.path());
    QCoreApplication::setOrganizationName("RNNScope test");
    {
        Hints hints(Hints::Memory::Settings);
        EXPECT_TRUE(hints.pending("map"));
        hints.finish("map");
    }
    EXPECT_FALSE(Hints(Hints::Memory::Settings).pending("map"));
    EXPECT_TRUE(Hints(Hints::Memory::Settings).pending("table"));
    EXPECT_TRUE(Hints(Hints::Memory::Window).pending("map"));
    QCoreApplication::setOrganizationName({});
}

} // namespace
} // namespace rnnscope::ui
