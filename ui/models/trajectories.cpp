#include "ui/models/trajectories.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

namespace rnnscope::ui {

namespace {

using Run = std::pair<const zoo::Zoo*, double>;

} // namespace

std::size_t Trajectory::at(double step) const
{
    const auto after = std::upper_bound(steps.begin(), steps.end(), step);
    return after == steps.begin() ? 0 : static_cast<std::size_t>(after - steps.begin()) - 1;
}

std::vector<Trajectory> trajectoriesOf(const EmbeddedZoo& shown, const std::vector<Selection::Id>& selected,
                                       std::size_t most)
{
    std::map<Run, std::size_t> first; // network of a run
    for (const auto id : selected) {
        if (id >= shown.zoo->size)
            continue;
        const auto place = placeOf(shown, id);
        const auto& zoo = *place.embedded.zoo;
        const auto* run = zoo.property("run");
        if (run == nullptr || zoo.property("step") == nullptr || std::isnan(run->value(place.row)))
            continue;
        first.try_emplace({&zoo, run->value(place.row)}, id);
        if (first.size() > most)
            return {};
    }
    std::map<const zoo::Zoo*, std::set<double>> wanted;
    std::map<const zoo::Zoo*, std::size_t> offsets; // row on the map of a zoo's first network
    for (const auto& [run, id] : first) {
        wanted[run.first].insert(run.second);
        offsets[run.first] = id - placeOf(shown, id).row;
    }
    std::map<Run, std::vector<std::pair<double, std::size_t>>> snapshots;
    for (const auto& [zoo, runs] : wanted) {
        const auto* run = zoo->property("run");
        const auto* step = zoo->property("step");
        for (std::size_t row = 0; row < zoo->size; ++row)
            if (runs.contains(run->value(row)) && std::isfinite(step->value(row)))
                snapshots[{zoo, run->value(row)}].emplace_back(step->value(row), offsets[zoo] + row);
    }
    std::vector<Trajectory> made;
    for (auto& [run, each] : snapshots) {
        std::stable_sort(each.begin(), each.end());
        if (each.size() < 2)
            continue;
        Trajectory& trajectory = made.emplace_back();
        for (const auto& [step, row] : each) {
            trajectory.steps.push_back(step);
            trajectory.rows.push_back(row);
        }
    }
    std::sort(made.begin(), made.end(), [](const Trajectory& a, const Trajectory& b) { return a.rows < b.rows; });
    return made;
}

std::vector<double> stepsOf(const std::vector<Trajectory>& trajectories)
{
    std::set<double> steps;
    for (const auto& each : trajectories)
        steps.insert(each.steps.begin(), each.steps.end());
    return {steps.begin(), steps.end()};
}

} // namespace rnnscope::ui
