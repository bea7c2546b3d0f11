#include "ui/dialogs/figure_preview.h"

#include "ui/plots/text.h"
#include "ui/plots/theme.h"

#include <QPainter>

#include <cmath>
#include <utility>

namespace rnnscope::ui {

namespace {

constexpr double kGap = 12.0; // around every page

std::size_t columnsFor(std::size_t pages)
{
    return static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(pages))));
}

/// Where page `i` of so many may be.
QRectF cellOf(std::size_t i, std::size_t pages, const QSizeF& size)
{
    const std::size_t columns = columnsFor(pages);
    const std::size_t rows = (pages + columns - 1) / columns;
    const double width = (size.width() - kGap) / static_cast<double>(columns);
    const double height = (size.height() - kGap) / static_cast<double>(rows);
    return {kGap + static_cast<double>(i % columns) * width, kGap + static_cast<double>(i / columns) * height,
            width - kGap, height - kGap};
}

} // namespace

FigurePreview::FigurePreview(QWidget* parent)
    : QWidget(parent)
{
    setAccessibleName(tr("Preview of the figure"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

QSize FigurePreview::roomFor(std::size_t pages) const
{
    return (cellOf(0, pages, size()).size() * devicePixelRatioF()).toSize();
}

void FigurePreview::setPages(std::vector<QImage> pages)
{
    m_pages = std::move(pages);
    m_message.clear();
    update();
}

void FigurePreview::setMessage(const QString& text)
{
    m_pages.clear();
    m_message = text;
    update();
}

void FigurePreview::paintEvent(QPaintEvent* /*event*/)
{
    const Theme theme = currentTheme();
    QPainter painter(this);
    painter.fillRect(rect(), theme.background);
    painter.setFont(pixelFont(font()));
    painter.setPen(theme.muted);
    painter.drawText(rect().adjusted(40, 0, -40, 0), Qt::AlignCenter | Qt::TextWordWrap, m_message);
    for (std::size_t i = 0; i < m_pages.size(); ++i) {
        QRectF page(QPointF(), QSizeF(m_pages[i].size()) / devicePixelRatioF());
        page.moveCenter(cellOf(i, m_pages.size(), size()).center());
        page.moveTopLeft(page.topLeft().toPoint());
        painter.drawImage(page, m_pages[i]);
        painter.setPen(theme.line);
        painter.drawRect(page.adjusted(-0.5, -0.5, 0.5, 0.5));
    }
}

void FigurePreview::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    Q_EMIT resized();
}

} // namespace rnnscope::ui
