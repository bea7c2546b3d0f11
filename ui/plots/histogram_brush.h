#pragma once

#include "ui/plots/binning.h"

#include <QString>
#include <QWidget>

#include <functional>
#include <optional>
#include <utility>

namespace rnnscope::ui {

/// A small histogram of one field that is a brush: drag over the bars to keep an interval, drag its edges or its middle
/// to change it, double-click or Esc to have all again. Arrow keys move the interval, with Shift its upper end.
class HistogramBrush : public QWidget
{
    Q_OBJECT
public:
    /// First and last bin, included.
    using Interval = std::pair<std::size_t, std::size_t>;

    /// `text` writes a value of the field.
    HistogramBrush(const QString& title, Binning bins, std::function<QString(double)> text, QWidget* parent = nullptr);

    const Binning& bins() const { return m_bins; }
    void setShown(std::vector<std::size_t> counts); ///< [B] networks that the other filters show
    void setInterval(std::optional<Interval> interval); ///< without a signal
    std::optional<Interval> interval() const { return m_interval; }
    QRectF barRect(std::size_t bin) const; ///< its whole column

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

Q_SIGNALS:
    void brushed(); ///< interval() is another one

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    enum class Drag { None, New, Low, High, Move };

    QRectF barArea() const;
    std::size_t binAt(double pixel) const;
    Drag dragAt(double pixel) const;
    QString intervalText() const;
    void change(std::optional<Interval> interval);
    void describe();

    QString m_title;
    Binning m_bins;
    std::function<QString(double)> m_text;
    std::vector<std::size_t> m_all; ///< [B]
    std::vector<std::size_t> m_shown;
    std::optional<Interval> m_interval;
    Drag m_drag = Drag::None;
    std::size_t m_from = 0; ///< bin where the drag began
    bool m_moved = false;
};

} // namespace rnnscope::ui
