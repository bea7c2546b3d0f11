#include "ui/panels/written_strings.h"

#include "ui/panels/property_text.h"
#include "ui/plots/text.h"
#include "ui/plots/theme.h"

#include <QAbstractTextDocumentLayout>
#include <QEvent>
#include <QFontDatabase>
#include <QHeaderView>
#include <QPainter>
#include <QSignalBlocker>
#include <QTextDocument>

#include <algorithm>
#include <ranges>
#include <utility>

namespace rnnscope::ui {

namespace {

enum Column { kNetwork, kEmulator, kVerdict, kString, kColumns };

QString verdictText(const WrittenString& written)
{
    switch (written.verdict) {
    case WrittenString::Verdict::Right:
        return QObject::tr("\u2713 n = %1").arg(*written.n);
    case WrittenString::Verdict::Disordered:
        return QObject::tr("\u2713 n = %1, disordered").arg(written.n.value_or(0));
    case WrittenString::Verdict::Wrong:
        return QObject::tr("\u2717 wrong");
    case WrittenString::Verdict::Endless:
        return QObject::tr("\u2717 endless");
    }
    return {};
}

QColor verdictColour(const WrittenString& written, const Theme& theme)
{
    if (written.n)
        return theme.dark ? QColor(0x5f, 0xc9, 0x8a) : QColor(0x1a, 0x7f, 0x37);
    return theme.dark ? QColor(0xf0, 0x8a, 0x80) : QColor(0xb3, 0x26, 0x1e);
}

QTableWidgetItem* cell(const QString& text, const QColor& colour)
{
    auto* item = new QTableWidgetItem(text);
    item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
    item->setForeground(colour);
    return item;
}

QTableWidgetItem* countCell(std::size_t count, const Theme& theme)
{
    auto* item = cell(count == 0 ? QStringLiteral("–") : groupedNumber(static_cast<qlonglong>(count)),
                      count == 0 ? theme.muted : theme.text);
    item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    return item;
}

QString percent(std::size_t part, std::size_t whole)
{
    constexpr double kPercent = 100.0;
    return QStringLiteral("%1\u00a0%")
        .arg(kPercent * static_cast<double>(part) / static_cast<double>(whole), 0, 'f', 1);
}

/// "; 3.0 % only by their numbers of letters; 0.2 % do not end"
QString reservations(const Tally& tally)
{
    QString text;
    if (tally.disordered > 0)
        text += QObject::tr("; %1 only by their numbers of letters").arg(percent(tally.disordered, tally.strings));
    if (tally.endless > 0)
        text += QObject::tr("; %1 do not end").arg(percent(tally.endless, tally.strings));
    return text;
}

} // namespace

QString summaryHtml(const Behaviour& behaviour)
{
    const std::vector<double> differences(behaviour.task.begin(), behaviour.task.end());
    const auto share
        = [](const Tally& tally) { return QStringLiteral("<b>%1</b>").arg(percent(tally.right, tally.strings)); };
    QString text;
    if (behaviour.network) {
        text = (behaviour.predicted ? QObject::tr("%1 of %2 strings belong to %3, its predicted task")
                                    : QObject::tr("%1 of %2 strings belong to %3"))
                   .arg(share(*behaviour.network))
                   .arg(behaviour.network->strings)
                   .arg(languageHtml(differences));
        text += reservations(*behaviour.network);
        if (behaviour.emulator)
            text += QObject::tr("; of its emulator\u2019s %1").arg(share(*behaviour.emulator));
        return text;
    }
    text = QObject::tr("No network is here: the emulator speaks for the embedding at the cross, predicted to write %1")
               .arg(languageHtml(differences));
    if (behaviour.emulator)
        text += QObject::tr("; %1 of %2 strings belong to it")
                    .arg(share(*behaviour.emulator))
                    .arg(behaviour.emulator->strings)
            + reservations(*behaviour.emulator);
    return text;
}

WrittenStrings::WrittenStrings(QWidget* parent)
    : QTableWidget(0, kColumns, parent)
{
    setObjectName(QStringLiteral("writtenStrings"));
    setAccessibleName(tr("Strings the network writes"));
    setHorizontalHeaderLabels({tr("Network"), tr("Emulator"), tr("Verdict"), tr("String")});
    horizontalHeaderItem(kNetwork)->setToolTip(tr("How often the network has written it"));
    horizontalHeaderItem(kEmulator)->setToolTip(
        tr("How often the emulator has, which knows nothing of the network but its embedding"));
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(QFontMetrics(font()).height() + 6);
    constexpr int kNarrowest = 24; // of a column
    horizontalHeader()->setMinimumSectionSize(kNarrowest);
    horizontalHeader()->setStretchLastSection(true);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    setShowGrid(false);
    setTabKeyNavigation(false);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff); // strings end in "…"
    setFrameShape(QFrame::NoFrame);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::SingleSelection);
    connect(this, &QTableWidget::itemSelectionChanged, this, [this] {
        const int row = currentRow();
        if (!m_behaviour || row < 0 || row >= rowCount())
            return;
        auto text = item(row, kString)->text();
        text.remove(QStringLiteral("⊢")).remove(QStringLiteral("⊣"));
        Q_EMIT chosen(text);
    });
}

void WrittenStrings::changeEvent(QEvent* event)
{
    QTableWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_behaviour)
        fill();
}

void WrittenStrings::showBehaviour(const Behaviour& behaviour)
{
    m_behaviour = behaviour;
    fill();
}

void WrittenStrings::fill()
{
    const Theme theme = currentTheme();
    const auto mono = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    const QSignalBlocker quiet(this); // what was chosen stays written where it is read
    clearSelection();
    setRowCount(static_cast<int>(m_behaviour->written.size()));
    for (int row = 0; row < rowCount(); ++row) {
        const auto& written = m_behaviour->written[static_cast<std::size_t>(row)];
        setItem(row, kNetwork, countCell(written.times, theme));
        setItem(row, kEmulator, countCell(written.emulated, theme));
        auto* verdict = cell(verdictText(written), verdictColour(written, theme));
        verdict->setToolTip(verdict->text());
        setItem(row, kVerdict, verdict);
        auto* string = cell(written.text, theme.text);
        string->setFont(mono);
        string->setToolTip(breakable(written.text));
        setItem(row, kString, string);
    }
    setColumnHidden(kNetwork, !m_behaviour->network);
    setColumnHidden(kEmulator, !m_behaviour->emulator);
    for (const int column : {kNetwork, kEmulator, kVerdict})
        resizeColumnToContents(column);
    constexpr int kWidestVerdict = 76; // or little would be left for strings in a small window
    setColumnWidth(kVerdict, std::min(columnWidth(kVerdict), kWidestVerdict));
}

void WrittenStrings::paint(QPainter& painter, const QRectF& area, const Theme& theme) const
{
    if (!m_behaviour)
        return;
    const QFont plain = pixelFont(font());
    const double line = QFontMetricsF(plain).height() + 4;
    const auto room = static_cast<std::size_t>(std::max(0.0, area.height() / line - 3));
    QString rows;
    for (const auto& written : m_behaviour->written | std::views::take(room)) {
        rows += QStringLiteral("<tr>");
        for (const auto& [writer, times] :
             {std::pair(&m_behaviour->network, written.times), std::pair(&m_behaviour->emulator, written.emulated)})
            if (*writer)
                rows += QStringLiteral("<td align=\"right\">%1</td>").arg(groupedNumber(static_cast<qlonglong>(times)));
        rows += QStringLiteral("<td style=\"color:%1\">%2</td><td style=\"font-family:monospace\">%3</td></tr>")
                    .arg(verdictColour(written, theme).name(), verdictText(written).toHtmlEscaped(),
                         written.text.toHtmlEscaped());
    }
    QTextDocument document;
    document.setDocumentMargin(0);
    document.setDefaultFont(plain);
    document.setHtml(QStringLiteral("<p>%1</p><table cellspacing=\"0\" cellpadding=\"2\">%2</table>")
                         .arg(summaryHtml(*m_behaviour), rows));
    document.setTextWidth(area.width());
    QAbstractTextDocumentLayout::PaintContext context;
    context.palette.setColor(QPalette::Text, theme.text);
    painter.save();
    painter.setClipRect(area);
    painter.translate(area.topLeft());
    document.documentLayout()->draw(&painter, context);
    painter.restore();
}

} // namespace rnnscope::ui
