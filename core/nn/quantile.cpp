#include "core/nn/quantile.h"

#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/stack.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

namespace rnnscope::nn {

namespace {

struct Rank
{
    std::int64_t lower;
    std::int64_t upper;
    float weight; ///< of upper
};

Rank rankOf(float probability, std::int64_t count)
{
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

/// `order` lists the ranks from low to high: each selection goes on where the one before it stopped.
void selectRow(std::vector<float>& row, const std::vector<Rank>& ranks, const std::vector<std::size_t>& order,
               float* out)
{
    auto done = row.begin();
    for (const std::size_t i : order) {
        const auto lower = row.begin() + ranks[i].lower;
        if (lower >= done) {
            std::nth_element(done, lower, row.end());
            done = lower;
        }
        const float upper = ranks[i].upper == ranks[i].lower || ranks[i].weight == 0.0F
            ? *lower
            : *std::min_element(lower + 1, row.end());
        out[i] = interpolate(*lower, upper, ranks[i].weight);
    }
}

at::Tensor bySelection(const at::Tensor& rows, const std::vector<Rank>& ranks)
{
    std::vector<std::size_t> order(ranks.size());
    std::iota(order.begin(), order.end(), std::size_t {0});
    std::sort(order.begin(), order.end(), [&](auto a, auto b) { return ranks[a].lower < ranks[b].lower; });
    const std::int64_t count = rows.size(1);
    const std::int64_t stride = rows.stride(0);
    const at::Tensor result = at::empty({rows.size(0), static_cast<std::int64_t>(ranks.size())}, rows.options());
    const float* const in = rows.data_ptr<float>();
    float* const out = result.data_ptr<float>();
    at::parallel_for(0, rows.size(0), 1, [&](std::int64_t begin, std::int64_t end) {
        std::vector<float> row(static_cast<std::size_t>(count));
        for (std::int64_t n = begin; n < end; ++n) {
            std::copy_n(in + n * stride, count, row.begin());
            selectRow(row, ranks, order, out + n * static_cast<std::int64_t>(ranks.size()));
        }
    });
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
