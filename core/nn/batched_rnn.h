#pragma once

#include "core/zoo/architecture.h"

#include <ATen/core/Tensor.h>

#include <vector>

namespace rnnscope::nn {

/// Hidden state of N networks with Q sequences each; zero at the start.
struct RnnState
{
    std::vector<at::Tensor> hidden; ///< per layer [N, Q, H]
    std::vector<at::Tensor> cell; ///< per layer [N, Q, H]; LSTM only
};

/// N networks of one architecture, each with its own weights, evaluated at once. Differentiable in the weights and
/// the inputs. PyTorch's equations and gate orders.
class BatchedRnn
{
public:
    /// `parameters` [N, P]
    BatchedRnn(const zoo::Architecture& architecture, const at::Tensor& parameters);

    RnnState zeroState(std::int64_t sequences) const;
    /// One step: `input` [N, Q, I] -> logits [N, Q, O]; advances `state`.
    at::Tensor step(const at::Tensor& input, RnnState& state) const;
    /// Whole sequences: `inputs` [N, Q, T, I] -> logits [N, Q, T, O]; advances `state`.
    at::Tensor forward(const at::Tensor& inputs, RnnState& state) const;

private:
    zoo::Architecture m_architecture;
    std::int64_t m_networks = 0;
    std::vector<at::Tensor>
        m_tensors; ///< in the order of Architecture::tensors(), each [N, columns, rows] or [N, 1, rows]
};

} // namespace rnnscope::nn
