#pragma once

#include <QStringList>
#include <QWidget>

#include <cstddef>
#include <vector>

namespace rnnscope::ui {

/// A line for each category of a field with how many networks it has; a click hides and shows it, a double click shows
/// it alone. Up and Down go through the lines, Space hides and shows.
class CategoryBars : public QWidget
{
    Q_OBJECT
public:
    CategoryBars(const QString& title, QStringList categories, std::vector<std::size_t> all, QWidget* parent = nullptr);

    void setShown(std::vector<std::size_t> counts); ///< per category, networks that the other filters show
    void setHidden(const QStringList& categories); ///< without a signal
    const QStringList& hidden() const { return m_hidden; }
    QRectF lineRect(qsizetype category) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

Q_SIGNALS:
    void toggled(); ///< hidden() is another

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    qsizetype lineAt(const QPointF& pixel) const; ///< -1: none
    void toggle(qsizetype category);
    void change(const QStringList& hidden);
    void describe();

    QString m_title;
    QStringList m_categories;
    std::vector<std::size_t> m_all;
    std::vector<std::size_t> m_shown;
    QStringList m_hidden;
    qsizetype m_current = 0; ///< line of the keyboard
};

} // namespace rnnscope::ui
