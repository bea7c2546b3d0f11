#include "ui/panels/comparison_view.h"

#include "ui/plots/heat_map_view.h"

#include <QGridLayout>
#include <QPainter>

#include <algorithm>
#include <utility>

namespace rnnscope::ui {

namespace {

constexpr int kGap = 20; // between two plots
constexpr int kHeatShare = 5; // of the width, where a picture has kImageShare
constexpr int kImageShare = 3;
constexpr int kQuestionShare = 4; // of the height, where the answers below have a time axis, too
constexpr int kAnswerShare = 5;

void follow(ComparisonView& all, HeatMapView& one)
{
    // Five beside each other must fit into a narrow window, and two of them below each other into a low one.
    one.setMinimumSize(100, 80);
    one.setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Ignored); // shares of the room, whatever they would like
    QObject::connect(&one, &HeatMapView::cursorMoved, &all, &ComparisonView::setCursor);
}

} // namespace

ComparisonView::ComparisonView(QWidget* parent)
    : QWidget(parent)
    , m_grid(new QGridLayout(this))
    , m_difference(new HeatMapView(this))
{
    m_grid->setContentsMargins({});
    m_grid->setHorizontalSpacing(kGap);
    m_grid->setVerticalSpacing(2);
    m_difference->setObjectName(QStringLiteral("answerDifference"));
    follow(*this, *m_difference);
}

HeatMapView* ComparisonView::heatMap(std::vector<HeatMapView*>& views, std::size_t index)
{
    while (views.size() <= index)
        follow(*this, *views.emplace_back(new HeatMapView(this)));
    return views[index];
}

ImageView* ComparisonView::image(std::size_t index)
{
    while (m_images.size() <= index) {
        auto* made = m_images.emplace_back(new ImageView(this));
        made->setMinimumSize(80, 80);
        made->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Ignored);
        connect(made, &ImageView::cursorMoved, this, &ComparisonView::setCursor);
    }
    return m_images[index];
}

void ComparisonView::setData(ComparisonPlots plots)
{
    m_plots = std::move(plots);
    for (auto* views : {&m_inputs, &m_outputs})
        for (auto* view : *views)
            view->setData({}); // one that is hidden must not hold back the cursor
    m_difference->setData(m_plots.difference.value_or(HeatMap {}));
    for (std::size_t i = 0; i < m_plots.outputs.size(); ++i)
        heatMap(m_outputs, i)->setData(m_plots.outputs[i]);
    for (std::size_t i = 0; i < m_plots.images.size(); ++i)
        image(i)->setData(m_plots.images[i]);
    for (std::size_t i = 0; m_plots.images.empty() && i < m_plots.inputs.size(); ++i)
        heatMap(m_inputs, i)->setData(m_plots.inputs[i]);
    arrange();
    setCursor(std::exchange(m_cursor, -1));
}

/// Questions stand above their answers, so that the time axes agree; one for all, and the pictures of two, before them.
std::vector<ComparisonView::Cell> ComparisonView::cells() const
{
    std::vector<Cell> cells;
    const std::size_t count = m_plots.outputs.size();
    const bool pictures = !m_plots.images.empty();
    const bool own = m_plots.apartFrom.has_value();
    const bool above = own && !(pictures && count == 2);
    int column = 0;
    const auto ask = [&](std::size_t index) -> QWidget* {
        return pictures ? static_cast<QWidget*>(m_images[index]) : m_inputs[index];
    };
    if (!own)
        cells.push_back({ask(0), 0, column++});
    for (std::size_t i = 0; i < count; ++i) {
        if (own)
            cells.push_back({ask(i), 0, above ? column : column++});
        cells.push_back({m_outputs[i], above ? 1 : 0, column++});
    }
    if (m_plots.difference)
        cells.push_back({m_difference, 0, column, above ? 2 : 1});
    return cells;
}

void ComparisonView::arrange()
{
    while (auto* item = m_grid->takeAt(0))
        delete item; // the widgets stay
    for (auto* child : findChildren<QWidget*>(Qt::FindDirectChildrenOnly))
        child->hide();
    for (int column = 0; column < m_grid->columnCount(); ++column)
        m_grid->setColumnStretch(column, 0);
    m_grid->setRowStretch(0, kQuestionShare);
    m_grid->setRowStretch(1, 0);
    for (const Cell& cell : cells()) {
        m_grid->addWidget(cell.plot, cell.row, cell.column, cell.rows, 1);
        m_grid->setColumnStretch(cell.column, qobject_cast<ImageView*>(cell.plot) ? kImageShare : kHeatShare);
        if (cell.row > 0)
            m_grid->setRowStretch(cell.row, kAnswerShare);
        cell.plot->show();
    }
}

void ComparisonView::setCursor(int step)
{
    if (step == m_cursor)
        return; // stops loops between linked plots
    m_cursor = step;
    for (auto* views : {&m_inputs, &m_outputs})
        for (auto* view : *views)
            view->setCursor(step);
    for (auto* view : m_images)
        view->setCursor(step);
    m_difference->setCursor(step);
    Q_EMIT cursorMoved(step);
}

void ComparisonView::render(QPainter& painter, const QRectF& area, const Theme& theme) const
{
    const auto all = cells();
    int columns = 0;
    int rows = 1;
    for (const Cell& cell : all) {
        columns = std::max(columns, cell.column + 1);
        rows = std::max(rows, cell.row + 1);
    }
    std::vector<double> shares(static_cast<std::size_t>(columns), 0.0);
    double whole = 0.0;
    for (const Cell& cell : all) {
        auto& share = shares[static_cast<std::size_t>(cell.column)];
        whole -= std::exchange(share, qobject_cast<ImageView*>(cell.plot) ? kImageShare : kHeatShare);
        whole += share;
    }
    const double room = area.width() - kGap * (columns - 1);
    const double upper = rows == 1 ? area.height() : area.height() * kQuestionShare / (kQuestionShare + kAnswerShare);
    for (const Cell& cell : all) {
        double left = area.left();
        for (int before = 0; before < cell.column; ++before)
            left += kGap + room * shares[static_cast<std::size_t>(before)] / whole;
        const double top = area.top() + cell.row * upper;
        const double height = cell.row + cell.rows == rows ? area.bottom() - top : upper;
        const QRectF box(left, top, room * shares[static_cast<std::size_t>(cell.column)] / whole, height);
        if (const auto* picture = qobject_cast<ImageView*>(cell.plot))
            paintTileImage(painter, picture->data(), box, theme, font(), m_cursor);
        else if (const auto* map = qobject_cast<HeatMapView*>(cell.plot))
            paintHeatMap(painter, map->data(), box, theme, font(), m_cursor);
    }
}

} // namespace rnnscope::ui
