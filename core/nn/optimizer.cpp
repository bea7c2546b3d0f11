#include "core/nn/optimizer.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros_like.h>

#include <algorithm>
#include <cmath>

namespace rnnscope::nn {

namespace {

constexpr double kBeta1 = 0.9;
constexpr double kBeta2 = 0.999;
constexpr double kAdamEpsilon = 1e-8;
constexpr const char* kFirst = "/first";
constexpr const char* kSecond = "/second";

zoo::Tensor stored(const at::Tensor& tensor)
{
    const at::Tensor values = tensor.to(at::kCPU, at::kFloat).contiguous();
    const float* const first = values.data_ptr<float>();
    return {values.sizes().vec(), std::vector<float>(first, first + values.numel())};
}

at::Tensor loaded(const zoo::Tensor& tensor, const at::Tensor& like)
{
    const at::Tensor values = at::empty(tensor.shape, at::TensorOptions(at::kFloat));
    std::copy(tensor.values.begin(), tensor.values.end(), values.data_ptr<float>());
    return values.to(like.device());
}

at::Tensor copyOf(const at::Tensor& tensor)
{
    return tensor.defined() ? tensor.detach().clone() : tensor;
}

} // namespace

Optimizer::Optimizer(const std::vector<TrainedPart>& parts, double weightDecay)
    : m_weightDecay(weightDecay)
    , m_parts(parts.size())
{
    for (std::size_t part = 0; part < parts.size(); ++part)
        for (const auto& item : parts[part].module->named_parameters())
            m_slots.push_back({parts[part].name + "/" + item.key(), part, item.value(), {}, {}});
}

std::vector<at::Tensor> Optimizer::parameters() const
{
    std::vector<at::Tensor> all;
    for (const Slot& slot : m_slots)
        all.push_back(slot.parameter);
    return all;
}

std::vector<double> Optimizer::gradientNorms() const
{
    std::vector<std::vector<at::Tensor>> norms(m_parts);
    for (const Slot& slot : m_slots)
        if (slot.parameter.grad().defined())
            norms[slot.part].push_back(slot.parameter.grad().norm());
    std::vector<double> totals;
    for (const auto& ofPart : norms) // one number a part comes from the device
        totals.push_back(ofPart.empty() ? 0.0 : at::stack(ofPart).norm().item<double>());
    return totals;
}

void Optimizer::step(double learningRate, std::span<const double> scales)
{
    const at::NoGradGuard untracked;
    ++m_steps;
    for (Slot& slot : m_slots)
        if (slot.parameter.grad().defined())
            update(slot, learningRate, scales[slot.part]);
}

void Optimizer::update(Slot& slot, double learningRate, double scale) const
{
    const at::Tensor& gradient = slot.parameter.grad();
    if (!slot.first.defined()) {
        slot.first = at::zeros_like(slot.parameter);
        slot.second = at::zeros_like(slot.parameter);
    }
    const auto steps = static_cast<double>(m_steps);
    const double rate = learningRate / (1.0 - std::pow(kBeta1, steps));
    const double rootCorrection = std::sqrt(1.0 - std::pow(kBeta2, steps));
    slot.parameter.mul_(1.0 - learningRate * m_weightDecay);
    slot.first.mul_(kBeta1).add_(gradient, (1.0 - kBeta1) * scale);
    slot.second.mul_(kBeta2).addcmul_(gradient, gradient, (1.0 - kBeta2) * scale * scale);
    slot.parameter.addcdiv_(slot.first, slot.second.sqrt().div_(rootCorrection).add_(kAdamEpsilon), -rate);
}

zoo::State Optimizer::moments() const
{
    zoo::State state;
    for (const Slot& slot : m_slots)
        if (slot.first.defined()) {
            state[slot.name + kFirst] = stored(slot.first);
            state[slot.name + kSecond] = stored(slot.second);
        }
    return state;
}

Result<void> Optimizer::restore(const zoo::State& moments, std::size_t steps)
{
    const at::NoGradGuard untracked;
    std::size_t used = 0;
    std::vector<Slot> slots = m_slots;
    for (Slot& slot : slots) {
        for (const auto& [suffix, target] : {std::pair {kFirst, &slot.first}, std::pair {kSecond, &slot.second}}) {
            *target = at::Tensor();
            const auto found = moments.find(slot.name + suffix);
            if (found == moments.end())
                continue;
            ++used;
            if (slot.parameter.sizes() != at::IntArrayRef(found->second.shape)
                || found->second.values.size() != static_cast<std::size_t>(slot.parameter.numel()))
                return fail(Errc::ShapeMismatch,
                            fmt::format("the optimiser's {} has another shape than its tensor", found->first));
            *target = loaded(found->second, slot.parameter);
        }
        if (slot.first.defined() != slot.second.defined())
            return fail(Errc::ShapeMismatch, fmt::format("the optimiser has only one moment of {}", slot.name));
        if (slot.second.defined() && slot.second.min().item<double>() < 0.0)
            return fail(Errc::BadValue, fmt::format("the optimiser's {}{} has negative values", slot.name, kSecond));
    }
    if (used != moments.size())
        return fail(
            Errc::ShapeMismatch,
            fmt::format("the optimiser's state has {} tensors, {} of them belong to this model", moments.size(), used));
    m_slots = std::move(slots);
    m_steps = steps;
    return {};
}

Optimizer::Saved Optimizer::save() const
{
    Saved saved {{}, m_steps};
    for (const Slot& slot : m_slots)
        for (const at::Tensor& tensor : {slot.parameter, slot.first, slot.second})
            saved.tensors.push_back(copyOf(tensor));
    return saved;
}

void Optimizer::undo(const Saved& saved)
{
    const at::NoGradGuard untracked;
    for (std::size_t i = 0; i < m_slots.size(); ++i) {
        m_slots[i].parameter.copy_(saved.tensors[3 * i]);
        m_slots[i].first = copyOf(saved.tensors[3 * i + 1]);
        m_slots[i].second = copyOf(saved.tensors[3 * i + 2]);
    }
    m_steps = saved.steps;
}

} // namespace rnnscope::nn
