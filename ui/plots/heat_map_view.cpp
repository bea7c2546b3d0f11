#include "ui/plots/heat_map_view.h"

#include "ui/plots/text.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <utility>

namespace rnnscope::ui {

HeatMapView::HeatMapView(QWidget* parent)
    : QWidget(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void HeatMapView::setData(HeatMap data)
{
    m_data = std::move(data);
    m_cursor = std::min(m_cursor, static_cast<int>(m_data.columns) - 1);
    setAccessibleName(m_data.title);
    QString description = m_data.subtitle;
    if (!m_data.footer.isEmpty())
        description
            += QStringLiteral("; ") + m_data.footerTitle + QStringLiteral(": ") + m_data.footer.join(QLatin1Char(' '));
    setAccessibleDescription(description);
    updateGeometry();
    update();
}

void HeatMapView::setCursor(int step)
{
    step = std::clamp(step, -1, static_cast<int>(m_data.columns) - 1);
    if (step == m_cursor)
        return; // stops loops between linked views
    m_cursor = step;
    update();
    Q_EMIT cursorMoved(step);
}

QRectF HeatMapView::cellRect(std::size_t row, std::size_t step) const
{
    return layoutHeatMap(m_data, rect(), font()).cell(row, step);
}

QString HeatMapView::textAt(const QPointF& pixel) const
{
    if (m_data.empty())
        return {};
    const HeatMapLayout layout = layoutHeatMap(m_data, rect(), font());
    const auto column = layout.columnAt(pixel.x());
    const auto row = layout.rowAt(pixel.y(), static_cast<std::size_t>(m_data.rows.size()));
    if (!column || !row)
        return {};
    if (!m_data.columnLabels.isEmpty()) {
        const auto at = static_cast<qsizetype>(*row * m_data.columns + *column);
        return QStringLiteral("%1, %2 %3: %4")
            .arg(m_data.rows[static_cast<qsizetype>(*row)], m_data.columnTitle,
                 m_data.columnLabels[static_cast<qsizetype>(*column)],
                 m_data.cellTexts.isEmpty() ? shortNumber(static_cast<double>(m_data.value(*row, *column)))
                                            : m_data.cellTexts[at]);
    }
    return QStringLiteral("%1, step %2: %3")
        .arg(m_data.rows[static_cast<qsizetype>(*row)])
        .arg(*column)
        .arg(shortNumber(static_cast<double>(m_data.value(*row, *column))));
}

void HeatMapView::render(QPainter& painter, const QSize& size, bool light) const
{
    const Theme theme = light ? lightTheme() : darkTheme();
    painter.fillRect(QRectF(QPointF(), QSizeF(size)), theme.panel);
    paintHeatMap(painter, m_data, QRectF(QPointF(), QSizeF(size)).adjusted(12, 8, -12, -8), theme, font(), m_cursor);
}

QSize HeatMapView::sizeHint() const
{
    return {420, 220};
}

QSize HeatMapView::minimumSizeHint() const
{
    return {180, 110};
}

bool HeatMapView::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const QString text = textAt(help->pos());
    if (text.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(help->globalPos(), text, this);
    return true;
}

void HeatMapView::keyPressEvent(QKeyEvent* event)
{
    const int last = static_cast<int>(m_data.columns) - 1;
    switch (event->key()) {
    case Qt::Key_Left:
        return setCursor(std::max(m_cursor - 1, 0));
    case Qt::Key_Right:
        return setCursor(std::min(m_cursor + 1, last));
    case Qt::Key_Home:
        return setCursor(0);
    case Qt::Key_End:
        return setCursor(last);
    default:
        QWidget::keyPressEvent(event);
    }
}

void HeatMapView::mousePressEvent(QMouseEvent* event)
{
    moveTo(event->position());
}

void HeatMapView::mouseMoveEvent(QMouseEvent* event)
{
    moveTo(event->position());
}

void HeatMapView::moveTo(const QPointF& pixel)
{
    if (m_data.empty())
        return;
    if (const auto column = layoutHeatMap(m_data, rect(), font()).columnAt(pixel.x()))
        setCursor(static_cast<int>(*column));
}

void HeatMapView::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    paintHeatMap(painter, m_data, rect(), currentTheme(), font(), m_cursor);
}

} // namespace rnnscope::ui
