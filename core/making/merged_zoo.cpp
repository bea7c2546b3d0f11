#include "core/making/merged_zoo.h"

#include <algorithm>
#include <mutex>

namespace rnnscope::making {

namespace {

/// Opens parts, and keeps the last.
class OpenPart
{
public:
    explicit OpenPart(const PartsFolder& parts)
        : m_parts(parts)
    {
    }
    Result<std::shared_ptr<const zoo::Zoo>> of(std::size_t run)
    {
        const std::lock_guard lock(m_mutex);
        if (m_zoo == nullptr || m_run != run) {
            auto opened = m_parts.openPart(run);
            if (!opened)
                return opened;
            m_zoo = std::move(*opened);
            m_run = run;
        }
        return m_zoo;
    }
    const PartPattern& pattern() const { return m_parts.pattern(); }

private:
    const PartsFolder& m_parts;
    std::mutex m_mutex;
    std::shared_ptr<const zoo::Zoo> m_zoo;
    std::size_t m_run = 0;
};

class MergedParameters final : public zoo::ParameterSource
{
public:
    MergedParameters(std::shared_ptr<OpenPart> part, bool half)
        : m_part(std::move(part))
        , m_half(half)
    {
    }
    Result<void> read(std::size_t first, std::size_t count, std::span<float> out) const override
    {
        const std::size_t rows = m_part->pattern().snapshots;
        const std::size_t columns = m_part->pattern().architecture.parameterCount();
        for (std::size_t done = 0; done < count;) {
            const std::size_t row = first + done;
            const std::size_t some = std::min(count - done, rows - row % rows);
            const auto part = m_part->of(row / rows);
            if (!part)
                return forward(part);
            if (auto read = (*part)->parameters->read(row % rows, some, out.subspan(done * columns, some * columns));
                !read)
                return read;
            done += some;
        }
        return {};
    }
    bool isHalf() const override { return m_half; }

private:
    std::shared_ptr<OpenPart> m_part;
    bool m_half;
};

class MergedRollouts final : public zoo::RolloutSource
{
public:
    explicit MergedRollouts(std::shared_ptr<OpenPart> part)
        : m_part(std::move(part))
    {
    }
    zoo::RolloutShape shape() const override { return m_part->pattern().rollouts; }
    Result<void> readInputs(std::size_t row, std::size_t first, std::size_t count, std::span<float> out) const override
    {
        const auto part = m_part->of(row / rows());
        return part ? (*part)->rollouts->readInputs(row % rows(), first, count, out) : forward(part);
    }
    Result<void> readLogits(std::size_t row, std::size_t first, std::size_t count, std::span<float> out) const override
    {
        const auto part = m_part->of(row / rows());
        return part ? (*part)->rollouts->readLogits(row % rows(), first, count, out) : forward(part);
    }

private:
    std::size_t rows() const { return m_part->pattern().snapshots; }

    std::shared_ptr<OpenPart> m_part;
};

} // namespace

Result<zoo::Zoo> mergedZoo(const PartsFolder& parts, std::size_t runs)
{
    const PartPattern& pattern = parts.pattern();
    zoo::Zoo zoo;
    zoo.path = parts.path();
    zoo.family = pattern.family;
    zoo.architecture = pattern.architecture;
    zoo.size = runs * pattern.snapshots;
    zoo.properties = pattern.properties;
    bool half = false;
    for (std::size_t run = 0; run < runs; ++run) {
        const auto part = parts.openPart(run);
        if (!part)
            return forward(part);
        zoo.name = (*part)->name;
        half = (*part)->parameters->isHalf();
        for (zoo::Property& property : zoo.properties) {
            const auto& values = (*part)->property(property.name)->values;
            property.values.insert(property.values.end(), values.begin(), values.end());
        }
    }
    const auto part = std::make_shared<OpenPart>(parts);
    zoo.parameters = std::make_shared<MergedParameters>(part, half);
    if (pattern.rollouts.sequences > 0)
        zoo.rollouts = std::make_shared<MergedRollouts>(part);
    return zoo;
}

} // namespace rnnscope::making
