#include "ui/panels/network_html.h"

#include "ui/panels/mark_object.h"
#include "ui/plots/text.h"

#include <QStringList>

#include <algorithm>
#include <cmath>

namespace rnnscope::ui {

namespace {

const QString kDash = QStringLiteral("—");

/// Colours and sizes of the panel's rich text.
struct Ink
{
    Theme theme;
    int pixels;

    QString good() const { return theme.dark ? QStringLiteral("#5BC98C") : QStringLiteral("#137A3C"); }
    QString bad() const { return theme.dark ? QStringLiteral("#F08A80") : QStringLiteral("#B3261E"); }
    QString caution() const { return theme.dark ? QStringLiteral("#E0B050") : QStringLiteral("#8A5A00"); }
    int scaled(double by) const { return static_cast<int>(std::lround(pixels * by)); }

    QString span(const QString& text, const QString& colour, double size = 1.0) const
    {
        return QStringLiteral("<span style=\"color:%1; font-size:%2px\">%3</span>")
            .arg(colour)
            .arg(scaled(size))
            .arg(text);
    }
    QString muted(const QString& text, double size = 1.0) const { return span(text, theme.muted.name(), size); }
    /// A margin above a paragraph that follows a table is lost, hence an empty line.
    QString space(double by) const
    {
        return QStringLiteral("<p style=\"font-size:%1px; margin:0\">&nbsp;</p>").arg(scaled(by));
    }
    QString heading(const QString& text) const
    {
        return space(0.7) + QStringLiteral("<p style=\"margin:0\">")
            + span(QStringLiteral("<b>%1</b>").arg(text.toUpper()), theme.muted.name(), 0.85) + QStringLiteral("</p>");
    }
    QString title(const QString& text) const
    {
        return QStringLiteral("<p style=\"margin-top:0; margin-bottom:2px\">")
            + span(QStringLiteral("<b>%1</b>").arg(text), theme.text.name(), 1.2) + QStringLiteral("</p>");
    }
    QString line(const QString& html) const
    {
        return QStringLiteral("<p style=\"margin-top:0; margin-bottom:%1px\">%2</p>").arg(scaled(0.6)).arg(html);
    }
    /// A table cell with a line below it. Lines are broken only where `space` is "pre-wrap".
    QString cell(const QString& html, const char* align, int columns = 1, const char* space = "pre") const
    {
        return QStringLiteral("<td align=\"%1\" colspan=\"%2\" style=\"border-bottom:1px solid %3; "
                              "padding:5px 0px 5px 8px; vertical-align:middle; white-space:%4\">%5</td>")
            .arg(QLatin1String(align))
            .arg(columns)
            .arg(theme.line.name(), QLatin1String(space), html.isEmpty() ? QStringLiteral("&nbsp;") : html);
    }
    /// The first cell of a row.
    QString head(const QString& html) const
    {
        return QStringLiteral("<td style=\"border-bottom:1px solid %1; padding:5px 0px; "
                              "vertical-align:middle\">%2</td>")
            .arg(theme.line.name(), html);
    }
};

const QString kTable = QStringLiteral(
    "<table width=\"100%\" cellspacing=\"0\" cellpadding=\"0\" style=\"border-collapse:collapse; border-style:none\">");

QString splitText(const Ink& ink, const NetworkFacts& facts)
{
    QString text;
    switch (facts.split) {
    case zoo::Split::Training:
        text = ink.span(QStringLiteral("in training"), ink.caution());
        break;
    case zoo::Split::Validation:
    case zoo::Split::Calibration:
        text = ink.span(QStringLiteral("held out"), ink.good());
        break;
    case zoo::Split::Ood:
        text = ink.span(QStringLiteral("held out, unlike training"), ink.good());
        break;
    case zoo::Split::Unknown:
        return ink.muted(QStringLiteral("unknown split"));
    }
    return facts.splitByRun ? text + ink.muted(QStringLiteral(" (split by run)")) : text;
}

QString verdictHtml(const Ink& ink, const PropertyRow& row)
{
    QString html = ink.muted(row.note, 0.85);
    if (row.verdict == Verdict::Right)
        html += QStringLiteral("&nbsp;") + ink.span(QStringLiteral("✓"), ink.good());
    if (row.verdict == Verdict::Wrong)
        html += QStringLiteral("&nbsp;") + ink.span(QStringLiteral("✗"), ink.bad());
    return html;
}

/// The value, below it what else it may be.
QString predictedHtml(const Ink& ink, const PropertyRow& row, bool calibrated)
{
    if (row.predicted.isEmpty())
        return ink.muted(kDash);
    if (!row.interval.isEmpty() && row.sets)
        return row.predicted; // on a line of its own
    if (!row.interval.isEmpty())
        return row.predicted + QStringLiteral("<br>") + ink.muted(row.interval, 0.85);
    if (!calibrated)
        return row.predicted; // said once, below the table
    return row.predicted + QStringLiteral("<br>") + ink.muted(QStringLiteral("not calibrated"), 0.85);
}

/// How sure the predictions are, in words.
QString trustHtml(const Ink& ink, const NetworkFacts& facts)
{
    if (!facts.predicted)
        return {};
    const QString margin = QStringLiteral("<p style=\"margin-top:6px; margin-bottom:0px\">%1</p>");
    QString html = ink.space(0.4);
    if (facts.level <= 0.0)
        html
            += margin.arg(ink.muted(QStringLiteral("The predictions are not calibrated: no intervals are known"), 0.9));
    html += margin.arg(facts.trust.far         ? ink.span(facts.trust.text, ink.bad(), 0.9)
                           : facts.trust.known ? ink.span(facts.trust.text, ink.good(), 0.9)
                                               : ink.muted(facts.trust.text, 0.9));
    return html;
}

QString rowHtml(const Ink& ink, const PropertyRow& row, const NetworkFacts& facts)
{
    const QString missing = ink.muted(facts.dropped ? QStringLiteral("not&nbsp;known")
                                                    : QStringLiteral("not&nbsp;recorded in&nbsp;this&nbsp;zoo"),
                                      0.85);
    const bool calibrated = facts.level > 0.0;
    QString html = QStringLiteral("<tr>") + ink.head(row.title);
    if (row.actual.isEmpty() && row.predicted.isEmpty())
        return html + ink.cell(missing, "left", 3) + QStringLiteral("</tr>");
    html += row.actual.isEmpty() ? ink.cell(missing, "right", 1, "pre-wrap") : ink.cell(row.actual, "right");
    html += ink.cell(predictedHtml(ink, row, calibrated), "right");
    html += ink.cell(row.mark ? markHtml(*row.mark) : verdictHtml(ink, row), "right");
    if (row.sets && !row.interval.isEmpty()) // several sets are too wide for a column
        html += QStringLiteral("</tr><tr>") + ink.cell(ink.muted(row.interval, 0.85), "right", 4, "pre-wrap");
    return html + QStringLiteral("</tr>");
}

QString headHtml(const Ink& ink, const QStringList& names)
{
    QString html = QStringLiteral("<tr>");
    for (qsizetype i = 0; i < names.size(); ++i)
        html += i == 0 ? ink.head(ink.muted(names[i], 0.9)) : ink.cell(ink.muted(names[i], 0.9), "right");
    return html + QStringLiteral("</tr>");
}

QString distanceText(double distance)
{
    constexpr double kSmallest = 0.0005;
    return distance < kSmallest ? QStringLiteral("< 0.001") : QString::number(distance, 'f', 3);
}

QString neighboursHtml(const Ink& ink, const NetworkFacts& facts)
{
    if (facts.neighbours.empty())
        return {};
    QString html = ink.heading(QStringLiteral("Nearest networks")) + kTable;
    for (const Neighbour& neighbour : facts.neighbours) {
        const QString link = QStringLiteral("<a href=\"network:%1\" style=\"color:%2; text-decoration:none\">%3</a>")
                                 .arg(neighbour.row)
                                 .arg(ink.theme.text.name(), neighbour.name.toHtmlEscaped());
        const QString zoo = neighbour.zoo.isEmpty()
            ? QString()
            : QStringLiteral("<br>") + ink.muted(neighbour.zoo.toHtmlEscaped(), 0.85);
        html += QStringLiteral("<tr>")
            + QStringLiteral("<td style=\"border-bottom:1px solid %1; padding:5px 0px; white-space:%2\">%3</td>")
                  .arg(ink.theme.line.name(), zoo.isEmpty() ? QStringLiteral("pre") : QStringLiteral("pre-wrap"),
                       link + zoo)
            + ink.cell(neighbour.task, "right")
            + ink.cell(ink.muted(distanceText(neighbour.distance).toHtmlEscaped()), "right") + QStringLiteral("</tr>");
    }
    const QString measure = facts.cosine ? QStringLiteral("cosine distance") : QStringLiteral("Euclidean distance");
    return html + QStringLiteral("</table><p style=\"margin-top:4px\">")
        + ink.muted(measure + QStringLiteral(" of the embeddings"), 0.85) + QStringLiteral("</p>");
}

/// pre-wrap, or Qt would turn thin spaces into wide ones.
QString body(const Ink& ink, const QString& html)
{
    return QStringLiteral("<body style=\"color:%1; font-size:%2px; white-space:pre-wrap\">%3</body>")
        .arg(ink.theme.text.name())
        .arg(ink.pixels)
        .arg(html);
}

} // namespace

QString networkHtml(const NetworkFacts& facts, const Theme& theme, int pixels)
{
    const Ink ink {theme, pixels};
    QString html = ink.title(facts.name.toHtmlEscaped());
    html += ink.line(ink.muted(facts.architecture + QStringLiteral(" · ") + facts.zoo + QStringLiteral(" · "))
                     + splitText(ink, facts));
    if (!facts.problem.isEmpty())
        html += ink.line(ink.span(facts.problem, ink.caution()));
    html += kTable
        + headHtml(ink,
                   {QStringLiteral("Property"), QStringLiteral("Actual"),
                    facts.level > 0.0 ? QStringLiteral("Predicted, %1 %").arg(std::lround(100 * facts.level))
                                      : QStringLiteral("Predicted"),
                    QString()});
    for (const PropertyRow& row : facts.rows)
        html += rowHtml(ink, row, facts);
    html += QStringLiteral("</table>") + trustHtml(ink, facts) + neighboursHtml(ink, facts);
    return body(ink, html);
}

QString selectionHtml(const SelectionFacts& facts, const Theme& theme, int pixels)
{
    const Ink ink {theme, pixels};
    const auto number = [](std::size_t count) { return groupedNumber(static_cast<qlonglong>(count)); };
    QString html = ink.title(number(facts.count) + QStringLiteral(" networks selected"));
    QStringList parts {facts.architecture, facts.zoo};
    if (facts.heldOut + facts.training > 0)
        parts << QStringLiteral("%1 held out, %2 in training").arg(number(facts.heldOut), number(facts.training));
    html += ink.line(ink.muted(parts.join(QStringLiteral(" · "))));
    if (facts.failed > 0)
        html += ink.line(ink.span(
            QStringLiteral("%1 without embedding: weights are not finite").arg(number(facts.failed)), ink.caution()));
    html += kTable
        + headHtml(ink,
                   {QStringLiteral("Property"), QStringLiteral("Mean"), QStringLiteral("Std. dev."),
                    QStringLiteral("Predicted"), QString()});
    for (const SpreadRow& row : facts.rows) {
        html += QStringLiteral("<tr>") + ink.head(row.title);
        if (row.mean.isEmpty() && row.predicted.isEmpty())
            html += ink.cell(ink.muted(QStringLiteral("not recorded in this zoo"), 0.85), "left", 4);
        else
            html += ink.cell(row.mean.isEmpty() ? ink.muted(kDash) : row.mean, "right")
                + ink.cell(row.deviation, "right")
                + ink.cell(row.predicted.isEmpty() ? ink.muted(kDash) : row.predicted, "right")
                + ink.cell(row.histogram ? markHtml(*row.histogram) : QString(), "right");
        html += QStringLiteral("</tr>");
    }
    html += QStringLiteral("</table>");
    if (std::ranges::any_of(facts.rows, [](const SpreadRow& row) { return row.histogram.has_value(); }))
        html += QStringLiteral("<p style=\"margin-top:4px\">%1</p>")
                    .arg(ink.muted(QStringLiteral("Bars: the selected networks before all, each to its own highest"),
                                   0.85));
    return body(ink, html);
}

QString hintHtml(const QString& text, const Theme& theme)
{
    return QStringLiteral("<p style=\"color:%1\">%2</p>").arg(theme.muted.name(), text.toHtmlEscaped());
}

} // namespace rnnscope::ui
