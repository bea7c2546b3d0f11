#include "ui/dialogs/guide.h"
#include "ui/plots/map_view.h"
#include "window_case.h"

#include <QAction>
#include <QLineEdit>
#include <QListWidget>
#include <QTableView>
#include <QTextBrowser>

namespace rnnscope::ui {
namespace {

class GuideTest : public WindowCase
{
protected:
    Guide& ask(QWidget* where)
    {
        window.activateWindow();
        EXPECT_TRUE(QTest::qWaitForWindowActive(&window));
        where->setFocus();
        QTest::keyClick(where, Qt::Key_F1);
        auto* guide = find<Guide>("guide");
        EXPECT_TRUE(QTest::qWaitForWindowActive(guide));
        return *guide;
    }
    QString text() const { return find<QTextBrowser>("guideText")->toPlainText(); }
    QListWidget& contents() const { return *find<QListWidget>("guideContents"); }
};

TEST_F(GuideTest, OpensAtThePaneThatHasTheFocus)
{
    drop({files.zoo(), files.checkpoint("probing")});
    EXPECT_EQ(ask(find<QWidget>("map")).page(), "map");
    EXPECT_FALSE(find<Guide>("guide")->isModal()) << "the window can be used beside it";
    EXPECT_EQ(ask(find<QWidget>("expression")).page(), "expressions");
    window.showTab("table");
    EXPECT_EQ(ask(find<QTableView>("networkTable")).page(), "table");
    EXPECT_EQ(ask(find<QWidget>("networkText")).page(), "network");
    EXPECT_EQ(window.findChildren<Guide*>().size(), 1) << "there is but one";
}

TEST_F(GuideTest, EveryPageHasTextAndEveryActionThatItNames)
{
    auto pages = guidePages(window.findChildren<QAction*>());
    EXPECT_EQ(pages.size(), 10U);
    for (const auto& page : pages) {
        EXPECT_GT(page.html.size(), 300) << page.id.toStdString();
        EXPECT_FALSE(page.html.contains("[["))
            << page.id.toStdString() << ": " << page.html.mid(page.html.indexOf("[["), 40).toStdString();
    }
}

TEST_F(GuideTest, ListsTheShortcutsThatThereAre)
{
    ask(find<QWidget>("map")).turnTo("keyboard");
    int listed = 0;
    for (const auto* action : window.findChildren<QAction*>()) {
        if (action->shortcut().isEmpty() || action->text().isEmpty())
            continue;
        ++listed;
        EXPECT_TRUE(text().contains(action->shortcut().toString(QKeySequence::NativeText)));
    }
    EXPECT_GT(listed, 20);
}

TEST_F(GuideTest, TheSearchLeavesPagesThatHaveAllWords)
{
    ask(find<QWidget>("map"));
    const int all = contents().count();
    auto* search = find<QLineEdit>("guideSearch");
    QTest::keyClicks(search, "lasso SHIFT");
    ASSERT_LT(contents().count(), all);
    EXPECT_EQ(find<Guide>("guide")->page(), "map");
    EXPECT_FALSE(find<QTextBrowser>("guideText")->extraSelections().isEmpty()) << "and marks them";
    search->selectAll();
    QTest::keyClicks(search, "zzz");
    EXPECT_EQ(contents().count(), 0);
    EXPECT_TRUE(text().contains("No page"));
    search->clear();
    EXPECT_EQ(contents().count(), all);
}

TEST_F(GuideTest, IsReadWithTheKeyboard)
{
    auto& guide = ask(find<QWidget>("map"));
    QTest::keyClick(&contents(), Qt::Key_Down);
    EXPECT_EQ(guide.page(), "filters");
    EXPECT_TRUE(text().startsWith("Filters"));
    QTest::keyClick(&guide, Qt::Key_Escape);
    EXPECT_FALSE(guide.isVisible());
}

TEST_F(GuideTest, FollowsTheTheme)
{
    ask(find<QWidget>("map"));
    const auto background = [&] { return find<QTextBrowser>("guideText")->grab().toImage().pixel(2, 2); };
    style.setChoice(ThemeChoice::Light);
    const auto light = background();
    style.setChoice(ThemeChoice::Dark);
    EXPECT_NE(background(), light);
}

} // namespace
} // namespace rnnscope::ui
