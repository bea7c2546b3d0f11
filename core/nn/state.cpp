#include "core/nn/module.h"

#include <algorithm>
#include <fmt/ranges.h>
#include <set>

namespace rnnscope::nn {

namespace {

/// Parameters and buffers by name.
std::map<std::string, torch::Tensor> tensorsOf(const torch::nn::Module& module)
{
    std::map<std::string, torch::Tensor> tensors;
    for (const auto& item : module.named_parameters())
        tensors.emplace(item.key(), item.value());
    for (const auto& item : module.named_buffers())
        tensors.emplace(item.key(), item.value());
    return tensors;
}

std::string shapeText(at::IntArrayRef shape)
{
    return fmt::format("[{}]", fmt::join(shape.begin(), shape.end(), ", "));
}

Result<void> checkTensor(const std::string& name, const torch::Tensor& wanted, const zoo::State& state)
{
    const auto found = state.find(name);
    if (found == state.end())
        return fail(Errc::ShapeMismatch, fmt::format("tensor {} {} is missing", name, shapeText(wanted.sizes())));
    const zoo::Tensor& tensor = found->second;
    if (wanted.sizes() != at::IntArrayRef(tensor.shape))
        return fail(Errc::ShapeMismatch,
                    fmt::format("tensor {} has shape {}, expected {}", name, shapeText(tensor.shape),
                                shapeText(wanted.sizes())));
    if (tensor.values.size() != static_cast<std::size_t>(wanted.numel()))
        return fail(Errc::ShapeMismatch,
                    fmt::format("tensor {} holds {} numbers, its shape {} asks for {}", name, tensor.values.size(),
                                shapeText(tensor.shape), wanted.numel()));
    return {};
}

} // namespace

Result<void> loadState(torch::nn::Module& module, const zoo::State& state)
{
    auto tensors = tensorsOf(module);
    for (const auto& [name, wanted] : tensors)
        if (auto checked = checkTensor(name, wanted, state); !checked)
            return checked;
    for (const auto& [name, tensor] : state)
        if (!tensors.contains(name))
            return fail(Errc::ShapeMismatch,
                        fmt::format("tensor {} {} is unknown to this network", name, shapeText(tensor.shape)));
    const at::NoGradGuard frozen;
    for (auto& [name, target] : tensors) {
        const zoo::Tensor& source = state.at(name);
        const at::Tensor values = at::empty(source.shape, at::TensorOptions(at::kFloat));
        std::copy(source.values.begin(), source.values.end(), values.data_ptr<float>());
        target.copy_(values);
    }
    return {};
}

zoo::State saveState(const torch::nn::Module& module)
{
    const at::NoGradGuard frozen;
    zoo::State state;
    for (const auto& [name, tensor] : tensorsOf(module)) {
        const at::Tensor values = tensor.detach().to(at::kCPU, at::kFloat).contiguous();
        const float* const first = values.data_ptr<float>();
        state[name] = {values.sizes().vec(), std::vector<float>(first, first + values.numel())};
    }
    return state;
}

} // namespace rnnscope::nn
