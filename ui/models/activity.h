#pragma once

#include "core/base/result.h"
#include "core/engine/engine.h"
#include "core/zoo/zoo.h"

#include <cstddef>
#include <span>
#include <vector>

namespace rnnscope::ui {

/// What goes on inside one network while it reads the probes.
struct Activity
{
    std::size_t parallel = 0; ///< Q
    std::size_t layers = 0; ///< L
    std::size_t units = 0; ///< H
    std::size_t steps = 0; ///< T
    std::vector<float> hidden; ///< [Q, L, H, T] after each step
    std::vector<float> cell; ///< the same; empty unless the cells are LSTMs

    /// [H, T] of one sequence and layer.
    std::span<const float> of(const std::vector<float>& states, std::size_t sequence, std::size_t layer) const
    {
        return std::span(states).subspan((sequence * layers + layer) * units * steps, units * steps);
    }
};

/// Runs network `row` of the zoo on the inputs of `traces` (of that network alone).
Result<Activity> activityOf(const zoo::Zoo& zoo, std::size_t row, const engine::Traces& traces);

/// Units [H] by how much `states` [H, T] vary over the steps, most first.
std::vector<std::size_t> unitsByVariance(std::span<const float> states, std::size_t units);

} // namespace rnnscope::ui
