#include "ui/dialogs/guide.h"
#include "ui/dialogs/help_dialogs.h"
#include "ui/main_window.h"
#include "ui/panels/expression_field.h"
#include "ui/plots/map_view.h"

#include <QAction>
#include <QDockWidget>
#include <QMenuBar>

#include <algorithm>
#include <array>

namespace rnnscope::ui {

namespace {

struct PaneHelp
{
    const char* dock; ///< without "Dock"
    const char* page; ///< of the guide
};

constexpr std::array<PaneHelp, 10> kPanes {{{"files", "start"},
                                            {"filters", "filters"},
                                            {"network", "network"},
                                            {"trajectory", "map"},
                                            {"probing", "probing"},
                                            {"activity", "probing"},
                                            {"behaviour", "probing"},
                                            {"table", "table"},
                                            {"training", "training"},
                                            {"evaluation", "training"}}};

} // namespace

void MainWindow::buildHelpMenu()
{
    auto* help = menuBar()->addMenu(tr("&Help"));
    addAction(help, tr("&Guide"), QKeySequence::HelpContents, &MainWindow::showGuide);
    addAction(help, tr("&Keyboard Shortcuts"), {QStringLiteral("Shift+F1")}, &MainWindow::showShortcutList);
    addAction(help, tr("&About RNNScope"), {}, &MainWindow::showAboutBox);
}

QString MainWindow::pageOfFocus() const
{
    const auto* focus = focusWidget();
    const auto holds = [focus](const QWidget* pane) { return pane == focus || (focus && pane->isAncestorOf(focus)); };
    if (holds(m_map))
        return QStringLiteral("map");
    if (holds(m_expression))
        return QStringLiteral("expressions");
    for (const auto* dock : m_docks) {
        const auto at = std::find_if(kPanes.begin(), kPanes.end(), [dock](const PaneHelp& pane) {
            return dock->objectName().chopped(4) == QLatin1String(pane.dock);
        });
        if (at != kPanes.end() && holds(dock))
            return QString::fromLatin1(at->page);
    }
    return QStringLiteral("start");
}

void MainWindow::showGuide()
{
    openGuide(pageOfFocus());
}

void MainWindow::showShortcutList()
{
    openGuide(QStringLiteral("keyboard"));
}

void MainWindow::openGuide(const QString& page)
{
    if (m_guide == nullptr)
        m_guide = new Guide(guidePages(findChildren<QAction*>()), this);
    m_guide->turnTo(page);
}

void MainWindow::showAboutBox()
{
    showAbout(this);
}

} // namespace rnnscope::ui
