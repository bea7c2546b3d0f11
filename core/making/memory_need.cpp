#include "core/making/memory_need.h"

#include "core/base/memory.h"
#include "core/tasks/mnist.h"

#include <algorithm>

namespace rnnscope::making {

namespace {

constexpr double kParameterCopies = 8.0; // weights, packed both ways, gradient, two moments, the networks kept
constexpr double kNodeVectors = 14.0; // of H values a layer: four gates, states, what is carried back
constexpr double kDigitsTogether = 100.0; // judged

struct Sequences
{
    double count, steps;
    double nodes() const { return count * steps; }
};

/// Of one batch.
Sequences trained(const Recipe& recipe)
{
    const auto batch = static_cast<double>(recipe.batch);
    if (recipe.family == zoo::TaskFamily::SequentialMnist)
        return {batch, static_cast<double>(tasks::tileSteps(recipe.mnist.tileSide))};
    return {std::min(batch, static_cast<double>(recipe.language.maxN)), static_cast<double>(recipe.language.length)};
}

/// Read at once to judge a network.
Sequences judged(const Recipe& recipe)
{
    if (recipe.family == zoo::TaskFamily::SequentialMnist)
        return {kDigitsTogether, trained(recipe).steps};
    const auto strings = static_cast<double>(recipe.language.maxN);
    return {strings, 2.0 * strings * static_cast<double>(recipe.language.letters)};
}

} // namespace

double memoryOfRun(const Recipe& recipe)
{
    const zoo::Architecture rnn = architectureOf(recipe);
    const auto snapshots = static_cast<double>(snapshotSteps(recipe).size());
    const double values = static_cast<double>(rnn.numLayers) * kNodeVectors * static_cast<double>(rnn.hiddenSize)
        + static_cast<double>(rnn.inputSize + rnn.outputSize);
    const double nodes = std::max(trained(recipe).nodes(), judged(recipe).nodes());
    const double kept = static_cast<double>(recipe.sequences) * trained(recipe).steps
        * static_cast<double>(rnn.inputSize + rnn.outputSize);
    return sizeof(float)
        * (static_cast<double>(rnn.parameterCount()) * (kParameterCopies + snapshots) + nodes * values
           + kept * (1.0 + snapshots / 2.0)); // float16, and once as they are computed
}

Result<void> checkMemory(const Recipe& recipe, std::size_t runs)
{
    constexpr double kGigabyte = 1e9;
    const double needed = memoryOfRun(recipe) * static_cast<double>(runs);
    const auto there = static_cast<double>(physicalMemory());
    if (there > 0.0 && needed > there)
        return fail(Errc::BadValue,
                    fmt::format("{} {} of this size at once would need about {:.1f} GB of memory, this machine has "
                                "{:.1f} GB",
                                runs, runs == 1 ? "network" : "networks", needed / kGigabyte, there / kGigabyte));
    return {};
}

} // namespace rnnscope::making
