#include "nn/synthetic_zoo.h"

#include <algorithm>
#include <cmath>
#include <random>

namespace rnnscope::test {

namespace {

constexpr std::size_t kSequences = 3;
constexpr std::size_t kSteps = 8;
constexpr std::size_t kTokens = 6;

class Weights final : public zoo::ParameterSource
{
public:
    Result<void> read(std::size_t first, std::size_t count, std::span<float> out) const override
    {
        const std::size_t columns = out.size() / count;
        std::copy_n(values.begin() + static_cast<std::ptrdiff_t>(first * columns), out.size(), out.begin());
        return {};
    }
    bool isHalf() const override { return false; }
    std::vector<float> values;
};

/// Network `row` always expects token row % 6 next, whatever it reads.
class Rollouts final : public zoo::RolloutSource
{
public:
    zoo::RolloutShape shape() const override { return {kSequences, kSteps + 1, 0, kSteps, kTokens}; }
    Result<void> readInputs(std::size_t row, std::size_t, std::size_t, std::span<float> out) const override
    {
        std::fill(out.begin(), out.end(), static_cast<float>(row % kTokens));
        return {};
    }
    Result<void> readLogits(std::size_t row, std::size_t, std::size_t, std::span<float> out) const override
    {
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i] = i % kTokens == row / 2 % kTokens ? 4.0F : 0.0F;
        return {};
    }
};

} // namespace

SyntheticZoo::SyntheticZoo(std::size_t runs, std::uint32_t seed)
    : zoo(std::make_shared<zoo::Zoo>())
{
    zoo->path = "synthetic.h5";
    zoo->name = "synthetic";
    zoo->family = zoo::TaskFamily::FormalLanguage;
    zoo->architecture = {zoo::Cell::Lstm, 6, 4, 1, 6};
    zoo->size = 2 * runs;
    auto source = std::make_shared<Weights>();
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0.0F, 0.5F);
    source->values.resize(zoo->size * zoo->architecture.parameterCount());
    std::generate(source->values.begin(), source->values.end(), [&] { return normal(random); });
    zoo->parameters = source;
    zoo->rollouts = std::make_shared<Rollouts>();
    zoo::Property run;
    run.name = "run";
    run.kind = zoo::PropertyKind::Integer;
    zoo::Property task = run;
    task.name = "task";
    zoo::Property accuracy;
    accuracy.name = "accuracy";
    task.columns = 4;
    for (std::size_t row = 0; row < zoo->size; ++row) {
        const auto id = static_cast<double>(row / 2);
        run.values.push_back(id);
        for (const double m : {0.0, std::fmod(id, 6.0) - 3.0, std::floor(id / 6.0) - 1.0, 1.0})
            task.values.push_back(m);
        accuracy.values.push_back(static_cast<double>(row % 2));
    }
    zoo->properties = {run, task, accuracy};
}

std::vector<float>& SyntheticZoo::weights()
{
    return std::const_pointer_cast<Weights>(std::static_pointer_cast<const Weights>(zoo->parameters))->values;
}

} // namespace rnnscope::test
