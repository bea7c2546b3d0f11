#include "core/nn/objective.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/isfinite.h>

#include <fmt/format.h>

namespace rnnscope::nn {

Objective::Objective(std::vector<TrainedPart> parts)
    : m_parts(std::move(parts))
{
}

Objective::~Objective() = default;

std::string Objective::badPart() const
{
    for (const TrainedPart& part : m_parts)
        for (const auto& item : part.module->named_parameters())
            if (!at::isfinite(item.value()).all().item<bool>())
                return fmt::format("the {}'s weights are not finite ({})", part.name, item.key());
    return {};
}

std::int64_t firstBadRow(const at::Tensor& values)
{
    const at::Tensor good = at::isfinite(values.detach()).flatten(1).all(1).to(at::kCPU);
    for (std::int64_t row = 0; row < good.size(0); ++row)
        if (!good[row].item<bool>())
            return row;
    return -1;
}

} // namespace rnnscope::nn
