#include "ui/plots/image_view.h"

#include "ui/plots/text.h"

#include <QFontMetricsF>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <utility>

namespace rnnscope::ui {

namespace {

constexpr double kTitleScale = 0.95;
constexpr double kLabelScale = 0.85;

struct Place
{
    QRectF head;
    QRectF picture;
    QRectF caption;
};

Place placeParts(const QRectF& area, const QFont& font)
{
    const double head = std::ceil(QFontMetricsF(pixelFont(font, kTitleScale)).height()) + 2;
    const double caption = std::ceil(QFontMetricsF(pixelFont(font, kLabelScale)).height()) + 3;
    const double room = std::min(area.width(), area.height() - head - 6 - caption);
    const double side = std::max(std::floor(room / kImageSide), 1.0) * kImageSide;
    const QRectF picture(area.left(), area.top() + head + 6, side, side);
    return {QRectF(area.left(), area.top(), area.width(), head), picture,
            QRectF(area.left(), picture.bottom() + 3, area.width(), caption - 3)};
}

} // namespace

QImage tilesToImage(std::span<const float> sequence, std::size_t tileSize)
{
    QImage image(kImageSide, kImageSide, QImage::Format_Grayscale8);
    image.fill(0);
    constexpr std::size_t kPixels = kTileSide * kTileSide;
    if (tileSize != kPixels)
        return image;
    const std::size_t steps = std::min<std::size_t>(sequence.size() / tileSize, kTilesPerRow * kTilesPerRow + 1);
    for (std::size_t step = 1; step < steps; ++step)
        for (std::size_t k = 0; k < kPixels; ++k) {
            const auto tile = static_cast<int>(step) - 1;
            const int x = tile % kTilesPerRow * kTileSide + static_cast<int>(k) % kTileSide;
            const int y = tile / kTilesPerRow * kTileSide + static_cast<int>(k) / kTileSide;
            const float value = sequence[step * tileSize + k];
            const float grey = std::isfinite(value) ? std::clamp(value, 0.0F, 1.0F) : 0.0F;
            image.scanLine(y)[x] = static_cast<uchar>(std::lround(255.0F * grey));
        }
    return image;
}

void paintTileImage(QPainter& painter, const TileImage& data, const QRectF& area, const Theme& theme, const QFont& font,
                    int cursor)
{
    if (data.image.isNull())
        return;
    const Place place = placeParts(area, font);
    painter.save();
    QFont bold = pixelFont(font, kTitleScale);
    bold.setBold(true);
    painter.setFont(bold);
    painter.setPen(theme.text);
    paintText(painter, place.head, Qt::AlignLeft | Qt::AlignVCenter, data.title);
    painter.setFont(pixelFont(font, kLabelScale));
    painter.setPen(theme.muted);
    paintText(painter, place.caption, Qt::AlignLeft | Qt::AlignVCenter, data.subtitle);
    painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
    painter.drawImage(place.picture, data.image);
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(QPen(theme.line, 1.0));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(place.picture);
    const int tile = cursor - 1; // step 0 is no part of the image
    if (tile >= 0 && tile < kTilesPerRow * kTilesPerRow) {
        const double side = place.picture.width() / kTilesPerRow;
        painter.setPen(QPen(theme.accent, 2.0));
        painter.drawRect(QRectF(place.picture.left() + tile % kTilesPerRow * side,
                                place.picture.top() + tile / kTilesPerRow * side, side, side));
    }
    painter.restore();
}

ImageView::ImageView(QWidget* parent)
    : QWidget(parent)
{
    setMinimumSize(120, 120);
}

void ImageView::setData(TileImage data)
{
    m_data = std::move(data);
    setAccessibleName(m_data.title);
    update();
}

void ImageView::setCursor(int step)
{
    if (step == m_cursor)
        return; // stops loops between linked views
    m_cursor = step;
    update();
    Q_EMIT cursorMoved(step);
}

QSize ImageView::sizeHint() const
{
    return {190, 230};
}

void ImageView::mousePressEvent(QMouseEvent* event)
{
    const QRectF picture = placeParts(rect(), font()).picture;
    if (m_data.image.isNull() || !picture.contains(event->position()))
        return;
    const QPointF at = (event->position() - picture.topLeft()) / picture.width() * kTilesPerRow;
    const int column = std::clamp(static_cast<int>(at.x()), 0, kTilesPerRow - 1);
    const int row = std::clamp(static_cast<int>(at.y()), 0, kTilesPerRow - 1);
    setCursor(row * kTilesPerRow + column + 1);
}

void ImageView::mouseMoveEvent(QMouseEvent* event)
{
    mousePressEvent(event);
}

void ImageView::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    paintTileImage(painter, m_data, rect(), currentTheme(), font(), m_cursor);
}

} // namespace rnnscope::ui
