#pragma once

#include "ui/plots/theme.h"

#include <QFont>
#include <QImage>
#include <QString>
#include <QWidget>

#include <span>

namespace rnnscope::ui {

/// A sequence of 4x4 tiles, row by row, put together to a 28x28 image with values 0..1 as grey. Step 0 is the "zero
/// tile" that starts every sequence; steps 1..49 are the tiles. Steps that are missing stay black.
QImage tilesToImage(std::span<const float> sequence, std::size_t tileSize);

inline constexpr int kImageSide = 28;
inline constexpr int kTileSide = 4;
inline constexpr int kTilesPerRow = kImageSide / kTileSide;

struct TileImage
{
    QString title;
    QString subtitle;
    QImage image;
};

/// Nearest-neighbour, with the tile that step `cursor` shows framed; -1: none.
void paintTileImage(QPainter& painter, const TileImage& data, const QRectF& area, const Theme& theme, const QFont& font,
                    int cursor);

/// The image with the time cursor as a frame around a tile; a click on a tile moves the cursor there.
class ImageView : public QWidget
{
    Q_OBJECT
public:
    explicit ImageView(QWidget* parent = nullptr);
    void setData(TileImage data);
    const TileImage& data() const { return m_data; }
    int cursor() const { return m_cursor; }
    void setCursor(int step); ///< hides QWidget's, which this view does not use
    QSize sizeHint() const override;

Q_SIGNALS:
    void cursorMoved(int step);

protected:
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    TileImage m_data;
    int m_cursor = -1;
};

} // namespace rnnscope::ui
