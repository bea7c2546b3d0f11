#pragma once

#include <QWidget>

namespace rnnscope::ui {

/// Shown over the window while files are dragged in. Lets every event through.
class DropOverlay : public QWidget
{
public:
    explicit DropOverlay(QWidget* window);
    void cover(); ///< shows itself over the whole window

protected:
    void paintEvent(QPaintEvent* event) override;
};

} // namespace rnnscope::ui
