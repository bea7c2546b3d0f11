#include "core/nn/core_cell.h"

#include <cmath>
#include <tuple>

namespace rnnscope::nn {

CoreCell::CoreCell(zoo::Cell kind, std::int64_t size)
    : m_kind(kind)
    , m_size(size)
{
    const std::int64_t rows = (kind == zoo::Cell::Lstm ? 4 : 3) * size;
    const double bound = 1.0 / std::sqrt(static_cast<double>(size));
    const auto cell = register_module("cell", std::make_shared<torch::nn::Module>());
    const auto add = [&](const char* name, at::IntArrayRef shape) {
        return cell->register_parameter(name, at::empty(shape, at::TensorOptions(at::kFloat)).uniform_(-bound, bound));
    };
    m_weightInput = add("weight_ih", {rows, size});
    m_weightHidden = add("weight_hh", {rows, size});
    m_biasInput = add("bias_ih", {rows});
    m_biasHidden = add("bias_hh", {rows});
}

torch::Tensor CoreCell::step(const torch::Tensor& input, CoreState& state) const
{
    if (m_kind == zoo::Cell::Lstm)
        std::tie(state.hidden, state.cell) = at::lstm_cell(input, {state.hidden, state.cell}, m_weightInput,
                                                           m_weightHidden, m_biasInput, m_biasHidden);
    else
        state.hidden = at::gru_cell(input, state.hidden, m_weightInput, m_weightHidden, m_biasInput, m_biasHidden);
    return state.hidden;
}

void CoreCell::openGates()
{
    const at::NoGradGuard frozen;
    if (m_kind == zoo::Cell::Lstm) {
        m_biasInput.narrow(0, m_size, m_size).fill_(1.0);
    } else {
        m_biasInput.narrow(0, 0, m_size).fill_(-1.0);
        m_biasHidden.narrow(0, 0, m_size).fill_(-1.0);
    }
}

} // namespace rnnscope::nn
