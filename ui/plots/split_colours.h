#pragma once

#include "core/zoo/checkpoint.h"
#include "ui/plots/theme.h"

#include <QString>

#include <cstddef>

namespace rnnscope::ui {

/// Splits have the same colours in every view: training, validation, OOD and calibration, in this order of the
/// categories. Calibration networks are the last because curves do not show them.
std::size_t splitCategory(zoo::Split split);
QColor splitColour(zoo::Split split, const Theme& theme); ///< grey when unknown
QString splitName(zoo::Split split); ///< "out of distribution"
QString shortSplitName(zoo::Split split); ///< "OOD", for legends

} // namespace rnnscope::ui
