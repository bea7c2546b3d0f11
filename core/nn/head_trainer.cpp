#include "core/nn/head_trainer.h"

#include "core/nn/module.h"

#include <ATen/ATen.h>
#include <torch/nn/functional/loss.h>
#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/linear.h>
#include <torch/optim/adamw.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>

namespace rnnscope::nn {

namespace {

constexpr std::size_t kMostClasses = 64;
constexpr std::int64_t kHidden = 64;
constexpr int kSteps = 1500;
constexpr int kEvaluateEvery = 25;

bool known(const zoo::Property& property, std::size_t row)
{
    for (std::size_t k = 0; k < property.columns; ++k)
        if (!std::isfinite(property.value(row, k)))
            return false;
    return true;
}

std::vector<double> distinct(const zoo::Property& property, std::size_t column)
{
    std::set<double> values;
    for (std::size_t row = 0; row < property.rows() && values.size() <= kMostClasses; ++row)
        if (std::isfinite(property.value(row, column)))
            values.insert(property.value(row, column));
    return {values.begin(), values.end()};
}

/// A head's shape: what its outputs mean, without weights.
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
            head.classes.push_back(distinct(property, k));
    for (const auto& classes : head.classes)
        if (classes.size() > kMostClasses)
            head.kind = zoo::PropertyKind::Real;
    if (head.kind == zoo::PropertyKind::Real)
        head.classes.clear();
    if (head.kind != zoo::PropertyKind::Real)
        return head;
    for (std::size_t k = 0; k < property.columns; ++k) {
        double sum = 0.0;
        double squares = 0.0;
        for (const std::size_t row : training) {
            sum += property.value(row, k);
            squares += property.value(row, k) * property.value(row, k);
        }
        const double mean = sum / static_cast<double>(training.size());
        const double variance = squares / static_cast<double>(training.size()) - mean * mean;
        head.mean.push_back(mean);
        head.scale.push_back(variance > 1e-12 ? std::sqrt(variance) : 1.0);
    }
    return head;
}

std::int64_t outputs(const zoo::Head& head, std::size_t columns)
{
    if (head.kind == zoo::PropertyKind::Real)
        return static_cast<std::int64_t>(columns);
    if (head.kind == zoo::PropertyKind::Circular)
        return static_cast<std::int64_t>(2 * columns);
    std::int64_t sum = 0;
    for (const auto& classes : head.classes)
        sum += static_cast<std::int64_t>(classes.size());
    return sum;
}

/// [n, K]: standardised values, angles in radians or class indices.
at::Tensor targets(const zoo::Head& head, const zoo::Property& property, std::span<const std::size_t> rows)
{
    const bool classes = !head.classes.empty();
    const auto n = static_cast<std::int64_t>(rows.size());
    const auto columns = static_cast<std::int64_t>(property.columns);
    at::Tensor target = at::empty({n, columns}, at::kDouble);
    double* out = target.data_ptr<double>();
    for (const std::size_t row : rows)
        for (std::size_t k = 0; k < property.columns; ++k) {
            const double value = property.value(row, k);
            if (classes)
                *out++ = static_cast<double>(std::lower_bound(head.classes[k].begin(), head.classes[k].end(), value)
                                             - head.classes[k].begin());
            else if (head.kind == zoo::PropertyKind::Circular)
                *out++ = value / head.period * 2.0 * std::numbers::pi;
            else
                *out++ = (value - head.mean[k]) / head.scale[k];
        }
    return classes ? target.to(at::kLong) : target.to(at::kFloat);
}

at::Tensor headLoss(const zoo::Head& head, const at::Tensor& output, const at::Tensor& target)
{
    if (head.kind == zoo::PropertyKind::Circular) {
        const at::Tensor pairs = output.view({output.size(0), -1, 2});
        return (pairs.select(2, 0) - target.sin()).square().add((pairs.select(2, 1) - target.cos()).square()).mean();
    }
    if (head.classes.empty())
        return torch::nn::functional::smooth_l1_loss(output, target);
    at::Tensor sum = at::zeros({});
    std::int64_t first = 0;
    for (std::size_t k = 0; k < head.classes.size(); ++k) {
        const auto size = static_cast<std::int64_t>(head.classes[k].size());
        sum = sum
            + torch::nn::functional::cross_entropy(output.narrow(1, first, size),
                                                   target.select(1, static_cast<std::int64_t>(k)));
        first += size;
    }
    return sum;
}

at::Tensor take(const Matrix& embedding, std::span<const std::size_t> rows)
{
    const auto n = static_cast<std::int64_t>(rows.size());
    at::Tensor picked = at::empty({n, static_cast<std::int64_t>(embedding.columns)});
    float* out = picked.data_ptr<float>();
    for (const std::size_t row : rows)
        out = std::copy_n(embedding.row(row).data(), embedding.columns, out);
    return picked;
}

std::vector<std::size_t> usableRows(const zoo::Property& property, const Matrix& embedding,
                                    std::span<const zoo::Split> splits, zoo::Split wanted)
{
    std::vector<std::size_t> rows;
    for (std::size_t row = 0; row < splits.size(); ++row)
        if (splits[row] == wanted && known(property, row) && std::isfinite(embedding(row, 0)))
            rows.push_back(row);
    return rows;
}

struct Fold
{
    at::Tensor inputs;
    at::Tensor targets;
};

zoo::State fit(const zoo::Head& head, std::size_t columns, const Fold& training, const Fold& validation)
{
    namespace tnn = torch::nn;
    tnn::Sequential model(tnn::Linear(training.inputs.size(1), kHidden), tnn::ReLU(),
                          tnn::Linear(kHidden, outputs(head, columns)));
    torch::optim::AdamW optimizer(model->parameters(), torch::optim::AdamWOptions(3e-3).weight_decay(0.01));
    double best = std::numeric_limits<double>::infinity();
    zoo::State state;
    for (int step = 0; step <= kSteps; ++step) {
        if (step % kEvaluateEvery == 0) {
            const at::NoGradGuard noGrad;
            const Fold& judge = validation.inputs.size(0) > 0 ? validation : training;
            const double loss = headLoss(head, model->forward(judge.inputs), judge.targets).item<double>();
            if (loss < best || state.empty()) {
                best = loss;
                state = saveState(*model);
            }
        }
        optimizer.zero_grad();
        headLoss(head, model->forward(training.inputs), training.targets).backward();
        optimizer.step();
    }
    return state;
}

} // namespace

std::vector<std::string> learnableProperties(const zoo::Zoo& zoo)
{
    std::vector<std::string> names;
    for (const auto& property : zoo.properties) {
        bool varies = false;
        for (std::size_t k = 0; k < property.columns; ++k)
            varies = varies || distinct(property, k).size() > 1;
        if (property.name != "run" && varies)
            names.push_back(property.name);
    }
    return names;
}

Result<std::vector<zoo::Head>> trainHeads(const zoo::Zoo& zoo, const Matrix& embedding,
                                          std::span<const zoo::Split> splits,
                                          const std::vector<std::string>& properties, Progress& progress,
                                          std::stop_token stop)
{
    std::vector<zoo::Head> heads;
    progress.begin("training heads", properties.size());
    for (const std::string& propertyName : properties) {
        if (stop.stop_requested())
            return cancelled("training heads");
        const zoo::Property* property = zoo.property(propertyName);
        if (property == nullptr)
            return fail(Errc::NotFound,
                        fmt::format("{} has no property '{}' to train a head on", zoo.path.string(), propertyName));
        const auto training = usableRows(*property, embedding, splits, zoo::Split::Training);
        const auto validation = usableRows(*property, embedding, splits, zoo::Split::Validation);
        if (training.size() < 2) {
            progress.note(fmt::format("no head for {}: it is known for {} training networks only", propertyName,
                                      training.size()));
            continue;
        }
        zoo::Head head = describeHead(*property, training);
        head.state = fit(head, property->columns, {take(embedding, training), targets(head, *property, training)},
                         {take(embedding, validation), targets(head, *property, validation)});
        heads.push_back(std::move(head));
        progress.update(heads.size());
    }
    return heads;
}

} // namespace rnnscope::nn
