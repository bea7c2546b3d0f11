#include "ui/panels/digit_pad.h"

#include "ui/plots/theme.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace rnnscope::ui {

namespace {

constexpr int kSide = static_cast<int>(tasks::kDigitSide);
constexpr double kCentre = (kSide - 1) / 2.0;

/// `at` turned counter-clockwise (as seen, y downwards) about the middle of the digit.
QPointF rotatedPoint(const QPointF& at, double degrees)
{
    const double angle = degrees * std::numbers::pi / 180.0;
    const QPointF away = at - QPointF(kCentre, kCentre);
    return {kCentre + std::cos(angle) * away.x() + std::sin(angle) * away.y(),
            kCentre - std::sin(angle) * away.x() + std::cos(angle) * away.y()};
}

double distanceToSegment(const QPointF& at, const QPointF& from, const QPointF& to)
{
    const QPointF along = to - from;
    const double length = QPointF::dotProduct(along, along);
    const double t = length > 0 ? std::clamp(QPointF::dotProduct(at - from, along) / length, 0.0, 1.0) : 0.0;
    const QPointF away = at - (from + t * along);
    return std::hypot(away.x(), away.y());
}

QImage imageOf(const DigitPixels& pixels)
{
    return QImage(pixels.data(), kSide, kSide, kSide, QImage::Format_Grayscale8).copy();
}

} // namespace

DigitPad::DigitPad(QWidget* parent)
    : QWidget(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::CrossCursor);
    setMinimumSize(3 * kSide, 3 * kSide);
    setAccessibleName(tr("Digit to draw"));
    setToolTip(tr("Draw a digit; the right button wipes out. By keyboard: arrows move, Space paints, Delete clears"));
}

QSize DigitPad::sizeHint() const
{
    return {5 * kSide, 5 * kSide};
}

void DigitPad::setDigit(const DigitPixels& digit)
{
    m_digit = digit;
    update();
    Q_EMIT changed();
}

void DigitPad::clear()
{
    setDigit({});
}

void DigitPad::setRotation(double degrees)
{
    m_rotation = degrees;
    update();
    Q_EMIT changed();
}

DigitPixels DigitPad::turned() const
{
    return m_rotation == 0.0 ? m_digit : tasks::rotated(m_digit, m_rotation);
}

QRectF DigitPad::picture() const
{
    const double side = std::max(std::floor(std::min(width(), height()) / static_cast<double>(kSide)), 1.0) * kSide;
    return {0.0, 0.0, side, side};
}

QPointF DigitPad::seenAt(const QPointF& pixel) const
{
    const double scale = picture().width() / kSide;
    return pixel / scale - QPointF(0.5, 0.5);
}

void DigitPad::stroke(const QPointF& from, const QPointF& to, bool wipe)
{
    constexpr double kRadius = 1.2; // as thick as MNIST's pens
    constexpr double kSoft = 1.0;
    const QPointF start = rotatedPoint(from, -m_rotation);
    const QPointF end = rotatedPoint(to, -m_rotation);
    for (int y = 0; y < kSide; ++y)
        for (int x = 0; x < kSide; ++x) {
            const double distance = distanceToSegment(QPointF(x, y), start, end);
            const double ink = std::clamp((kRadius + kSoft - distance) / kSoft, 0.0, 1.0);
            auto& pixel = m_digit[static_cast<std::size_t>(y * kSide + x)];
            const auto value = static_cast<std::uint8_t>(std::lround(255.0 * ink));
            pixel = wipe ? std::min(pixel, static_cast<std::uint8_t>(255 - value)) : std::max(pixel, value);
        }
    update();
    Q_EMIT changed();
}

void DigitPad::mousePressEvent(QMouseEvent* event)
{
    m_penShown = false;
    m_last = seenAt(event->position());
    stroke(m_last, m_last, event->button() == Qt::RightButton);
}

void DigitPad::mouseMoveEvent(QMouseEvent* event)
{
    const QPointF at = seenAt(event->position());
    if (event->buttons() & (Qt::LeftButton | Qt::RightButton))
        stroke(m_last, at, event->buttons() & Qt::RightButton);
    m_last = at;
}

void DigitPad::keyPressEvent(QKeyEvent* event)
{
    const auto move = [this](int x, int y) {
        m_pen = {std::clamp(m_pen.x() + x, 0, kSide - 1), std::clamp(m_pen.y() + y, 0, kSide - 1)};
        m_penShown = true;
        update();
    };
    switch (event->key()) {
    case Qt::Key_Left:
        return move(-1, 0);
    case Qt::Key_Right:
        return move(1, 0);
    case Qt::Key_Up:
        return move(0, -1);
    case Qt::Key_Down:
        return move(0, 1);
    case Qt::Key_Space:
        m_penShown = true;
        return stroke(m_pen, m_pen, event->modifiers() & Qt::ShiftModifier);
    case Qt::Key_Delete:
    case Qt::Key_Backspace:
        return clear();
    default:
        QWidget::keyPressEvent(event);
    }
}

void DigitPad::focusOutEvent(QFocusEvent* event)
{
    m_penShown = false;
    update();
    QWidget::focusOutEvent(event);
}

void DigitPad::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    const Theme theme = currentTheme();
    const QRectF area = picture();
    painter.drawImage(area, imageOf(turned()));
    painter.setPen(QPen(hasFocus() ? theme.accent : theme.line, 1.0));
    painter.drawRect(area.adjusted(0, 0, -1, -1));
    if (!m_penShown)
        return;
    const double scale = area.width() / kSide;
    painter.drawRect(QRectF(m_pen.x() * scale, m_pen.y() * scale, scale, scale));
}

DigitPixels digitOf(const QImage& image)
{
    if (image.isNull())
        return {};
    const QImage small = image.convertToFormat(QImage::Format_ARGB32)
                             .scaled(kSide, kSide, Qt::KeepAspectRatio, Qt::SmoothTransformation);
    QImage paper(kSide, kSide, QImage::Format_RGB32);
    paper.fill(small.pixelColor(0, 0));
    QPainter painter(&paper);
    painter.drawImage((kSide - small.width()) / 2, (kSide - small.height()) / 2, small);
    painter.end();
    DigitPixels digit {};
    for (int y = 0; y < kSide; ++y)
        for (int x = 0; x < kSide; ++x)
            digit[static_cast<std::size_t>(y * kSide + x)] = static_cast<std::uint8_t>(qGray(paper.pixel(x, y)));
    const double mean = std::accumulate(digit.begin(), digit.end(), 0.0) / static_cast<double>(digit.size());
    if (mean > 127.0) // ink on paper
        std::ranges::transform(digit, digit.begin(), [](std::uint8_t grey) { return 255 - grey; });
    return digit;
}

} // namespace rnnscope::ui
