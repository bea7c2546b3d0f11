#include "ui/panels/answers_view.h"

#include "ui/panels/elided.h"
#include "ui/panels/probing_plots.h"
#include "ui/plots/heat_map_view.h"
#include "ui/plots/text.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>

namespace rnnscope::ui {

namespace {

constexpr int kGap = 12;
constexpr int kNarrowest = 48; // of a map: four of them fit beside the strings of the smallest window
constexpr int kLowest = 70;

HeatMap heatMapOf(zoo::TaskFamily family, const NamedAnswer& named, const QStringList& stepLabels)
{
    const Answer& answer = named.answer;
    HeatMap map;
    map.title = named.name;
    map.subtitle = named.note;
    map.rows = rowLabels(family, answer.outputs);
    map.columns = answer.steps;
    map.values.resize(answer.probabilities.size());
    for (std::size_t step = 0; step < answer.steps; ++step) {
        for (std::size_t row = 0; row < answer.outputs; ++row)
            map.values[row * answer.steps + step] = answer.at(step)[row];
        map.footer << map.rows[static_cast<qsizetype>(answer.mostLikely(step))];
    }
    map.footerTitle = QObject::tr("most likely");
    map.columnLabels = stepLabels;
    if (!stepLabels.isEmpty())
        map.columnTitle.clear(); // tokens speak for themselves
    return map;
}

} // namespace

AnswersView::AnswersView(QWidget* parent)
    : QWidget(parent)
    , m_layout(new QHBoxLayout(this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(kGap);
}

AnswersView::Column& AnswersView::addColumn()
{
    auto& column = m_columns.emplace_back(Column {new QWidget, new HeatMapView, new ElidedLabel});
    column.map->setMinimumSize(kNarrowest, kLowest);
    column.remark->setForegroundRole(QPalette::PlaceholderText);
    auto* layout = new QVBoxLayout(column.widget);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    layout->addWidget(column.map, 1);
    layout->addWidget(column.remark);
    m_layout->addWidget(column.widget, 1);
    connect(column.map, &HeatMapView::cursorMoved, this, [this](int step) {
        for (const auto& each : m_columns)
            each.map->setCursor(step);
    });
    return column;
}

void AnswersView::showAnswers(zoo::TaskFamily family, const std::vector<NamedAnswer>& answers,
                              const QStringList& stepLabels)
{
    for (std::size_t i = 0; i < answers.size(); ++i) {
        const auto& column = i < m_columns.size() ? m_columns[i] : addColumn();
        column.map->setData(heatMapOf(family, answers[i], stepLabels));
        column.remark->setText(answers[i].remark);
        column.remark->setToolTip(answers[i].tip);
    }
    for (std::size_t i = 0; i < m_columns.size(); ++i)
        m_columns[i].widget->setVisible(i < answers.size());
}

void AnswersView::paint(QPainter& painter, const QRectF& area, const Theme& theme) const
{
    std::vector<const Column*> shown;
    for (const auto& column : m_columns)
        if (!column.widget->isHidden())
            shown.push_back(&column);
    const auto count = static_cast<double>(shown.size());
    const double width = (area.width() - (count - 1) * kGap) / std::max(count, 1.0);
    const double line = QFontMetricsF(pixelFont(font())).height();
    QRectF place(area.left(), area.top(), width, area.height() - line);
    for (const auto* column : shown) {
        paintHeatMap(painter, column->map->data(), place, theme, font(), column->map->cursor());
        painter.setFont(pixelFont(font()));
        painter.setPen(theme.muted);
        paintText(painter, QRectF(place.left(), place.bottom(), width, line), Qt::AlignLeft | Qt::AlignVCenter,
                  column->remark->text());
        place.translate(width + kGap, 0);
    }
}

} // namespace rnnscope::ui
