#include "ui/plots/theme.h"

#include <QGuiApplication>
#include <QPalette>

namespace rnnscope::ui {

Theme lightTheme()
{
    return {.dark = false,
            .background = QColor(0xF6, 0xF7, 0xF8),
            .panel = QColor(0xFF, 0xFF, 0xFF),
            .line = QColor(0xDF, 0xE3, 0xE6),
            .text = QColor(0x1D, 0x23, 0x29),
            .muted = QColor(0x66, 0x70, 0x7A),
            .accent = QColor(0x25, 0x63, 0xC9)};
}

Theme darkTheme()
{
    return {.dark = true,
            .background = QColor(0x16, 0x19, 0x1D),
            .panel = QColor(0x1E, 0x22, 0x27),
            .line = QColor(0x31, 0x37, 0x3E),
            .text = QColor(0xE6, 0xE9, 0xEC),
            .muted = QColor(0x98, 0xA2, 0xAD),
            .accent = QColor(0x6A, 0xA2, 0xFF)};
}

Theme currentTheme()
{
    constexpr int kMiddleGrey = 128;
    const bool dark = QGuiApplication::palette().color(QPalette::Window).lightness() < kMiddleGrey;
    return dark ? darkTheme() : lightTheme();
}

} // namespace rnnscope::ui
