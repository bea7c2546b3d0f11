#include "ui/dialogs/export_dialog.h"
#include "ui/dialogs/guide.h"
#include "ui/dialogs/train_dialog.h"
#include "window_case.h"

#include <QAccessible>
#include <QAction>
#include <QMenu>
#include <QMenuBar>
#include <QSet>
#include <QTabBar>

namespace rnnscope::ui {
namespace {

/// What the user can reach with Tab, now.
QList<QWidget*> controls(const QWidget& in)
{
    QList<QWidget*> found;
    for (auto* widget : in.findChildren<QWidget*>())
        if (widget->window() == &in && (widget->focusPolicy() & Qt::TabFocus) != 0 && widget->isVisibleTo(&in)
            && widget->isEnabled() && widget->focusProxy() == nullptr)
            found << widget;
    return found;
}

std::string nameOf(const QWidget& widget)
{
    return (QString::fromLatin1(widget.metaObject()->className()) + " '" + widget.objectName() + "' of '"
            + (widget.parentWidget() != nullptr ? widget.parentWidget()->objectName() : QString()) + "'")
        .toStdString();
}

/// As a screen reader hears it: its own name, that of its label, or its text.
void expectNames(const QWidget& in)
{
    const auto all = controls(in);
    EXPECT_GT(all.size(), 1) << nameOf(in);
    for (auto* widget : all) {
        auto* heard = QAccessible::queryAccessibleInterface(widget);
        ASSERT_NE(heard, nullptr) << nameOf(*widget);
        EXPECT_FALSE(heard->text(QAccessible::Name).trimmed().isEmpty()) << nameOf(*widget);
    }
}

/// Once around.
void expectTabReachesAll(QWidget& in)
{
    const auto all = controls(in);
    ASSERT_FALSE(all.isEmpty());
    all.front()->setFocus(Qt::TabFocusReason);
    QSet<const QWidget*> reached;
    for (qsizetype i = 0; i <= 2 * all.size(); ++i) {
        auto* now = in.focusWidget();
        ASSERT_NE(now, nullptr);
        reached.insert(now);
        QTest::keyClick(now, Qt::Key_Tab);
    }
    for (const auto* widget : all)
        EXPECT_TRUE(reached.contains(widget)) << nameOf(*widget);
}

class AccessibilityTest : public WindowCase
{
protected:
    AccessibilityTest() { drop({files.zoo(), files.checkpoint("probing")}); }

    static constexpr std::array<const char*, 6> kTabs {"probing", "activity", "behaviour",
                                                       "table",   "training", "evaluation"};
    void show(const char* tab)
    {
        window.showTab(QString::fromLatin1(tab));
        QCoreApplication::processEvents();
        EXPECT_TRUE(test::waitFor([&] { return !session.busy(); }));
    }
    static void collect(const QMenu& menu, QSet<const QAction*>& found)
    {
        for (const auto* action : menu.actions()) {
            found.insert(action);
            if (action->menu() != nullptr)
                collect(*action->menu(), found);
        }
    }
};

TEST_F(AccessibilityTest, EveryControlOfEveryTabHasAName)
{
    for (const char* tab : kTabs) {
        SCOPED_TRACE(tab);
        show(tab);
        expectNames(window);
    }
}

TEST_F(AccessibilityTest, TabReachesEveryControlOfEveryTab)
{
    window.activateWindow();
    for (const char* tab : kTabs) {
        SCOPED_TRACE(tab);
        show(tab);
        expectTabReachesAll(window);
    }
}

TEST_F(AccessibilityTest, SoDoDialogs)
{
    QTest::keyClick(&window, Qt::Key_E, Qt::ControlModifier);
    expectNames(*find<ExportDialog>("exportDialog"));
    expectTabReachesAll(*find<ExportDialog>("exportDialog"));
    find<ExportDialog>("exportDialog")->close();
    QTest::keyClick(&window, Qt::Key_F1);
    expectNames(*find<Guide>("guide"));
    expectTabReachesAll(*find<Guide>("guide"));
    find<Guide>("guide")->close();
    QTest::keyClick(&window, Qt::Key_T, Qt::ControlModifier);
    auto* training = window.findChild<TrainDialog*>();
    ASSERT_NE(training, nullptr);
    expectNames(*training);
    expectTabReachesAll(*training);
}

TEST_F(AccessibilityTest, EveryShortcutIsInAMenuAndMeansOneThing)
{
    QSet<const QAction*> inMenus;
    for (const auto* action : window.menuBar()->actions())
        if (action->menu() != nullptr)
            collect(*action->menu(), inMenus);
    QHash<QString, QString> meaning;
    for (const auto* action : window.findChildren<QAction*>()) {
        for (const auto& keys : action->shortcuts()) {
            const auto text = keys.toString();
            EXPECT_TRUE(inMenus.contains(action)) << action->text().toStdString();
            EXPECT_FALSE(meaning.contains(text)) << text.toStdString() << " is " << meaning.value(text).toStdString()
                                                 << " and " << action->text().toStdString();
            meaning.insert(text, action->text());
        }
    }
    EXPECT_GT(meaning.size(), 25);
}

TEST_F(AccessibilityTest, MenusUnderlineALetterOfEveryEntryOnce)
{
    for (const auto* top : window.menuBar()->actions()) {
        ASSERT_NE(top->menu(), nullptr);
        QSet<QChar> letters;
        for (const auto* action : top->menu()->actions()) {
            const auto at = action->text().indexOf(QLatin1Char('&'));
            if (at < 0 || action->menu() != nullptr)
                continue;
            const auto letter = action->text().at(at + 1).toLower();
            EXPECT_FALSE(letters.contains(letter)) << action->text().toStdString();
            letters.insert(letter);
        }
    }
}

} // namespace
} // namespace rnnscope::ui
