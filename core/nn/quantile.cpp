#include "core/nn/quantile.h"

#include "core/base/threads.h"

#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>
#include <span>
#include <tuple>
#include <utility>

namespace rnnscope::nn {

namespace {

struct Rank
{
    std::int64_t lower;
    std::int64_t upper;
    float weight; ///< of upper
};

/// Probabilities come from a checkpoint's state: what lies outside 0..1, or is NaN, must not point out of the row.
Rank rankOf(float stored, std::int64_t count)
{
    const float probability = stored >= 0.0F ? std::min(stored, 1.0F) : 0.0F;
    // float32 as in torch, so that the goldens' quantiles come out; beyond 2^24 it could not tell neighbours apart.
    constexpr std::int64_t kFloatExact = std::int64_t {1} << 24;
    const std::int64_t last = count - 1;
    const double rank = last < kFloatExact ? static_cast<double>(probability * static_cast<float>(last))
                                           : static_cast<double>(probability) * static_cast<double>(last);
    const auto lower = static_cast<std::int64_t>(std::floor(rank));
    return {lower, std::min(lower + 1, last), static_cast<float>(rank - std::floor(rank))};
}

std::vector<Rank> ranksOf(const std::vector<float>& probabilities, std::int64_t count)
{
    std::vector<Rank> ranks;
    for (const float probability : probabilities)
        ranks.push_back(rankOf(probability, count));
    return ranks;
}

/// The formula of torch.lerp, which is exact at both ends.
float interpolate(float lower, float upper, float weight)
{
    return weight < 0.5F ? lower + weight * (upper - lower) : upper - (upper - lower) * (1.0F - weight);
}

/// Puts the entries of `row` that sorting would put at `positions` (ascending) there; [first, last) holds all of them.
void select(std::span<const std::int64_t> positions, float* row, std::int64_t first, std::int64_t last)
{
    if (positions.empty())
        return;
    const std::size_t middle = positions.size() / 2;
    const std::int64_t at = positions[middle];
    if (at == first)
        std::swap(row[first], *std::min_element(row + first, row + last));
    else if (at + 1 == last)
        std::swap(row[at], *std::max_element(row + first, row + last));
    else
        std::nth_element(row + first, row + at, row + last);
    select(positions.first(middle), row, first, at);
    select(positions.subspan(middle + 1), row, at + 1, last);
}

std::vector<std::int64_t> positionsOf(const std::vector<Rank>& ranks)
{
    std::set<std::int64_t> positions;
    for (const Rank& rank : ranks) {
        positions.insert(rank.lower);
        if (rank.weight != 0.0F)
            positions.insert(rank.upper);
    }
    return {positions.begin(), positions.end()};
}

/// Finds the entries of a row that sorting would put at some positions. Entries are counted in buckets of equal width,
/// and only those of the buckets that are asked for are sorted. Memory is used again.
class Selection
{
public:
    explicit Selection(std::vector<std::int64_t> positions)
        : m_positions(std::move(positions))
        , m_found(m_positions.size())
    {
    }

    /// In order of positions; `row` is left in another order. NaN everywhere for a row with NaN.
    const std::vector<float>& find(std::vector<float>& row)
    {
        if (!measure(row))
            std::ranges::fill(m_found, std::numeric_limits<float>::quiet_NaN()); // there is no order
        else if (row.size() < kFew || !(m_scale > 0.0F) || std::isinf(m_scale))
            bySwapping(row);
        else
            byBuckets(row);
        return m_found;
    }

    float at(std::int64_t position) const
    {
        const auto found = std::ranges::lower_bound(m_positions, position);
        return m_found[static_cast<std::size_t>(found - m_positions.begin())];
    }

private:
    static constexpr std::size_t kFew = 64;
    static constexpr std::size_t kBuckets = 512;

    /// False for a row with NaN.
    bool measure(const std::vector<float>& row)
    {
        float low = row.front(), high = row.front();
        bool ordered = true;
        for (const float value : row) {
            low = value < low ? value : low;
            high = value > high ? value : high;
            ordered &= value == value; // NOLINT(misc-redundant-expression): not so for NaN
        }
        m_low = low;
        m_scale = static_cast<float>(kBuckets - 1) / (high - low); // 0, NaN or infinite: useless
        return ordered;
    }

    void bySwapping(std::vector<float>& row)
    {
        select(m_positions, row.data(), 0, static_cast<std::int64_t>(row.size()));
        for (std::size_t i = 0; i < m_positions.size(); ++i)
            m_found[i] = row[static_cast<std::size_t>(m_positions[i])];
    }

    void byBuckets(const std::vector<float>& row)
    {
        m_buckets.resize(row.size());
        for (std::size_t i = 0; i < row.size(); ++i) // rounding keeps the order
            m_buckets[i] = static_cast<std::int32_t>((row[i] - m_low) * m_scale);
        std::array<std::int32_t, kBuckets> counts {};
        for (const std::int32_t bucket : m_buckets)
            ++counts[static_cast<std::size_t>(bucket)];
        // Buckets that are asked for, and how many entries before them are not taken.
        std::array<std::uint8_t, kBuckets> wanted {};
        std::int64_t before = 0, taken = 0;
        std::size_t next = 0;
        m_offsets.resize(m_positions.size());
        for (std::size_t bucket = 0; bucket < kBuckets && next < m_positions.size(); before += counts[bucket++]) {
            const std::int64_t end = before + counts[bucket];
            const std::int64_t earlier = taken;
            for (; next < m_positions.size() && m_positions[next] < end; ++next) {
                m_offsets[next] = static_cast<std::size_t>(earlier + m_positions[next] - before);
                taken = earlier + counts[bucket];
                wanted[bucket] = 1;
            }
        }
        m_taken.resize(row.size() + 1);
        std::size_t count = 0;
        for (std::size_t i = 0; i < row.size(); ++i) {
            m_taken[count] = row[i];
            count += wanted[static_cast<std::size_t>(m_buckets[i])];
        }
        std::sort(m_taken.begin(), m_taken.begin() + static_cast<std::ptrdiff_t>(count));
        for (std::size_t i = 0; i < m_positions.size(); ++i)
            m_found[i] = m_taken[m_offsets[i]];
    }

    std::vector<std::int64_t> m_positions; ///< ascending
    std::vector<float> m_found;
    float m_low = 0.0F;
    float m_scale = 0.0F; ///< buckets in a unit
    std::vector<std::int32_t> m_buckets; ///< of each entry
    std::vector<std::size_t> m_offsets; ///< of each position in m_taken
    std::vector<float> m_taken;
};

at::Tensor bySelection(const at::Tensor& rows, const std::vector<Rank>& ranks)
{
    const std::vector<std::int64_t> positions = positionsOf(ranks);
    const std::int64_t count = rows.size(1);
    const std::int64_t stride = rows.stride(0);
    const at::Tensor result = at::empty({rows.size(0), static_cast<std::int64_t>(ranks.size())}, rows.options());
    const float* const in = rows.data_ptr<float>();
    float* const out = result.data_ptr<float>();
    const auto body = [&](std::size_t begin, std::size_t end) {
        std::vector<float> row(static_cast<std::size_t>(count));
        Selection selection(positions);
        for (std::size_t n = begin; n < end; ++n) {
            std::copy_n(in + static_cast<std::int64_t>(n) * stride, count, row.begin());
            selection.find(row);
            for (std::size_t i = 0; i < ranks.size(); ++i)
                out[n * ranks.size() + i] = ranks[i].weight == 0.0F
                    ? selection.at(ranks[i].lower)
                    : interpolate(selection.at(ranks[i].lower), selection.at(ranks[i].upper), ranks[i].weight);
        }
    };
    constexpr std::size_t kGrain = 4;
    parallelFor(static_cast<std::size_t>(rows.size(0)), kGrain, at::get_num_threads(), body);
    return result;
}

at::Tensor bySorting(const at::Tensor& rows, const std::vector<Rank>& ranks)
{
    const at::Tensor sorted = std::get<0>(rows.sort(1));
    std::vector<at::Tensor> columns;
    for (const Rank& rank : ranks)
        columns.push_back(sorted.select(1, rank.lower).lerp(sorted.select(1, rank.upper), rank.weight));
    return at::stack(columns, 1);
}

/// Can be worked on as floats in memory.
bool areFloatsInMemory(const at::Tensor& rows)
{
    const bool differentiable = at::GradMode::is_enabled() && rows.requires_grad();
    return rows.is_cpu() && rows.scalar_type() == at::kFloat && (rows.size(1) == 1 || rows.stride(1) == 1)
        && !differentiable;
}

/// In eight sums, which the compiler keeps in vectors.
template <typename Of>
double sumOf(const float* values, std::int64_t count, Of of)
{
    constexpr std::int64_t kSums = 8;
    std::array<double, kSums> sums {};
    std::int64_t i = 0;
    for (; i + kSums <= count; i += kSums)
        for (std::int64_t lane = 0; lane < kSums; ++lane)
            sums[static_cast<std::size_t>(lane)] += of(static_cast<double>(values[i + lane]));
    for (; i < count; ++i)
        sums[0] += of(static_cast<double>(values[i]));
    return std::accumulate(sums.begin(), sums.end(), 0.0);
}

} // namespace

at::Tensor rowMoments(const at::Tensor& rows)
{
    if (!areFloatsInMemory(rows)) {
        const at::Tensor variance = rows.size(1) > 1 ? rows.var(1, true) : at::zeros({rows.size(0)}, rows.options());
        return at::stack({rows.mean(1), variance}, 1);
    }
    const at::Tensor result = at::empty({rows.size(0), 2}, rows.options());
    const std::int64_t count = rows.size(1);
    for (std::int64_t n = 0; n < rows.size(0); ++n) {
        const float* const row = rows.data_ptr<float>() + n * rows.stride(0);
        const double mean = sumOf(row, count, [](double value) { return value; }) / static_cast<double>(count);
        const double squares = sumOf(row, count, [mean](double value) { return (value - mean) * (value - mean); });
        result.data_ptr<float>()[2 * n] = static_cast<float>(mean);
        result.data_ptr<float>()[2 * n + 1]
            = static_cast<float>(count > 1 ? squares / static_cast<double>(count - 1) : 0.0);
    }
    return result;
}

at::Tensor rowQuantiles(const at::Tensor& rows, const std::vector<float>& probabilities)
{
    const std::vector<Rank> ranks = ranksOf(probabilities, rows.size(1));
    return areFloatsInMemory(rows) ? bySelection(rows, ranks) : bySorting(rows, ranks);
}

} // namespace rnnscope::nn
