#pragma once

#include "ui/models/answers.h"

#include <QImage>
#include <QPoint>
#include <QWidget>

namespace rnnscope::ui {

/// A digit of 28x28 pixels to draw on: the mouse paints, with the right button it wipes out; arrow keys move a pen that
/// the space bar presses down.
class DigitPad : public QWidget
{
    Q_OBJECT
public:
    explicit DigitPad(QWidget* parent = nullptr);

    const DigitPixels& digit() const { return m_digit; }
    void setDigit(const DigitPixels& digit);
    void clear();
    /// How it is turned before it is read, counter-clockwise, deg. What is drawn afterwards is drawn as it is seen.
    void setRotation(double degrees);
    double rotation() const { return m_rotation; }
    DigitPixels turned() const; ///< as it is read

    QSize sizeHint() const override;

Q_SIGNALS:
    void changed();

protected:
    void focusOutEvent(QFocusEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    QRectF picture() const;
    QPointF seenAt(const QPointF& pixel) const; ///< in pixels of the digit
    void stroke(const QPointF& from, const QPointF& to, bool wipe); ///< as seen

    DigitPixels m_digit {};
    double m_rotation = 0.0;
    QPointF m_last; ///< where the mouse was, as seen
    QPoint m_pen {14, 14}; ///< of the keyboard
    bool m_penShown = false;
};

/// Any picture as a digit: grey, the longer side 28 pixels, white on black (inverted where it is mostly bright).
DigitPixels digitOf(const QImage& image);

} // namespace rnnscope::ui
