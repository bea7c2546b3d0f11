#pragma once

#include <QColor>

namespace rnnscope::ui {

/// The colours of `window.md`: data has the colours, the chrome is grey.
struct Theme
{
    bool dark = false;
    QColor background;
    QColor panel;
    QColor line;
    QColor text;
    QColor muted;
    QColor accent;
};

Theme lightTheme();
Theme darkTheme();
/// From the application's palette; follows the system unless setTheme was called.
Theme currentTheme();

} // namespace rnnscope::ui
