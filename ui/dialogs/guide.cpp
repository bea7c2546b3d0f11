#include "ui/dialogs/guide.h"

#include "ui/plots/text.h"
#include "ui/plots/theme.h"

#include <QAction>
#include <QEvent>
#include <QFile>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QListWidget>
#include <QRegularExpression>
#include <QTextBrowser>
#include <QTextDocumentFragment>
#include <QVBoxLayout>

#include <algorithm>
#include <array>
#include <utility>

namespace rnnscope::ui {

namespace {

const QString kKeyboard = QStringLiteral("keyboard");

struct Title
{
    const char* id; ///< and name of the file in resources/guide
    const char* text;
};

constexpr std::array<Title, 9> kTitles {{{"start", QT_TR_NOOP("First steps")},
                                         {"map", QT_TR_NOOP("The map")},
                                         {"filters", QT_TR_NOOP("Filters")},
                                         {"expressions", QT_TR_NOOP("Filter expressions")},
                                         {"network", QT_TR_NOOP("Predictions and trust")},
                                         {"probing", QT_TR_NOOP("Probing and behaviour")},
                                         {"table", QT_TR_NOOP("The table")},
                                         {"training", QT_TR_NOOP("Training and evaluation")},
                                         {"export", QT_TR_NOOP("Exporting")}}};

QString plain(QString text)
{
    return text.remove(QLatin1Char('&')).remove(QChar(0x2026));
}

QString keyHtml(const QKeySequence& keys)
{
    return QStringLiteral("<b>%1</b>").arg(keys.toString(QKeySequence::NativeText).toHtmlEscaped());
}

QString fileText(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

/// [[Fit]] becomes the shortcut of the action Fit. One without a shortcut is named as it is in its menu.
QString withKeys(QString html, const QList<QAction*>& actions)
{
    for (const auto* action : actions) {
        const auto name = QStringLiteral("[[%1]]").arg(plain(action->text()));
        html.replace(name,
                     action->shortcut().isEmpty() ? QStringLiteral("<b>%1</b>").arg(plain(action->text()))
                                                  : keyHtml(action->shortcut()));
    }
    return html;
}

QString keyboardHtml(const QList<QAction*>& actions)
{
    QString rows;
    for (const auto* action : actions)
        if (!action->shortcut().isEmpty() && !action->text().isEmpty())
            rows += QStringLiteral(
                        "<tr><td style=\"padding:3px 24px 3px 0\">%1</td><td style=\"padding:3px 0\">%2</td></tr>")
                        .arg(plain(action->text()).toHtmlEscaped(), keyHtml(action->shortcut()));
    return QObject::tr(
               "<h1>Keyboard shortcuts</h1><p>Tab goes from one control to the next, Shift+Tab back. Menus open "
               "with Alt and the underlined letter.</p>")
        + QStringLiteral("<table>%1</table>").arg(rows);
}

QString textOf(const GuidePage& page)
{
    return page.title + QLatin1Char('\n') + QTextDocumentFragment::fromHtml(page.html).toPlainText();
}

QStringList wordsOf(const QString& text)
{
    return text.split(QRegularExpression(QStringLiteral("\\s+")), Qt::SkipEmptyParts);
}

} // namespace

std::vector<GuidePage> guidePages(const QList<QAction*>& actions)
{
    std::vector<GuidePage> pages;
    for (const auto& [id, title] : kTitles) {
        const auto name = QString::fromLatin1(id);
        pages.push_back(
            {name, QObject::tr(title), withKeys(fileText(QStringLiteral(":/guide/%1.html").arg(name)), actions)});
    }
    pages.push_back({kKeyboard, QObject::tr("Keyboard shortcuts"), keyboardHtml(actions)});
    return pages;
}

Guide::Guide(std::vector<GuidePage> pages, QWidget* parent)
    : QDialog(parent)
    , m_pages(std::move(pages))
    , m_search(new QLineEdit)
    , m_contents(new QListWidget)
    , m_text(new QTextBrowser)
{
    setObjectName(QStringLiteral("guide"));
    setWindowTitle(tr("Guide"));
    m_search->setObjectName(QStringLiteral("guideSearch"));
    m_search->setPlaceholderText(tr("Search"));
    m_search->setAccessibleName(tr("Search the guide"));
    m_search->setClearButtonEnabled(true);
    m_contents->setObjectName(QStringLiteral("guideContents"));
    m_contents->setAccessibleName(tr("Contents"));
    m_contents->setSpacing(2);
    m_text->setObjectName(QStringLiteral("guideText"));
    m_text->setAccessibleName(tr("Page of the guide"));
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->document()->setDocumentMargin(16);
    auto* left = new QVBoxLayout;
    left->addWidget(m_search);
    left->addWidget(m_contents, 1);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 12, 0, 12);
    layout->setSpacing(12);
    layout->addLayout(left);
    layout->addWidget(m_text, 1);
    constexpr int kContentsWidth = 190;
    m_contents->setFixedWidth(kContentsWidth);
    m_search->setFixedWidth(kContentsWidth);
    resize(800, 600);
    connect(m_search, &QLineEdit::textChanged, this, &Guide::search);
    connect(m_contents, &QListWidget::currentRowChanged, this, &Guide::showPage);
    search();
}

void Guide::turnTo(const QString& id)
{
    m_search->clear();
    for (int row = 0; row < m_contents->count(); ++row)
        if (m_contents->item(row)->data(Qt::UserRole).toString() == id)
            m_contents->setCurrentRow(row);
    show();
    raise();
    activateWindow();
    m_contents->setFocus();
}

QString Guide::page() const
{
    const auto* item = m_contents->currentItem();
    return item != nullptr ? item->data(Qt::UserRole).toString() : QString();
}

/// Pages that have all words; the one that is open stays if it has them.
void Guide::search()
{
    const auto words = wordsOf(m_search->text());
    const auto open = page();
    m_contents->clear();
    for (const auto& each : m_pages) {
        const auto text = textOf(each);
        if (!std::all_of(words.begin(), words.end(),
                         [&](const QString& word) { return text.contains(word, Qt::CaseInsensitive); }))
            continue;
        auto* item = new QListWidgetItem(each.title, m_contents);
        item->setData(Qt::UserRole, each.id);
        if (each.id == open)
            m_contents->setCurrentItem(item);
    }
    if (m_contents->currentRow() < 0)
        m_contents->setCurrentRow(0);
    showPage();
}

void Guide::showPage()
{
    const auto id = page();
    const auto at = std::find_if(m_pages.begin(), m_pages.end(), [&](const GuidePage& each) { return each.id == id; });
    const Theme theme = currentTheme();
    const int pixels = pixelFont(font()).pixelSize();
    m_text->document()->setDefaultStyleSheet(
        QStringLiteral("h1 { font-size: %1px; margin-bottom: 8px; } h2 { font-size: %2px; margin: 16px 0 4px 0; }"
                       "p, li { line-height: 140%; margin-bottom: 6px; } pre { color: %3; background: %4; }"
                       "code { color: %3; }")
            .arg(pixels * 3 / 2)
            .arg(pixels * 9 / 8)
            .arg(theme.text.name(), theme.background.name()));
    m_text->setHtml(at != m_pages.end() ? at->html : tr("<p>No page has all of these words.</p>"));
    markFound();
}

void Guide::markFound()
{
    const Theme theme = currentTheme();
    QColor mark = theme.accent;
    mark.setAlphaF(0.25F);
    QList<QTextEdit::ExtraSelection> found;
    for (const auto& word : wordsOf(m_search->text()))
        for (auto at = m_text->document()->find(word); !at.isNull(); at = m_text->document()->find(word, at)) {
            QTextEdit::ExtraSelection each;
            each.cursor = at;
            each.format.setBackground(mark);
            found << each;
        }
    m_text->setExtraSelections(found);
    if (found.isEmpty())
        return;
    auto first = found.front().cursor;
    first.clearSelection();
    m_text->setTextCursor(first);
}

void Guide::changeEvent(QEvent* event)
{
    QDialog::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        showPage();
}

} // namespace rnnscope::ui
