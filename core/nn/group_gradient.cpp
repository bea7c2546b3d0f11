#include "core/nn/group_gradient.h"

#include "core/nn/layer_pass.h"
#include "core/nn/parameter_views.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/baddbmm.h>
#include <ATen/ops/bmm.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/sum.h>

#include <vector>

namespace rnnscope::nn {

namespace {

struct Views
{
    std::vector<LayerPass::Tensors> layers;
    at::Tensor weight; ///< [G, O, H]
    at::Tensor bias; ///< [G, O, 1]
};

Views viewsOf(const zoo::Architecture& architecture, const at::Tensor& flat)
{
    const std::vector<zoo::ParameterTensor> tensors = architecture.tensors();
    std::size_t next = 0;
    const auto take = [&] { return viewOf(flat, tensors[next++]); };
    Views views;
    for (int layer = 0; layer < architecture.numLayers; ++layer) {
        LayerPass::Tensors& ofLayer = views.layers.emplace_back();
        ofLayer.inputWeight = take();
        ofLayer.hiddenWeight = take();
        if (!architecture.bias)
            continue;
        ofLayer.inputBias = take();
        ofLayer.hiddenBias = take();
    }
    views.weight = take();
    views.bias = take();
    return views;
}

/// [G, T, D] -> [G, T, D, I]; unlike at::one_hot it does not look at the values.
at::Tensor oneHot(const at::Tensor& tokens, int size)
{
    return (tokens.unsqueeze(3) == at::arange(size, tokens.options())).to(tokens.scalar_type());
}

/// [G, T, D, H] of the last layer -> its gradient; fills those of the read-out.
at::Tensor readOutGradient(const Views& parameters, const Views& gradients, const at::Tensor& hidden,
                           const at::Tensor& targets)
{
    const at::Tensor rows = hidden.flatten(1, 2);
    const at::Tensor wanted = targets.flatten(1, 2);
    const at::Tensor logits = at::baddbmm(parameters.bias.transpose(1, 2), rows, parameters.weight.transpose(1, 2));
    const at::Tensor ofLogits = logits.softmax(2).mul_(wanted.sum(2, true)).sub_(wanted);
    at::Tensor weight = gradients.weight;
    at::bmm_out(weight, ofLogits.transpose(1, 2), rows);
    gradients.bias.squeeze(2).copy_(ofLogits.sum(1));
    return at::bmm(ofLogits, parameters.weight).unflatten(1, {hidden.size(1), hidden.size(2)});
}

} // namespace

GroupBatch GroupBatch::narrow(std::int64_t first, std::int64_t count) const
{
    const auto part = [&](const at::Tensor& all) { return all.defined() ? all.narrow(0, first, count) : all; };
    return {part(tokens), part(features), part(targets)};
}

void groupGradient(const zoo::Architecture& architecture, const at::Tensor& parameters, const GroupBatch& batch,
                   const at::Tensor& gradient)
{
    const at::NoGradGuard untracked;
    const Views weights = viewsOf(architecture, parameters);
    const Views gradients = viewsOf(architecture, gradient);
    at::Tensor x = batch.tokens.defined() ? oneHot(batch.tokens, architecture.inputSize) : batch.features;
    std::vector<LayerPass> layers;
    for (const LayerPass::Tensors& ofLayer : weights.layers)
        x = layers.emplace_back(architecture.cell, ofLayer).forward(x);
    at::Tensor hiddenGradient = readOutGradient(weights, gradients, x, batch.targets);
    for (std::size_t layer = layers.size(); layer-- > 0;) {
        layers[layer].backward(hiddenGradient, gradients.layers[layer]);
        if (layer > 0)
            hiddenGradient = layers[layer].inputGradient();
        layers.pop_back(); // its memory is the next one's
    }
}

} // namespace rnnscope::nn
