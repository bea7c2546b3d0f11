#include "core/nn/quantile.h"

#include "core/base/threads.h"

#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/stack.h>

#include <algorithm>
#include <cmath>
#include <limits>
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

void quantilesOf(std::vector<float>& row, const std::vector<std::int64_t>& positions, const std::vector<Rank>& ranks,
                 float* out)
{
    if (std::any_of(row.begin(), row.end(), [](float value) { return std::isnan(value); })) {
        std::fill_n(out, ranks.size(), std::numeric_limits<float>::quiet_NaN()); // nth_element needs an order
        return;
    }
    select(positions, row.data(), 0, static_cast<std::int64_t>(row.size()));
    for (std::size_t i = 0; i < ranks.size(); ++i)
        out[i] = interpolate(row[static_cast<std::size_t>(ranks[i].lower)],
                             row[static_cast<std::size_t>(ranks[i].upper)], ranks[i].weight);
}

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
        for (std::size_t n = begin; n < end; ++n) {
            std::copy_n(in + static_cast<std::int64_t>(n) * stride, count, row.begin());
            quantilesOf(row, positions, ranks, out + n * ranks.size());
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

} // namespace

at::Tensor rowQuantiles(const at::Tensor& rows, const std::vector<float>& probabilities)
{
    const std::vector<Rank> ranks = ranksOf(probabilities, rows.size(1));
    const bool differentiable = at::GradMode::is_enabled() && rows.requires_grad();
    const bool plain = rows.is_cpu() && rows.scalar_type() == at::kFloat && (rows.size(1) == 1 || rows.stride(1) == 1);
    return plain && !differentiable ? bySelection(rows, ranks) : bySorting(rows, ranks);
}

} // namespace rnnscope::nn
