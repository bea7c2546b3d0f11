#pragma once

#include "core/nn/mlp.h"
#include "core/zoo/checkpoint.h"
#include "core/zoo/property.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <span>

/// What a head computes and what it is judged by, apart from how it is fitted: on frozen embeddings (head_trainer.h) or
/// together with the encoder.
namespace rnnscope::nn {

/// Width of a head's one hidden layer.
inline constexpr int kHeadHidden = 64;

/// Every column of the row is a finite number.
bool isKnown(const zoo::Property& property, std::size_t row);

/// What the outputs of a head for `property` mean, worked out from its `training` rows, without weights: classes or
/// mean and scale. Rows that are not known do not count. Integers that spread over more than 64 numbers (steps, sizes)
/// are quantities and get a real head: what lies between those that were seen is possible too.
zoo::Head describeHead(const zoo::Property& property, std::span<const std::size_t> training);

/// Numbers a head gives for one network: see zoo::Head. Real ones are values and log spreads, two a column.
std::int64_t headOutputs(const zoo::Head& head, std::size_t columns);

/// [n, K] float32: standardised values, angles in radians, or indices into the classes; NaN where a row is not known or
/// its class was not among those of the training rows.
at::Tensor headTargets(const zoo::Head& head, const zoo::Property& property, std::span<const std::size_t> rows);

/// [n] loss of each network, 0 where its target is NaN; differentiable. `outputs` [n, O], `targets` [n, K] on the same
/// device. Real: negative log-likelihood of a Laplace distribution, so that the value tends to the median and the
/// spread to the mean absolute error; circular: squared distance to (sin, cos), so that the length of the output tends
/// to that of the mean direction; classes: cross-entropy. Means over the columns.
at::Tensor headLosses(const zoo::Head& head, const at::Tensor& outputs, const at::Tensor& targets);

/// Embedding [..., D] -> [..., O], with torch's default initialisation and generator. Its saveState() is zoo::Head's
/// `state`.
std::shared_ptr<Mlp> makeHeadModule(const zoo::Head& head, std::size_t columns, int embeddingSize);

} // namespace rnnscope::nn
