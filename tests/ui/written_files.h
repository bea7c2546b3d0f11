#pragma once

#include "core/zoo/checkpoint.h"
#include "core/zoo/zoo.h"

#include <QTemporaryDir>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <memory>
#include <random>
#include <vector>

namespace rnnscope::test {

/// Parameters in memory.
class MemoryParameters final : public zoo::ParameterSource
{
public:
    MemoryParameters(std::size_t columns, std::vector<float> values)
        : m_columns(columns)
        , m_values(std::move(values))
    {
    }
    Result<void> read(std::size_t first, std::size_t count, std::span<float> out) const override
    {
        std::copy_n(m_values.begin() + static_cast<std::ptrdiff_t>(first * m_columns), count * m_columns, out.begin());
        return {};
    }
    bool isHalf() const override { return false; }

private:
    std::size_t m_columns;
    std::vector<float> m_values;
};

/// One sequence of two tokens for every network, all logits 0.
class MemoryRollouts final : public zoo::RolloutSource
{
public:
    explicit MemoryRollouts(std::size_t outputs)
        : m_outputs(outputs)
    {
    }
    zoo::RolloutShape shape() const override
    {
        return {.sequences = 1, .inputSteps = 2, .inputSize = 0, .logitSteps = 1, .outputSize = m_outputs};
    }
    Result<void> readInputs(std::size_t, std::size_t, std::size_t, std::span<float> out) const override
    {
        return std::fill(out.begin(), out.end(), 0.0F), Result<void> {};
    }
    Result<void> readLogits(std::size_t, std::size_t, std::size_t, std::span<float> out) const override
    {
        return std::fill(out.begin(), out.end(), 0.0F), Result<void> {};
    }

private:
    std::size_t m_outputs;
};

struct ZooSpec
{
    std::string name = "languages";
    std::size_t size = 18;
    int hidden = 4;
    int symbols = 6; ///< input and output size
    std::vector<std::size_t> notFinite {}; ///< rows with NaN weights
    bool rollouts = false;
    zoo::Cell cell = zoo::Cell::Lstm;
    int layers = 1;
};

inline zoo::Architecture architectureOf(const ZooSpec& spec)
{
    return {.cell = spec.cell,
            .inputSize = spec.symbols,
            .hiddenSize = spec.hidden,
            .numLayers = spec.layers,
            .outputSize = spec.symbols};
}

inline zoo::Property property(const std::string& name, zoo::PropertyKind kind, std::vector<double> values,
                              std::size_t columns = 1)
{
    zoo::Property made;
    made.name = name;
    made.kind = kind;
    made.values = std::move(values);
    made.columns = columns;
    return made;
}

/// Runs of nine snapshots, a language per run, accuracy rising with the step.
inline zoo::Zoo makeZoo(const ZooSpec& spec)
{
    zoo::Zoo zoo;
    zoo.name = spec.name;
    zoo.family = zoo::TaskFamily::FormalLanguage;
    zoo.architecture = architectureOf(spec);
    zoo.size = spec.size;
    std::mt19937 random(7);
    std::normal_distribution<float> normal;
    const auto columns = zoo.architecture.parameterCount();
    std::vector<float> weights(spec.size * columns);
    std::generate(weights.begin(), weights.end(), [&] { return normal(random); });
    for (const auto row : spec.notFinite)
        weights[row * columns] = std::numeric_limits<float>::quiet_NaN();
    zoo.parameters = std::make_shared<MemoryParameters>(columns, std::move(weights));
    if (spec.rollouts)
        zoo.rollouts = std::make_shared<MemoryRollouts>(static_cast<std::size_t>(spec.symbols));
    std::vector<double> run, step, accuracy, task;
    for (std::size_t row = 0; row < spec.size; ++row) {
        run.push_back(static_cast<double>(row / 9));
        step.push_back(std::vector<double> {0, 100, 200, 500, 1000, 2000, 5000, 10000, 20000}[row % 9]);
        accuracy.push_back(static_cast<double>(row % 9) / 8.0);
        task.insert(task.end(), {0.0, static_cast<double>(row / 9), -1.0, 2.0});
    }
    zoo.properties = {
        property("run", zoo::PropertyKind::Integer, run), property("step", zoo::PropertyKind::Integer, step),
        property("task", zoo::PropertyKind::Integer, task, 4), property("accuracy", zoo::PropertyKind::Real, accuracy)};
    return zoo;
}

/// Predicts 0.25 for every accuracy.
inline zoo::Head constantAccuracyHead(std::int64_t dimension)
{
    zoo::Head head;
    head.property = "accuracy";
    head.kind = zoo::PropertyKind::Real;
    head.mean = {0.25};
    head.scale = {1.0};
    head.state["0.weight"] = {{1, dimension}, std::vector<float>(static_cast<std::size_t>(dimension), 0.0F)};
    head.state["0.bias"] = {{1}, {0.0F}};
    return head;
}

/// A folder that goes with the test, and writers of small files into it.
class WrittenFiles
{
public:
    std::filesystem::path folder() const { return m_folder.path().toStdString(); }

    QString zoo(const ZooSpec& spec = {})
    {
        const auto path = folder() / (spec.name + ".h5");
        NoProgress quiet;
        const auto written = zoo::writeZoo(makeZoo(spec), path, {}, quiet, {});
        EXPECT_TRUE(written) << written.error().message;
        return QString::fromStdString(path.string());
    }

    QString checkpoint(const std::string& name, zoo::EncoderKind kind = zoo::EncoderKind::InteractiveProbing,
                       const ZooSpec& spec = {})
    {
        zoo::Checkpoint checkpoint;
        checkpoint.config = zoo::compactConfig(kind, architectureOf(spec), zoo::TaskFamily::FormalLanguage);
        checkpoint.encoder["tensor"] = {{2}, {1.0F, 2.0F}};
        checkpoint.emulator["tensor"] = {{1}, {1.0F}};
        checkpoint.heads.push_back(constantAccuracyHead(checkpoint.config.embeddingSize));
        const auto path = folder() / (name + ".h5");
        const auto written = zoo::writeCheckpoint(checkpoint, path);
        EXPECT_TRUE(written) << written.error().message;
        return QString::fromStdString(path.string());
    }

private:
    QTemporaryDir m_folder;
};

} // namespace rnnscope::test
