#pragma once

#include "ui/models/session.h"

#include <cmath>
#include <memory>
#include <random>

namespace rnnscope::test {

/// An invented zoo of formal languages with its embedding and predictions: 6 runs of 3 snapshots. Deterministic.
/// The head of the task errs on row 1, row 4 has failed, and no generalization gap is recorded.
inline std::shared_ptr<ui::EmbeddedZoo> sampleZoo(std::size_t runs = 6, std::size_t snapshots = 3)
{
    const std::size_t count = runs * snapshots;
    const double nan = std::nan("");
    auto zoo = std::make_shared<zoo::Zoo>();
    zoo->name = "formal_languages";
    zoo->family = zoo::TaskFamily::FormalLanguage;
    zoo->architecture = {.cell = zoo::Cell::Lstm, .inputSize = 6, .hiddenSize = 32, .numLayers = 2, .outputSize = 6};
    zoo->size = count;
    zoo::Property run {
        .name = "run", .kind = zoo::PropertyKind::Integer, .description = {}, .values = {}, .labels = {}};
    zoo::Property step = run;
    step.name = "step";
    zoo::Property task = run;
    task.name = "task";
    task.columns = 4;
    zoo::Property accuracy = run;
    accuracy.name = "accuracy";
    accuracy.kind = zoo::PropertyKind::Real;
    auto embedded = std::make_shared<ui::EmbeddedZoo>();
    embedded->embedding = Matrix(count, 2);
    embedded->map = Matrix(count, 2);
    std::mt19937 random(3);
    std::normal_distribution<float> normal;
    for (std::size_t i = 0; i < count; ++i) {
        const auto r = static_cast<double>(i / snapshots);
        const auto s = static_cast<double>(i % snapshots);
        run.values.push_back(r);
        step.values.push_back(1000 + 10000 * s);
        for (const double difference : {0.0, std::fmod(r, 3), -1.0 * std::fmod(r, 2), 2.0})
            task.values.push_back(difference);
        accuracy.values.push_back(0.98 * (1 - std::exp(-s - 0.1 * r)));
        const double angle = r + 0.2 * s;
        const bool failed = i == 4;
        embedded->embedding(i, 0) = static_cast<float>(failed ? nan : std::cos(angle));
        embedded->embedding(i, 1) = static_cast<float>(failed ? nan : std::sin(angle));
        embedded->map(i, 0) = static_cast<float>(failed ? nan : (0.3 + s) * std::cos(angle)) + 0.2F * normal(random);
        embedded->map(i, 1)
            = static_cast<float>(failed ? nan : (0.2 + 0.6 * s) * std::sin(angle)) + 0.2F * normal(random);
        embedded->splits.push_back(i % 2 == 0 ? zoo::Split::Validation : zoo::Split::Training);
    }
    embedded->failed = {4};
    prediction::Prediction tasks {.property = "task",
                                  .kind = zoo::PropertyKind::Integer,
                                  .columns = 4,
                                  .values = task.values,
                                  .classes = {{-1, 0, 1, 2}, {-1, 0, 1, 2}, {-1, 0, 1, 2}, {-1, 0, 1, 2}},
                                  .labels = {},
                                  .probabilities = {},
                                  .lower = {},
                                  .upper = {},
                                  .inSet = {}};
    tasks.values[1 * 4 + 1] = 2;
    tasks.probabilities.assign(count * 4 * 4, 0.02F);
    for (std::size_t k = 0; k < count * 4; ++k)
        tasks.probabilities[k * 4] = 0.98F;
    prediction::Prediction accuracies {.property = "accuracy",
                                       .values = accuracy.values,
                                       .classes = {},
                                       .labels = {},
                                       .probabilities = {},
                                       .lower = {},
                                       .upper = {},
                                       .inSet = {}};
    for (double& value : accuracies.values)
        value -= 0.011;
    prediction::Prediction losses = accuracies;
    losses.property = "eval_loss";
    losses.unit = "nat";
    for (auto* prediction : {&tasks, &accuracies, &losses})
        for (std::size_t k = 0; k < prediction->columns; ++k)
            prediction->values[4 * prediction->columns + k] = nan;
    embedded->predictions = {tasks, accuracies, losses};
    zoo->properties = {run, step, task, accuracy};
    embedded->zoo = zoo;
    embedded->checkpoint = std::make_shared<zoo::Checkpoint>();
    embedded->explained[0] = 0.43;
    embedded->explained[1] = 0.21;
    embedded->done = count;
    embedded->complete = true;
    return embedded;
}

/// Probes and answers of one network; logits are 3 for one entry a step and 0 for the others.
inline std::shared_ptr<engine::Traces> sampleTraces(std::size_t steps, std::size_t parallel, std::size_t inputs,
                                                    std::size_t outputs)
{
    auto traces = std::make_shared<engine::Traces>();
    *traces = {
        .steps = steps, .parallel = parallel, .inputSize = inputs, .outputSize = outputs, .inputs = {}, .outputs = {}};
    for (std::size_t t = 0; t < steps; ++t)
        for (std::size_t q = 0; q < parallel; ++q) {
            const std::size_t peak = t * inputs / steps;
            for (std::size_t i = 0; i < inputs; ++i)
                traces->inputs.push_back(i == (peak + q) % inputs ? 0.9F : 0.1F / static_cast<float>(inputs - 1));
            for (std::size_t o = 0; o < outputs; ++o)
                traces->outputs.push_back(o == (t * outputs / steps + q) % outputs ? 3.0F : 0.0F);
        }
    return traces;
}

} // namespace rnnscope::test
