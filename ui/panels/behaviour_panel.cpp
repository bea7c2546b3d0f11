#include "ui/panels/behaviour_panel.h"

#include "ui/models/selection.h"
#include "ui/models/session.h"
#include "ui/panels/property_text.h"
#include "ui/plots/text.h"
#include "ui/plots/theme.h"

#include <QAbstractTextDocumentLayout>
#include <QEvent>
#include <QFontDatabase>
#include <QHeaderView>
#include <QLabel>
#include <QPainter>
#include <QTableWidget>
#include <QTextDocument>
#include <QVBoxLayout>

#include <algorithm>
#include <ranges>
#include <utility>

namespace rnnscope::ui {

namespace {

QString verdictText(const WrittenString& written)
{
    switch (written.verdict) {
    case WrittenString::Verdict::Right:
        return QObject::tr("\u2713 n = %1").arg(*written.n);
    case WrittenString::Verdict::Disordered:
        return QObject::tr("\u2713 n = %1, in another order").arg(written.n.value_or(0));
    case WrittenString::Verdict::Wrong:
        return QObject::tr("\u2717 not in the language");
    case WrittenString::Verdict::Endless:
        return QObject::tr("\u2717 does not end");
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

QString percent(std::size_t part, std::size_t whole)
{
    constexpr double kPercent = 100.0;
    return QStringLiteral("%1 %").arg(kPercent * static_cast<double>(part) / static_cast<double>(whole), 0, 'f', 1);
}

} // namespace

BehaviourPanel::BehaviourPanel(Session& session, Selection& selection, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_selection(selection)
    , m_summary(new QLabel)
    , m_table(new QTableWidget(0, 3))
{
    m_summary->setObjectName(QStringLiteral("behaviourSummary"));
    m_summary->setWordWrap(true);
    m_summary->setTextFormat(Qt::RichText);
    m_summary->setContentsMargins(0, 4, 0, 4); // superscripts reach beyond the line
    m_table->setObjectName(QStringLiteral("writtenStrings"));
    m_table->setAccessibleName(tr("Strings the network writes"));
    m_table->setHorizontalHeaderLabels({tr("Times"), tr("Verdict"), tr("String")});
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(QFontMetrics(font()).height() + 6);
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->setShowGrid(false);
    m_table->setTabKeyNavigation(false);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    auto* layout = new QVBoxLayout(this);
    constexpr int kMargin = 12;
    layout->setContentsMargins(kMargin, 8, kMargin, 4);
    layout->addWidget(m_summary);
    layout->addWidget(m_table, 1);
    connect(&m_selection, &Selection::changed, this, &BehaviourPanel::follow);
    connect(&m_session, &Session::embeddedChanged, this, &BehaviourPanel::follow);
    follow();
}

void BehaviourPanel::setSeen(bool seen)
{
    m_seen = seen;
    follow();
}

void BehaviourPanel::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_behaviour)
        showBehaviour(*m_behaviour);
}

void BehaviourPanel::showMessage(const QString& text)
{
    m_behaviour.reset();
    m_summary->setText(text.toHtmlEscaped());
    m_table->hide();
}

void BehaviourPanel::follow()
{
    const auto shown = m_session.embedded();
    const auto row = m_selection.current();
    if (!shown || !row || *row >= shown->zoo->size) {
        m_row.reset();
        return showMessage(tr("Click a point on the map to see what that network writes"));
    }
    if (!m_seen || (m_asked == shown && m_row == row))
        return;
    m_asked = shown;
    m_row = row;
    m_runner.drop(m_job);
    const auto work = [shown, row](JobContext& context) { return behaviourOf(*shown, *row, kStrings, context.stop()); };
    m_job = m_runner.run(this, {}, work, [this](const Result<Behaviour>& behaviour) {
        m_job = 0;
        if (behaviour)
            showBehaviour(*behaviour);
        else
            showMessage(tr("Nothing to see: %1").arg(QString::fromStdString(behaviour.error().message)));
    });
}

QString BehaviourPanel::summaryOf(const Behaviour& behaviour) const
{
    const std::vector<double> differences(behaviour.task.begin(), behaviour.task.end());
    auto text = (behaviour.predicted ? tr("%1 of %2 strings belong to %3, its predicted task")
                                     : tr("%1 of %2 strings belong to %3"))
                    .arg(QStringLiteral("<b>%1</b>").arg(percent(behaviour.right, behaviour.strings)))
                    .arg(behaviour.strings)
                    .arg(languageHtml(differences));
    if (behaviour.disordered > 0)
        text += tr("; %1 only by their numbers of letters").arg(percent(behaviour.disordered, behaviour.strings));
    if (behaviour.endless > 0)
        text += tr("; %1 do not end").arg(percent(behaviour.endless, behaviour.strings));
    return text;
}

void BehaviourPanel::showBehaviour(const Behaviour& behaviour)
{
    const Theme theme = currentTheme();
    m_summary->setText(summaryOf(behaviour));
    const auto mono = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    m_table->setRowCount(static_cast<int>(behaviour.written.size()));
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const auto& written = behaviour.written[static_cast<std::size_t>(row)];
        auto* times = cell(groupedNumber(static_cast<qlonglong>(written.times)), theme.text);
        times->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
        m_table->setItem(row, 0, times);
        m_table->setItem(row, 1, cell(verdictText(written), verdictColour(written, theme)));
        auto* string = cell(written.text, theme.text);
        string->setFont(mono);
        m_table->setItem(row, 2, string);
    }
    m_table->resizeColumnToContents(0);
    m_table->resizeColumnToContents(1);
    m_table->show();
    m_behaviour = behaviour;
}

void BehaviourPanel::render(QPainter& painter, const QSize& size, bool light) const
{
    const Theme theme = light ? lightTheme() : darkTheme();
    painter.fillRect(QRect(QPoint(), size), theme.panel);
    if (!m_behaviour)
        return;
    constexpr int kMargin = 12;
    const QFont plain = pixelFont(font());
    const int line = QFontMetrics(plain).height() + 4;
    QString rows;
    for (const auto& written : m_behaviour->written | std::views::take(std::max(0, size.height() / line - 3)))
        rows += QStringLiteral("<tr><td align=\"right\">%1</td><td style=\"color:%2\">%3</td>"
                               "<td style=\"font-family:monospace\">%4</td></tr>")
                    .arg(groupedNumber(static_cast<qlonglong>(written.times)), verdictColour(written, theme).name(),
                         verdictText(written).toHtmlEscaped(), written.text.toHtmlEscaped());
    QTextDocument document;
    document.setDocumentMargin(0);
    document.setDefaultFont(plain);
    document.setHtml(QStringLiteral("<p>%1</p><table cellspacing=\"0\" cellpadding=\"2\">%2</table>")
                         .arg(summaryOf(*m_behaviour), rows));
    document.setTextWidth(size.width() - 2 * kMargin);
    QAbstractTextDocumentLayout::PaintContext context;
    context.palette.setColor(QPalette::Text, theme.text);
    painter.save();
    painter.setClipRect(QRect(QPoint(), size));
    painter.translate(kMargin, kMargin);
    document.documentLayout()->draw(&painter, context);
    painter.restore();
}

} // namespace rnnscope::ui
