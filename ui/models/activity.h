#pragma once

#include "core/base/result.h"
#include "core/engine/engine.h"
#include "core/rnn/rnn.h"
#include "core/zoo/zoo.h"

#include <cstddef>
#include <span>
#include <stop_token>
#include <vector>

namespace rnnscope::ui {

/// What there is to look at inside a network; all but the first two are gates.
enum class StateKind { Hidden, Cell, Input, Forget, Candidate, Output, Reset, Update, New };
bool isGate(StateKind kind);
/// Those that this kind of network has.
std::vector<StateKind> stateKinds(rnn::Cell cell);

/// What goes on inside one network while it reads the probes.
struct Activity
{
    rnn::Cell of = rnn::Cell::Lstm; ///< what the network is made of
    std::size_t parallel = 0; ///< Q
    std::size_t layers = 0; ///< L
    std::size_t units = 0; ///< H
    std::size_t steps = 0; ///< T
    std::vector<float> hidden; ///< [Q, L, H, T] after each step
    std::vector<float> cell; ///< the same; empty unless the cells are LSTMs
    std::vector<std::vector<float>> gates {}; ///< the same for each gate (rnn::Gates); empty until asked for

    /// [Q, L, H, T]; empty where the network has none, or gates have not been asked for.
    std::span<const float> all(StateKind kind) const;
    /// [H, T] of one sequence and layer; empty as above, or where there is no such layer.
    std::span<const float> one(StateKind kind, std::size_t sequence, std::size_t layer) const;
};

/// Runs network `row` of the zoo on the inputs of `traces` (of that network alone), without gates.
Result<Activity> activityOf(const zoo::Zoo& zoo, std::size_t row, const engine::Traces& traces);

/// The same with its gates. `states` are what activityOf() made of these.
Result<Activity> withGates(const Activity& states, const zoo::Zoo& zoo, std::size_t row, const engine::Traces& traces,
                           const std::stop_token& stop);

/// Units [H] by how much `states` [H, T] vary over the steps, most first.
std::vector<std::size_t> unitsByVariance(std::span<const float> states, std::size_t units);

} // namespace rnnscope::ui
