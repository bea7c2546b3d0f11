#pragma once

#include "core/zoo/architecture.h"

#include <QString>

#include <cstddef>
#include <optional>
#include <vector>

namespace rnnscope::ui {

/// Sizes to begin with for a file of P numbers without names: the first of `known` with P parameters; else the first
/// that has P with another number of hidden units; else the first; else those of the published languages.
zoo::Architecture likelySizes(std::size_t parameters, const std::vector<zoo::Architecture>& known);

/// The number of hidden units with which the architecture has P parameters, everything else as it is.
std::optional<int> fittingHiddenSize(zoo::Architecture architecture, std::size_t parameters);

struct SizesVerdict
{
    bool fits = false;
    QString text; ///< "13 766 parameters ✓", "these sizes need 4 806 parameters, the file has 13 766"
};

SizesVerdict judgeSizes(const zoo::Architecture& architecture, std::size_t parameters);

} // namespace rnnscope::ui
