#pragma once

#include <QImage>
#include <QWidget>

#include <vector>

namespace rnnscope::ui {

/// Pages on a desk: one, or several beside each other; or a sentence that says why there is none.
class FigurePreview : public QWidget
{
    Q_OBJECT
public:
    explicit FigurePreview(QWidget* parent = nullptr);

    /// Room for each of so many pages, in pixels of the screen.
    QSize roomFor(std::size_t pages) const;
    void setPages(std::vector<QImage> pages);
    void setMessage(const QString& text);
    const std::vector<QImage>& pages() const { return m_pages; }

    QSize sizeHint() const override { return {440, 380}; }
    QSize minimumSizeHint() const override { return {260, 220}; }

Q_SIGNALS:
    void resized();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    std::vector<QImage> m_pages;
    QString m_message;
};

} // namespace rnnscope::ui
