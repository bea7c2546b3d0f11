#pragma once

#include "core/weights/find_names.h"
#include "core/weights/find_stacks.h"

#include <array>
#include <map>

namespace rnnscope::weights {

/// The tensors of one layer by role.
struct NamedLayer
{
    std::array<std::size_t, 4> parts {Part::kAbsent, Part::kAbsent, Part::kAbsent, Part::kAbsent};
    std::string module; ///< what stands before the last parts of their names: "lstm.", "cells.0."

    std::size_t at(Role role) const { return parts[static_cast<std::size_t>(role)]; }
    bool has(Role role) const { return at(role) != Part::kAbsent; }
};

/// Tensors whose names make them one stack; their shapes have not been looked at.
struct NamedGroup
{
    Scheme scheme = Scheme::Torch;
    bool numbered = false;
    std::string name;
    std::map<std::size_t, NamedLayer> layers; ///< by number
    std::vector<std::size_t> projections;
    std::vector<std::size_t> reversed;
    std::size_t stranger = Part::kAbsent; ///< a tensor in a numbered cell that no plain cell has
};

/// Groups in the order of the file, at most kMostStacks + 1.
std::vector<NamedGroup> groupByName(const TensorFile& file);

/// Sizes and parts of the stack that a group is, or what keeps it from being one.
FoundStack buildStack(const TensorFile& file, const NamedGroup& group);

} // namespace rnnscope::weights
