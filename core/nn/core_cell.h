#pragma once

#include "core/zoo/architecture.h"

#include <torch/nn/module.h>

namespace rnnscope::nn {

/// State of one core layer; `cell` is for LSTM only.
struct CoreState
{
    torch::Tensor hidden; ///< [N, H]
    torch::Tensor cell; ///< [N, H]
};

/// One layer of a probing encoder's core: an LSTM or GRU cell, whose tensors stand under "cell".
class CoreCell : public torch::nn::Module
{
public:
    CoreCell(zoo::Cell kind, std::int64_t size);
    /// `input` [N, H] -> the new hidden state [N, H]
    torch::Tensor step(const torch::Tensor& input, CoreState& state) const;
    /// LSTM: forget gate's input bias 1. GRU: both reset biases -1. Reference README 12.
    void openGates();

private:
    zoo::Cell m_kind;
    std::int64_t m_size;
    torch::Tensor m_weightInput;
    torch::Tensor m_weightHidden;
    torch::Tensor m_biasInput;
    torch::Tensor m_biasHidden;
};

} // namespace rnnscope::nn
