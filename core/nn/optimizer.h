#pragma once

#include "core/base/result.h"
#include "core/nn/objective.h"
#include "core/zoo/checkpoint.h"

#include <span>
#include <string>
#include <vector>

namespace rnnscope::nn {

/// AdamW with decoupled weight decay: Loshchilov and Hutter 2019, betas 0.9 and 0.999, epsilon 1e-8, as
/// torch.optim.AdamW computes it, with moments that can be saved. Parameters without a gradient stay as they are, not
/// even decayed (reference README 1).
class Optimizer
{
public:
    Optimizer(const std::vector<TrainedPart>& parts, double weightDecay);

    /// Every parameter of every part, for whoever computes gradients.
    std::vector<at::Tensor> parameters() const;
    /// Euclidean norm of the gradient of each part.
    std::vector<double> gradientNorms() const;
    /// One step; the gradients of part i count `scales[i]` times. Gradients are read only: two parameters may share
    /// one.
    void step(double learningRate, std::span<const double> scales);
    std::size_t steps() const { return m_steps; }

    /// "<part>/<tensor>/first" and "…/second" of every parameter that has had a gradient.
    zoo::State moments() const;
    /// ShapeMismatch naming the first tensor that is unknown, has another shape or only one of its moments.
    Result<void> restore(const zoo::State& moments, std::size_t steps);

    /// Parameters and moments, to undo steps in memory.
    struct Saved
    {
        std::vector<at::Tensor> tensors;
        std::size_t steps = 0;
    };
    Saved save() const;
    void undo(const Saved& saved);

private:
    struct Slot
    {
        std::string name; ///< "<part>/<tensor>"
        std::size_t part = 0;
        at::Tensor parameter;
        at::Tensor first; ///< undefined until there is a gradient
        at::Tensor second;
    };

    void update(Slot& slot, double learningRate, double scale) const;

    double m_weightDecay;
    std::size_t m_parts;
    std::size_t m_steps = 0;
    std::vector<Slot> m_slots;
};

} // namespace rnnscope::nn
