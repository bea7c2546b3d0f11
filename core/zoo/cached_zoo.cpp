#include "core/zoo/cached_zoo.h"

#include "core/base/half.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <mutex>

namespace rnnscope::zoo {

namespace {

/// Numbers that do not change, as float16 when they all fit it exactly.
class Numbers
{
public:
    explicit Numbers(std::vector<float> values)
    {
        std::vector<std::uint16_t> halves(values.size());
        storeHalf(values, halves);
        std::vector<float> back(values.size());
        loadHalf(std::as_bytes(std::span<const std::uint16_t>(halves)), back);
        if (std::equal(values.begin(), values.end(), back.begin()))
            m_halves = std::move(halves);
        else
            m_floats = std::move(values);
    }

    std::size_t bytes() const { return m_halves.size() * sizeof(std::uint16_t) + m_floats.size() * sizeof(float); }

    void copy(std::size_t first, std::span<float> out) const
    {
        if (m_floats.empty())
            loadHalf(std::as_bytes(std::span(m_halves).subspan(first, out.size())), out);
        else
            std::copy_n(m_floats.begin() + static_cast<std::ptrdiff_t>(first), out.size(), out.begin());
    }

private:
    std::vector<std::uint16_t> m_halves;
    std::vector<float> m_floats;
};

/// Bytes that may still be kept; shared by the parameters and the roll-outs of a zoo.
using Budget = std::shared_ptr<std::atomic<std::ptrdiff_t>>;

/// One array by rows. Two threads that miss the same row both read it; that costs time, not correctness.
class Rows
{
public:
    using Read = std::function<Result<void>(std::span<float>)>;

    Rows(std::size_t rows, std::size_t rowSize, Budget budget)
        : m_rows(rows)
        , m_rowSize(rowSize)
        , m_budget(std::move(budget))
    {
    }

    /// Entries [first, first + out.size()) of a row, by `readRow` of all of it or, when it cannot be kept, `readPart`.
    Result<void> copy(std::size_t row, std::size_t first, std::span<float> out, const Read& readRow,
                      const Read& readPart) const
    {
        auto kept = find(row);
        if (!kept && m_budget->load() < static_cast<std::ptrdiff_t>(m_rowSize * sizeof(float)))
            return readPart(out);
        if (!kept) {
            std::vector<float> values(m_rowSize);
            if (auto read = readRow(values); !read)
                return read;
            kept = keep(row, std::move(values));
        }
        kept->copy(first, out);
        return {};
    }

private:
    std::shared_ptr<const Numbers> find(std::size_t row) const
    {
        const std::lock_guard lock(m_mutex);
        return m_rows[row];
    }

    std::shared_ptr<const Numbers> keep(std::size_t row, std::vector<float> values) const
    {
        auto numbers = std::make_shared<const Numbers>(std::move(values));
        const std::lock_guard lock(m_mutex);
        if (!m_rows[row]) {
            m_budget->fetch_sub(static_cast<std::ptrdiff_t>(numbers->bytes()));
            m_rows[row] = numbers;
        }
        return numbers;
    }

    mutable std::mutex m_mutex;
    mutable std::vector<std::shared_ptr<const Numbers>> m_rows;
    std::size_t m_rowSize;
    Budget m_budget;
};

class CachedParameters final : public ParameterSource
{
public:
    CachedParameters(const Zoo& zoo, const Budget& budget)
        : m_source(zoo.parameters)
        , m_columns(zoo.architecture.parameterCount())
        , m_size(zoo.size)
        , m_rows(zoo.size, m_columns, budget)
    {
    }

    Result<void> read(std::size_t first, std::size_t count, std::span<float> out) const override
    {
        if (first > m_size || count > m_size - first || out.size() != count * m_columns)
            return m_source->read(first, count, out); // which knows what is wrong
        for (std::size_t row = first; row < first + count; ++row) {
            const auto readRow = [&](std::span<float> target) { return m_source->read(row, 1, target); };
            const auto target = out.subspan((row - first) * m_columns, m_columns);
            if (auto done = m_rows.copy(row, 0, target, readRow, readRow); !done)
                return done;
        }
        return {};
    }
    bool isHalf() const override { return m_source->isHalf(); }

private:
    std::shared_ptr<const ParameterSource> m_source;
    std::size_t m_columns;
    std::size_t m_size;
    Rows m_rows;
};

class CachedRollouts final : public RolloutSource
{
public:
    CachedRollouts(const Zoo& zoo, const Budget& budget)
        : m_source(zoo.rollouts)
        , m_shape(zoo.rollouts->shape())
        , m_size(zoo.size)
        , m_inputs(zoo.size, m_shape.sequences * m_shape.inputValues(), budget)
        , m_logits(zoo.size, m_shape.sequences * m_shape.logitValues(), budget)
    {
    }

    RolloutShape shape() const override { return m_shape; }

    Result<void> readInputs(std::size_t row, std::size_t first, std::size_t count, std::span<float> out) const override
    {
        const auto part = [&](std::span<float> target) { return m_source->readInputs(row, first, count, target); };
        if (!inside(row, first, count) || out.size() != count * m_shape.inputValues())
            return part(out);
        const auto all
            = [&](std::span<float> target) { return m_source->readInputs(row, 0, m_shape.sequences, target); };
        return m_inputs.copy(row, first * m_shape.inputValues(), out, all, part);
    }

    Result<void> readLogits(std::size_t row, std::size_t first, std::size_t count, std::span<float> out) const override
    {
        const auto part = [&](std::span<float> target) { return m_source->readLogits(row, first, count, target); };
        if (!inside(row, first, count) || out.size() != count * m_shape.logitValues())
            return part(out);
        const auto all
            = [&](std::span<float> target) { return m_source->readLogits(row, 0, m_shape.sequences, target); };
        return m_logits.copy(row, first * m_shape.logitValues(), out, all, part);
    }

private:
    bool inside(std::size_t row, std::size_t first, std::size_t count) const
    {
        return row < m_size && first <= m_shape.sequences && count <= m_shape.sequences - first;
    }

    std::shared_ptr<const RolloutSource> m_source;
    RolloutShape m_shape;
    std::size_t m_size;
    Rows m_inputs;
    Rows m_logits;
};

} // namespace

std::shared_ptr<const Zoo> cachedZoo(std::shared_ptr<const Zoo> zoo, std::size_t budget)
{
    const auto left = std::make_shared<std::atomic<std::ptrdiff_t>>(static_cast<std::ptrdiff_t>(budget));
    auto cached = std::make_shared<Zoo>(*zoo);
    cached->parameters = std::make_shared<const CachedParameters>(*zoo, left);
    if (zoo->rollouts)
        cached->rollouts = std::make_shared<const CachedRollouts>(*zoo, left);
    return cached;
}

} // namespace rnnscope::zoo
