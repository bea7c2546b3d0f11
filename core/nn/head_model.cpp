#include "core/nn/head_model.h"

#include "core/prediction/spread.h"

#include <ATen/ATen.h>
#include <torch/nn/functional/loss.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <set>
#include <vector>

namespace rnnscope::nn {

namespace {

constexpr std::size_t kMostClasses = 64;

/// Ascending; at most one more than a head can tell apart.
std::vector<double> distinct(const zoo::Property& property, std::size_t column, std::span<const std::size_t> rows)
{
    std::set<double> values;
    for (const std::size_t row : rows)
        if (isKnown(property, row) && values.size() <= kMostClasses)
            values.insert(property.value(row, column));
    return {values.begin(), values.end()};
}

bool isQuantity(const std::vector<double>& classes, zoo::PropertyKind kind)
{
    if (classes.size() > kMostClasses)
        return true;
    return kind == zoo::PropertyKind::Integer && !classes.empty()
        && classes.back() - classes.front() > static_cast<double>(kMostClasses);
}

void describeReal(zoo::Head& head, const zoo::Property& property, std::span<const std::size_t> training)
{
    constexpr double kLeastVariance = 1e-24;
    for (std::size_t k = 0; k < property.columns; ++k) {
        double sum = 0.0;
        double count = 0.0;
        for (const std::size_t row : training)
            if (isKnown(property, row)) {
                sum += property.value(row, k);
                count += 1.0;
            }
        const double mean = count > 0.0 ? sum / count : 0.0;
        double squares = 0.0;
        for (const std::size_t row : training)
            if (isKnown(property, row))
                squares += (property.value(row, k) - mean) * (property.value(row, k) - mean);
        const double variance = count > 0.0 ? squares / count : 0.0;
        head.mean.push_back(mean);
        head.scale.push_back(variance > kLeastVariance ? std::sqrt(variance) : 1.0);
    }
}

float targetOf(const zoo::Head& head, double value, std::size_t column)
{
    if (!head.classes.empty()) {
        const auto& classes = head.classes[column];
        const auto found = std::lower_bound(classes.begin(), classes.end(), value);
        return found != classes.end() && *found == value ? static_cast<float>(found - classes.begin())
                                                         : std::numeric_limits<float>::quiet_NaN();
    }
    if (head.kind == zoo::PropertyKind::Circular)
        return static_cast<float>(value / head.period * 2.0 * std::numbers::pi);
    return static_cast<float>((value - head.mean[column]) / head.scale[column]);
}

/// All [n, K] -> [n].
at::Tensor realLosses(const at::Tensor& outputs, const at::Tensor& targets)
{
    const std::int64_t columns = targets.size(1);
    const at::Tensor spread
        = outputs.narrow(1, columns, columns).clamp(prediction::kLeastLogSpread, prediction::kLargestLogSpread);
    const at::Tensor error = (targets - outputs.narrow(1, 0, columns)).abs();
    return (error * (-spread).exp() + spread).mean(1);
}

at::Tensor circularLosses(const at::Tensor& outputs, const at::Tensor& targets)
{
    const at::Tensor pairs = outputs.view({outputs.size(0), -1, 2});
    return ((pairs.select(2, 0) - targets.sin()).square() + (pairs.select(2, 1) - targets.cos()).square()).mean(1);
}

at::Tensor classLosses(const zoo::Head& head, const at::Tensor& outputs, const at::Tensor& targets)
{
    namespace functional = torch::nn::functional;
    const at::Tensor indices = targets.to(at::kLong);
    at::Tensor sum;
    std::int64_t first = 0;
    for (std::size_t k = 0; k < head.classes.size(); ++k) {
        const auto size = static_cast<std::int64_t>(head.classes[k].size());
        const at::Tensor loss
            = functional::cross_entropy(outputs.narrow(1, first, size), indices.select(1, static_cast<std::int64_t>(k)),
                                        functional::CrossEntropyFuncOptions().reduction(torch::kNone));
        sum = sum.defined() ? sum + loss : loss;
        first += size;
    }
    return sum / static_cast<double>(head.classes.size());
}

} // namespace

bool isKnown(const zoo::Property& property, std::size_t row)
{
    for (std::size_t k = 0; k < property.columns; ++k)
        if (!std::isfinite(property.value(row, k)))
            return false;
    return true;
}

zoo::Head describeHead(const zoo::Property& property, std::span<const std::size_t> training)
{
    zoo::Head head;
    head.property = property.name;
    head.kind = property.kind;
    head.unit = property.unit;
    head.period = property.period;
    head.labels = property.labels;
    if (head.kind == zoo::PropertyKind::Integer || head.kind == zoo::PropertyKind::Categorical)
        for (std::size_t k = 0; k < property.columns; ++k)
            head.classes.push_back(distinct(property, k, training));
    if (std::any_of(head.classes.begin(), head.classes.end(),
                    [&](const auto& classes) { return isQuantity(classes, property.kind); })) {
        head.kind = zoo::PropertyKind::Real;
        head.classes.clear();
        head.labels.clear();
    }
    if (head.kind == zoo::PropertyKind::Real)
        describeReal(head, property, training);
    return head;
}

std::int64_t headOutputs(const zoo::Head& head, std::size_t columns)
{
    if (head.classes.empty()) // (value, log spread) or (sin, cos)
        return static_cast<std::int64_t>(2 * columns);
    std::int64_t sum = 0;
    for (const auto& classes : head.classes)
        sum += static_cast<std::int64_t>(classes.size());
    return sum;
}

at::Tensor headTargets(const zoo::Head& head, const zoo::Property& property, std::span<const std::size_t> rows)
{
    const auto n = static_cast<std::int64_t>(rows.size());
    at::Tensor targets = at::full({n, static_cast<std::int64_t>(property.columns)},
                                  std::numeric_limits<double>::quiet_NaN(), at::kFloat);
    float* out = targets.data_ptr<float>();
    for (const std::size_t row : rows) {
        for (std::size_t k = 0; isKnown(property, row) && k < property.columns; ++k)
            out[k] = targetOf(head, property.value(row, k), k);
        out += property.columns;
    }
    return targets;
}

at::Tensor headLosses(const zoo::Head& head, const at::Tensor& outputs, const at::Tensor& targets)
{
    const at::Tensor known = targets.isfinite().all(1);
    const at::Tensor filled = targets.masked_fill(known.logical_not().unsqueeze(1), 0.0); // NaN would spoil gradients
    const at::Tensor losses = !head.classes.empty() ? classLosses(head, outputs, filled)
        : head.kind == zoo::PropertyKind::Circular  ? circularLosses(outputs, filled)
                                                    : realLosses(outputs, filled);
    return losses * known.to(losses.scalar_type());
}

std::shared_ptr<Mlp> makeHeadModule(const zoo::Head& head, std::size_t columns, int embeddingSize)
{
    return std::make_shared<Mlp>(
        MlpOptions {.in = embeddingSize, .hidden = {kHeadHidden}, .out = headOutputs(head, columns)});
}

} // namespace rnnscope::nn
