#include "core/nn/layer_pass.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/addcmul.h>
#include <ATen/ops/baddbmm.h>
#include <ATen/ops/bmm.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/mul.h>
#include <ATen/ops/sum.h>
#include <ATen/ops/tanh.h>
#include <ATen/ops/zeros_like.h>

#include <utility>

namespace rnnscope::nn {

namespace {

at::Tensor atStep(const at::Tensor& ofSteps, std::int64_t t)
{
    return ofSteps.select(1, t);
}

/// All steps of all sequences below each other: [G, T, D, n] -> [G, T D, n].
at::Tensor rows(const at::Tensor& ofSteps)
{
    return ofSteps.flatten(1, 2);
}

/// `x` [G, T, D, in] times the transpose of `weight` [G, out, in], plus `bias` [G, out, 1] where it is defined.
at::Tensor affine(const at::Tensor& bias, const at::Tensor& x, const at::Tensor& weight)
{
    const at::Tensor turned = weight.transpose(1, 2);
    const at::Tensor result
        = bias.defined() ? at::baddbmm(bias.transpose(1, 2), rows(x), turned) : at::bmm(rows(x), turned);
    return result.unflatten(1, {x.size(1), x.size(2)});
}

/// `to` = x - a b
void lessProduct(at::Tensor to, const at::Tensor& x, const at::Tensor& a, const at::Tensor& b)
{
    at::addcmul_out(to, x, a, b, -1);
}

/// `to` = x (1 - y)
void timesOneMinus(const at::Tensor& to, const at::Tensor& x, const at::Tensor& y)
{
    lessProduct(to, x, x, y);
}

} // namespace

LayerPass::LayerPass(zoo::Cell cell, Tensors weights)
    : m_cell(cell)
    , m_weights(std::move(weights))
    , m_size(m_weights.hiddenWeight.size(2))
{
}

at::Tensor LayerPass::part(const at::Tensor& gates, std::int64_t first, std::int64_t count) const
{
    return gates.narrow(-1, first * m_size, count * m_size);
}

const at::Tensor& LayerPass::forward(const at::Tensor& inputs)
{
    m_inputs = inputs;
    m_steps = inputs.size(1);
    at::Tensor bias = m_weights.inputBias;
    if (bias.defined() && m_cell != zoo::Cell::Gru)
        bias = bias + m_weights.hiddenBias;
    m_gates = affine(bias, inputs, m_weights.inputWeight);
    m_hidden = at::empty({inputs.size(0), m_steps, inputs.size(2), m_size}, inputs.options());
    if (m_cell == zoo::Cell::Lstm)
        lstmForward();
    else if (m_cell == zoo::Cell::Gru)
        gruForward();
    else
        plainForward();
    return m_hidden;
}

void LayerPass::lstmForward()
{
    m_state = at::empty_like(m_hidden);
    m_tanhState = at::empty_like(m_hidden);
    const at::Tensor weight = m_weights.hiddenWeight.transpose(1, 2);
    for (std::int64_t t = 0; t < m_steps; ++t) {
        at::Tensor gates = atStep(m_gates, t); // i, f, g, o
        if (t > 0)
            gates.baddbmm_(atStep(m_hidden, t - 1), weight);
        part(gates, 0, 2).sigmoid_();
        part(gates, 2).tanh_();
        part(gates, 3).sigmoid_();
        at::Tensor state = atStep(m_state, t);
        at::mul_out(state, part(gates, 0), part(gates, 2));
        if (t > 0)
            state.addcmul_(part(gates, 1), atStep(m_state, t - 1));
        at::Tensor squashed = atStep(m_tanhState, t);
        at::tanh_out(squashed, state);
        at::Tensor hidden = atStep(m_hidden, t);
        at::mul_out(hidden, part(gates, 3), squashed);
    }
}

void LayerPass::gruForward()
{
    m_hiddenGates = at::zeros_like(m_gates);
    if (m_weights.hiddenBias.defined())
        m_hiddenGates.copy_(m_weights.hiddenBias.transpose(1, 2).unsqueeze(1));
    const at::Tensor weight = m_weights.hiddenWeight.transpose(1, 2);
    for (std::int64_t t = 0; t < m_steps; ++t) {
        const at::Tensor gates = atStep(m_gates, t); // r, z, n
        at::Tensor fromHidden = atStep(m_hiddenGates, t);
        if (t > 0)
            fromHidden.baddbmm_(atStep(m_hidden, t - 1), weight);
        part(gates, 0, 2).add_(part(fromHidden, 0, 2)).sigmoid_();
        part(gates, 2).addcmul_(part(gates, 0), part(fromHidden, 2)).tanh_();
        at::Tensor hidden = atStep(m_hidden, t); // n + z (h - n)
        timesOneMinus(hidden, part(gates, 2), part(gates, 1));
        if (t > 0)
            hidden.addcmul_(part(gates, 1), atStep(m_hidden, t - 1));
    }
}

void LayerPass::plainForward()
{
    const at::Tensor weight = m_weights.hiddenWeight.transpose(1, 2);
    for (std::int64_t t = 0; t < m_steps; ++t) {
        at::Tensor gates = atStep(m_gates, t);
        if (t > 0)
            gates.baddbmm_(atStep(m_hidden, t - 1), weight);
        atStep(m_hidden, t).copy_(m_cell == zoo::Cell::RnnTanh ? gates.tanh_() : gates.relu_());
    }
}

void LayerPass::backward(at::Tensor& hiddenGradient, const Tensors& gradients)
{
    if (m_cell == zoo::Cell::Lstm)
        lstmBackward(hiddenGradient);
    else if (m_cell == zoo::Cell::Gru)
        gruBackward(hiddenGradient);
    else
        plainBackward(hiddenGradient);
    const at::Tensor& ofHidden = m_hiddenGates.defined() ? m_hiddenGates : m_gates;
    at::Tensor inputWeight = gradients.inputWeight;
    at::bmm_out(inputWeight, rows(m_gates).transpose(1, 2), rows(m_inputs));
    at::Tensor hiddenWeight = gradients.hiddenWeight;
    if (m_steps > 1) // the first step's hidden state is zero
        at::bmm_out(hiddenWeight, rows(ofHidden.narrow(1, 1, m_steps - 1)).transpose(1, 2),
                    rows(m_hidden.narrow(1, 0, m_steps - 1)));
    else
        hiddenWeight.zero_();
    if (!gradients.inputBias.defined())
        return;
    gradients.inputBias.squeeze(2).copy_(rows(m_gates).sum(1));
    if (m_hiddenGates.defined())
        gradients.hiddenBias.squeeze(2).copy_(rows(ofHidden).sum(1));
    else
        gradients.hiddenBias.copy_(gradients.inputBias);
}

at::Tensor LayerPass::inputGradient() const
{
    return at::bmm(rows(m_gates), m_weights.inputWeight).unflatten(1, {m_steps, m_inputs.size(2)});
}

void LayerPass::lstmBackward(at::Tensor& hiddenGradient)
{
    const at::Tensor in = part(m_gates, 0), forget = part(m_gates, 1), candidate = part(m_gates, 2),
                     out = part(m_gates, 3);
    // What a step multiplies the gradients of its hidden state and of its cell state with.
    const at::Tensor keep = forget.clone();
    const at::Tensor& toState = m_tanhState;
    lessProduct(toState, out, m_hidden, m_tanhState); // o (1 - tanh^2 c), since h = o tanh c
    timesOneMinus(out, m_hidden, out);
    const at::Tensor added = in * candidate;
    lessProduct(candidate, in, added, candidate);
    timesOneMinus(in, added, in);
    atStep(forget, 0).zero_();
    if (m_steps > 1) {
        const at::Tensor kept = keep.narrow(1, 1, m_steps - 1) * m_state.narrow(1, 0, m_steps - 1);
        timesOneMinus(forget.narrow(1, 1, m_steps - 1), kept, keep.narrow(1, 1, m_steps - 1));
    }
    at::Tensor stateGradient = at::zeros_like(atStep(hiddenGradient, 0));
    for (std::int64_t t = m_steps - 1; t >= 0; --t) {
        at::Tensor hidden = atStep(hiddenGradient, t);
        if (t + 1 < m_steps)
            hidden.baddbmm_(atStep(m_gates, t + 1), m_weights.hiddenWeight);
        stateGradient.addcmul_(hidden, atStep(toState, t));
        const at::Tensor gates = atStep(m_gates, t);
        part(gates, 0, 3).unflatten(2, {3, m_size}).mul_(stateGradient.unsqueeze(2));
        part(gates, 3).mul_(hidden);
        stateGradient.mul_(atStep(keep, t));
    }
}

void LayerPass::gruBackward(at::Tensor& hiddenGradient)
{
    const at::Tensor reset = part(m_gates, 0), update = part(m_gates, 1), candidate = part(m_gates, 2);
    const at::Tensor fromHidden = part(m_hiddenGates, 2); // before it is gated
    const at::Tensor keep = update.clone();
    at::Tensor change = -candidate; // h - n
    if (m_steps > 1)
        change.narrow(1, 1, m_steps - 1).add_(m_hidden.narrow(1, 0, m_steps - 1));
    candidate.square_().neg_().add_(1);
    timesOneMinus(candidate, candidate, keep); // (1 - n^2) (1 - z)
    timesOneMinus(part(m_hiddenGates, 0), fromHidden.mul(candidate).mul_(reset), reset);
    change.mul_(keep);
    timesOneMinus(part(m_hiddenGates, 1), change, keep);
    fromHidden.copy_(candidate).mul_(reset);
    for (std::int64_t t = m_steps - 1; t >= 0; --t) {
        const at::Tensor hidden = atStep(hiddenGradient, t);
        const at::Tensor gates = atStep(m_hiddenGates, t);
        gates.unflatten(2, {3, m_size}).mul_(hidden.unsqueeze(2));
        if (t > 0)
            atStep(hiddenGradient, t - 1).addcmul_(hidden, atStep(keep, t)).baddbmm_(gates, m_weights.hiddenWeight);
    }
    candidate.mul_(hiddenGradient);
    part(m_gates, 0, 2).copy_(part(m_hiddenGates, 0, 2));
}

void LayerPass::plainBackward(at::Tensor& hiddenGradient)
{
    if (m_cell == zoo::Cell::RnnTanh)
        m_gates.square_().neg_().add_(1);
    else
        m_gates.copy_(m_hidden > 0);
    for (std::int64_t t = m_steps - 1; t >= 0; --t) {
        at::Tensor hidden = atStep(hiddenGradient, t);
        if (t + 1 < m_steps)
            hidden.baddbmm_(atStep(m_gates, t + 1), m_weights.hiddenWeight);
        atStep(m_gates, t).mul_(hidden);
    }
}

} // namespace rnnscope::nn
