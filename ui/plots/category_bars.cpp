#include "ui/plots/category_bars.h"

#include "ui/plots/text.h"
#include "ui/plots/theme.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace rnnscope::ui {

namespace {

constexpr double kTitleHeight = 20.0;
constexpr double kLineHeight = 20.0;
constexpr double kGap = 8.0; // below
constexpr double kBox = 10.0;

} // namespace

CategoryBars::CategoryBars(const QString& title, QStringList categories, std::vector<std::size_t> all, QWidget* parent)
    : QWidget(parent)
    , m_title(title)
    , m_categories(std::move(categories))
    , m_all(std::move(all))
    , m_shown(m_all)
{
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Filter by %1").arg(title));
    describe();
}

QSize CategoryBars::sizeHint() const
{
    return {160, static_cast<int>(kTitleHeight + kLineHeight * static_cast<double>(m_categories.size()) + kGap)};
}

QRectF CategoryBars::lineRect(qsizetype category) const
{
    return {0, kTitleHeight + kLineHeight * static_cast<double>(category), static_cast<double>(width()), kLineHeight};
}

qsizetype CategoryBars::lineAt(const QPointF& pixel) const
{
    const auto line = static_cast<qsizetype>((pixel.y() - kTitleHeight) / kLineHeight);
    return pixel.y() >= kTitleHeight && line < m_categories.size() ? line : -1;
}

void CategoryBars::setShown(std::vector<std::size_t> counts)
{
    m_shown = std::move(counts);
    m_shown.resize(static_cast<std::size_t>(m_categories.size()));
    update();
}

void CategoryBars::setHidden(const QStringList& categories)
{
    m_hidden = categories;
    describe();
    update();
}

void CategoryBars::describe()
{
    setAccessibleDescription(m_hidden.isEmpty() ? tr("all shown")
                                                : tr("hidden: %1").arg(m_hidden.join(QStringLiteral(", "))));
}

void CategoryBars::change(const QStringList& hidden)
{
    setHidden(hidden);
    Q_EMIT toggled();
}

void CategoryBars::toggle(qsizetype category)
{
    auto hidden = m_hidden;
    if (hidden.removeAll(m_categories[category]) == 0)
        hidden << m_categories[category];
    if (hidden.size() == m_categories.size())
        hidden.clear(); // nothing left to see is of no use
    change(hidden);
}

void CategoryBars::paintEvent(QPaintEvent* /*event*/)
{
    const Theme theme = currentTheme();
    QPainter painter(this);
    painter.setFont(pixelFont(font()));
    painter.setPen(theme.text);
    paintText(painter, QRectF(0, 0, width(), kTitleHeight), Qt::AlignLeft | Qt::AlignVCenter, m_title);
    const std::size_t most = m_all.empty() ? 0 : *std::max_element(m_all.begin(), m_all.end());
    for (qsizetype i = 0; i < m_categories.size() && most > 0; ++i) {
        const QRectF line = lineRect(i);
        const auto at = static_cast<std::size_t>(i);
        const bool kept = !m_hidden.contains(m_categories[i]);
        const auto bar = [&](std::size_t count, const QColor& colour) {
            const double length = line.width() * static_cast<double>(count) / static_cast<double>(most);
            painter.fillRect(QRectF(line.left(), line.bottom() - 4, length, 2), colour);
        };
        bar(m_all[at], theme.line);
        if (kept)
            bar(m_shown[at], theme.accent);
        const QRectF box(line.left() + 0.5, line.top() + 3.5, kBox, kBox);
        painter.setPen(kept ? theme.accent : theme.muted);
        painter.setBrush(kept ? QBrush(theme.accent) : QBrush(Qt::NoBrush));
        painter.drawRect(box);
        painter.setPen(kept ? theme.text : theme.muted);
        const auto count = groupedNumber(static_cast<qlonglong>(m_shown[at]));
        const double countWidth = QFontMetricsF(painter.font()).horizontalAdvance(count) + 8;
        const QRectF text = line.adjusted(kBox + 8, 0, 0, -4);
        paintText(painter, text.adjusted(0, 0, -countWidth, 0), Qt::AlignLeft | Qt::AlignVCenter, m_categories[i]);
        painter.setPen(theme.muted);
        paintText(painter, text, Qt::AlignRight | Qt::AlignVCenter, count);
        if (hasFocus() && i == m_current) {
            painter.setPen(QPen(theme.accent, 1.0));
            painter.setBrush(Qt::NoBrush);
            painter.drawRect(box.adjusted(-2, -2, 2, 2));
        }
    }
}

bool CategoryBars::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const auto line = lineAt(help->pos());
        if (line < 0)
            QToolTip::hideText();
        else
            QToolTip::showText(help->globalPos(),
                               tr("%1: %2 of %3 networks\nClick to hide or show, double-click to show it alone")
                                   .arg(m_categories[line])
                                   .arg(m_shown[static_cast<std::size_t>(line)])
                                   .arg(m_all[static_cast<std::size_t>(line)]),
                               this);
        return true;
    }
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut)
        update();
    return QWidget::event(event);
}

void CategoryBars::mousePressEvent(QMouseEvent* event)
{
    const auto line = lineAt(event->position());
    if (event->button() != Qt::LeftButton || line < 0)
        return QWidget::mousePressEvent(event);
    m_current = line;
    toggle(line);
}

void CategoryBars::mouseDoubleClickEvent(QMouseEvent* event)
{
    const auto line = lineAt(event->position());
    if (event->button() != Qt::LeftButton || line < 0)
        return;
    auto others = m_categories;
    others.removeAt(line);
    change(m_hidden == others ? QStringList() : others);
}

void CategoryBars::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Up:
        m_current = std::max<qsizetype>(m_current - 1, 0);
        return update();
    case Qt::Key_Down:
        m_current = std::min(m_current + 1, m_categories.size() - 1);
        return update();
    case Qt::Key_Space:
        return m_categories.isEmpty() ? void() : toggle(m_current);
    case Qt::Key_Escape:
        if (!m_hidden.isEmpty())
            return change({});
        [[fallthrough]];
    default:
        QWidget::keyPressEvent(event);
    }
}

} // namespace rnnscope::ui
