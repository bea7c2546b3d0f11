#pragma once

#include <QRgb>

#include <cstddef>

namespace rnnscope::ui {

/// Perceptually uniform and safe for colour-blind readers. Viridis, Cividis and Magma rise in luminance.
enum class ColourMap { Viridis, Cividis, Magma, Diverging, Twilight };

/// Colour at t in 0..1 (clamped; Twilight is cyclic and wraps). Grey for NaN.
QRgb colourAt(ColourMap map, double t);

/// For points and cells without a value.
QRgb missingColour();

/// Okabe and Ito's eight, starting again after them. The black one is white on a dark background.
QRgb categoryColour(std::size_t index, bool dark);
inline constexpr std::size_t kCategoryColours = 8;

/// Relative luminance 0..1 of sRGB (WCAG).
double luminance(QRgb colour);

} // namespace rnnscope::ui
