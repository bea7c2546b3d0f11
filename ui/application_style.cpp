#include "ui/application_style.h"

#include <QApplication>
#include <QFile>
#include <QPainter>
#include <QPalette>
#include <QPixmap>
#include <QStyle>
#include <QStyleFactory>
#include <QSvgRenderer>

// The macro must stand outside of namespaces.
static void initResources()
{
    Q_INIT_RESOURCE(rnnscope);
}

namespace rnnscope::ui {

namespace {

QColor mixed(const QColor& a, const QColor& b, double share)
{
    const auto mix = [share](int x, int y) { return static_cast<int>(x + (y - x) * share); };
    return {mix(a.red(), b.red()), mix(a.green(), b.green()), mix(a.blue(), b.blue())};
}

QPalette paletteOf(const Theme& theme)
{
    QPalette palette;
    palette.setColor(QPalette::Window, theme.panel);
    palette.setColor(QPalette::WindowText, theme.text);
    palette.setColor(QPalette::Base, theme.panel);
    palette.setColor(QPalette::AlternateBase, theme.background);
    palette.setColor(QPalette::Text, theme.text);
    palette.setColor(QPalette::Button, theme.panel);
    palette.setColor(QPalette::ButtonText, theme.text);
    palette.setColor(QPalette::ToolTipBase, theme.panel);
    palette.setColor(QPalette::ToolTipText, theme.text);
    palette.setColor(QPalette::PlaceholderText, theme.muted);
    palette.setColor(QPalette::Highlight, theme.accent);
    palette.setColor(QPalette::HighlightedText, theme.dark ? theme.background : Qt::white);
    palette.setColor(QPalette::Link, theme.accent);
    palette.setColor(QPalette::Mid, theme.line);
    palette.setColor(QPalette::Dark, mixed(theme.line, theme.text, 0.2));
    palette.setColor(QPalette::Light, mixed(theme.panel, Qt::white, theme.dark ? 0.06 : 1.0));
    palette.setColor(QPalette::Midlight, mixed(theme.panel, theme.line, 0.5));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, mixed(theme.muted, theme.panel, 0.35));
    return palette;
}

/// %1 panel, %2 line, %3 text, %4 muted, %5 accent, %6 hover, %7 checked, %8 "light" or "dark", %9 background,
/// %10 wrong
constexpr auto kSheet = R"(
QMenuBar { background: %1; border-bottom: 1px solid %2; padding: 2px 4px; }
QMenuBar::item { padding: 4px 8px; background: transparent; border-radius: 4px; }
QMenuBar::item:selected { background: %6; }
QLabel#appName { font-weight: bold; padding-left: 4px; padding-right: 4px; }
QToolBar { background: %1; border: none; border-bottom: 1px solid %2; padding: 6px 8px; spacing: 6px; }
QToolBar::separator { background: %2; width: 1px; margin: 3px 4px; }
QToolBar QLabel { color: %4; padding: 0 2px 0 6px; }
QLabel#trainProblem, QLabel#saveProblem, QLabel#questionVerdict { color: %4; }
QLabel#trainProblem[wrong="true"], QLabel#saveProblem[wrong="true"], QLabel#questionVerdict[wrong="true"],
QLabel#loadWarning { color: %10; }
QLabel#loadSummary, QLabel#loadDetails { color: %4; }
QToolButton#loadToggle { border: none; background: transparent; padding: 2px 0; text-align: left; color: %3; }
QToolButton#loadToggle:hover, QToolButton#loadToggle:focus { color: %5; }
QWidget#loadSection { border-top: 1px solid %2; }
QToolBar QToolButton, QToolBar QComboBox, QDialog QPushButton, QDockWidget QPushButton, QDockWidget QComboBox,
QFrame#question QPushButton, QFrame#question QComboBox, QWidget#sideMap QComboBox {
  background: %1; border: 1px solid %2; border-radius: 4px; padding: 4px 9px; color: %3; }
QToolBar QToolButton:hover, QToolBar QComboBox:hover, QDialog QPushButton:hover, QDockWidget QPushButton:hover,
QDockWidget QComboBox:hover, QFrame#question QPushButton:hover, QFrame#question QComboBox:hover, QWidget#sideMap QComboBox:hover { background: %6; }
QToolBar QToolButton:focus, QToolBar QComboBox:focus, QDialog QPushButton:focus, QDockWidget QPushButton:focus,
QDockWidget QComboBox:focus, QFrame#question QPushButton:focus, QFrame#question QComboBox:focus, QWidget#sideMap QComboBox:focus { border-color: %5; }
QDialog QPushButton:default { background: %5; border-color: %5; color: %1; }
QDialog QPushButton:disabled, QFrame#question QPushButton:disabled, QFrame#question QComboBox:disabled, QWidget#sideMap QComboBox:disabled {
  background: %1; border-color: %2; color: %4; }
QFrame#question QPushButton#questionOpen { background: %5; border-color: %5; color: %1; }
QFrame#question QPushButton#questionOpen:disabled { background: %1; border-color: %2; color: %4; }
QFrame#question { background: %1; border: none; border-left: 4px solid %5; border-bottom: 1px solid %2; }
QLineEdit#expression { background: %1; border: 1px solid %2; border-radius: 4px; padding: 4px 6px; color: %3; }
QLineEdit#expression:focus { border-color: %5; }
QLineEdit#expression[wrong="true"] { border-color: %10; }
QToolBar QToolButton:checked { background: %7; border-color: %5; color: %5; }
QToolBar QToolButton[withIcon="true"] { padding: 4px 1px 4px 8px; }
QToolBar QToolButton::menu-indicator { image: none; }
QToolButton#qt_toolbar_ext_button { padding: 0; border: none; }
QToolBar QComboBox, QDockWidget QComboBox, QFrame#question QComboBox, QWidget#sideMap QComboBox { padding-right: 22px; }
QToolBar QComboBox::drop-down, QDockWidget QComboBox::drop-down, QFrame#question QComboBox::drop-down, QWidget#sideMap QComboBox::drop-down {
  border: none; width: 20px; subcontrol-position: center right; }
QToolBar QComboBox::down-arrow, QDockWidget QComboBox::down-arrow, QFrame#question QComboBox::down-arrow, QWidget#sideMap QComboBox::down-arrow {
  image: url(:/icons/chevron-%8.svg); width: 10px; height: 10px; }
QMainWindow > QTabBar { background: %1; border: none; qproperty-drawBase: 0; }
QSplitter#maps::handle { background: %2; }
QMainWindow > QTabBar::tab {
  background: %1; color: %4; border: none; border-bottom: 2px solid transparent; padding: 8px 10px 6px 10px; }
QMainWindow > QTabBar::tab:hover { color: %3; }
QMainWindow > QTabBar::tab:selected { color: %3; font-weight: bold; border-bottom-color: %5; }
QMainWindow::separator { background: %2; width: 1px; height: 1px; }
QWidget#dockTitle { background: %1; }
QLabel#sectionHead { color: %4; font-weight: bold; }
QLabel#mutedText { color: %4; }
QHeaderView::section {
  background: %1; color: %4; border: none; border-bottom: 1px solid %2; padding: 3px 6px 3px 3px; }
QTableView { background: %1; selection-background-color: %7; selection-color: %3; outline: none; }
QListWidget { background: %1; border: none; outline: none; }
QListWidget#movers { padding-left: 8px; }
QStatusBar { background: %1; border-top: 1px solid %2; }
QStatusBar::item { border: none; }
QStatusBar QLabel { color: %4; }
QProgressBar { background: %2; border: none; border-radius: 2px; max-height: 5px; min-height: 5px; }
QProgressBar::chunk { background: %5; border-radius: 2px; }
QPushButton#link { border: none; background: transparent; color: %5; padding: 0 4px; }
QPushButton#link:focus, QPushButton#link:hover { text-decoration: underline; }
QFrame#message { background: %9; border: none; border-bottom: 1px solid %2; }
QFrame#messageMark[severity="error"] { background: #C8402F; }
QFrame#messageMark[severity="note"] { background: %5; }
QToolButton#dismiss { border: none; padding: 2px; border-radius: 4px; color: %4; }
QToolButton#dismiss:hover, QToolButton#dismiss:focus { background: %6; }
QScrollBar { background: transparent; border: none; margin: 0; }
QScrollBar:vertical { width: 10px; }
QScrollBar:horizontal { height: 10px; }
QScrollBar::handle { background: %2; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 24px; }
QScrollBar::handle:horizontal { min-width: 24px; }
QScrollBar::handle:hover { background: %4; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: %1; border: none; }
QToolTip { background: %1; color: %3; border: 1px solid %2; padding: 4px 6px; }
)";

QString sheetOf(const Theme& theme)
{
    const auto hover = mixed(theme.panel, theme.text, 0.06);
    const auto checked = mixed(theme.panel, theme.accent, 0.12);
    return QString::fromLatin1(kSheet).arg(
        theme.panel.name(), theme.line.name(), theme.text.name(), theme.muted.name(), theme.accent.name(), hover.name(),
        checked.name(), theme.dark ? QStringLiteral("dark") : QStringLiteral("light"), theme.background.name(),
        theme.dark ? QStringLiteral("#F08A80") : QStringLiteral("#B3261E"));
}

QPixmap rendered(QByteArray svg, const QColor& colour, int pixels)
{
    svg.replace("#808080", colour.name().toLatin1());
    QSvgRenderer renderer(svg);
    QPixmap pixmap(pixels, pixels);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    renderer.render(&painter);
    return pixmap;
}

} // namespace

ApplicationStyle::ApplicationStyle(QApplication& application)
    : m_application(application)
    , m_systemIsDark(currentTheme().dark)
{
    initResources();
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    QApplication::setWindowIcon(QIcon(QStringLiteral(":/icons/rnnscope.svg")));
    setChoice(ThemeChoice::System);
}

void ApplicationStyle::setChoice(ThemeChoice choice)
{
    m_choice = choice;
    QApplication::setPalette(paletteOf(theme()));
    m_application.setStyleSheet(sheetOf(theme()));
}

Theme ApplicationStyle::theme() const
{
    const bool dark = m_choice == ThemeChoice::Dark || (m_choice == ThemeChoice::System && m_systemIsDark);
    return dark ? darkTheme() : lightTheme();
}

QIcon themedIcon(const QString& name, const QColor& colour, const QColor& checked)
{
    QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const auto svg = file.readAll();
    QIcon icon;
    for (const int pixels : {16, 32, 48, 64}) {
        icon.addPixmap(rendered(svg, colour, pixels), QIcon::Normal, QIcon::Off);
        icon.addPixmap(rendered(svg, checked, pixels), QIcon::Normal, QIcon::On);
    }
    return icon;
}

} // namespace rnnscope::ui
