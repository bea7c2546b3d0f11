#include "core/making/run_zoo.h"

#include "core/base/half.h"

#include <algorithm>

namespace rnnscope::making {

namespace {

using Snapshots = std::shared_ptr<const std::vector<Snapshot>>;

class SnapshotParameters final : public zoo::ParameterSource
{
public:
    SnapshotParameters(Snapshots snapshots, bool half)
        : m_snapshots(std::move(snapshots))
        , m_half(half)
    {
    }
    Result<void> read(std::size_t first, std::size_t count, std::span<float> out) const override
    {
        auto next = out.begin();
        for (std::size_t i = first; i < first + count; ++i)
            next = std::ranges::copy((*m_snapshots)[i].parameters, next).out;
        return {};
    }
    bool isHalf() const override { return m_half; }

private:
    Snapshots m_snapshots;
    bool m_half;
};

class SnapshotRollouts final : public zoo::RolloutSource
{
public:
    SnapshotRollouts(Snapshots snapshots, const zoo::RolloutShape& shape)
        : m_snapshots(std::move(snapshots))
        , m_shape(shape)
    {
    }
    zoo::RolloutShape shape() const override { return m_shape; }
    Result<void> readInputs(std::size_t row, std::size_t first, std::size_t count, std::span<float> out) const override
    {
        const auto values = piece((*m_snapshots)[row].inputs, first, count, m_shape.inputValues());
        if (m_shape.tokens())
            std::ranges::copy(values, out.begin());
        else
            loadHalf(std::as_bytes(values), out);
        return {};
    }
    Result<void> readLogits(std::size_t row, std::size_t first, std::size_t count, std::span<float> out) const override
    {
        loadHalf(std::as_bytes(piece((*m_snapshots)[row].logits, first, count, m_shape.logitValues())), out);
        return {};
    }

private:
    static std::span<const std::uint16_t> piece(const std::vector<std::uint16_t>& all, std::size_t first,
                                                std::size_t count, std::size_t size)
    {
        return std::span(all).subspan(first * size, count * size);
    }

    Snapshots m_snapshots;
    zoo::RolloutShape m_shape;
};

} // namespace

std::vector<zoo::Property> recordedProperties(const Family& family)
{
    const auto integer = [](const char* name, const char* description) {
        zoo::Property property;
        property.name = name;
        property.kind = zoo::PropertyKind::Integer;
        property.description = description;
        return property;
    };
    std::vector properties {integer("run", "id of the training run"), integer("step", "training step of the snapshot")};
    for (zoo::Property& property : family.properties())
        properties.push_back(std::move(property));
    return properties;
}

zoo::Zoo zooOf(const Recipe& recipe, const Family& family, TrainedRun run)
{
    zoo::Zoo zoo;
    zoo.name = nameOf(recipe);
    zoo.family = recipe.family;
    zoo.architecture = architectureOf(recipe);
    zoo.size = run.snapshots.size();
    zoo.properties = recordedProperties(family);
    for (const Snapshot& snapshot : run.snapshots) {
        std::size_t next = 0;
        zoo.properties[0].values.push_back(static_cast<double>(run.run));
        zoo.properties[1].values.push_back(static_cast<double>(snapshot.step));
        for (zoo::Property& property : std::span(zoo.properties).subspan(2))
            for (std::size_t column = 0; column < property.columns; ++column)
                property.values.push_back(snapshot.values[next++]);
    }
    const auto snapshots = std::make_shared<const std::vector<Snapshot>>(std::move(run.snapshots));
    zoo.parameters = std::make_shared<SnapshotParameters>(snapshots, recipe.half);
    if (recipe.sequences > 0)
        zoo.rollouts = std::make_shared<SnapshotRollouts>(snapshots, family.rollouts());
    return zoo;
}

} // namespace rnnscope::making
