#pragma once

#include "core/base/result.h"

#include <ATen/core/Tensor.h>

#include <string_view>

namespace rnnscope::nn {

/// How far emulated output distributions are from the original ones. Reference README 21.
enum class Criterion { TotalVariation, Kl, KlReverse, JsDiv, CrossEntropy, Cosine, L2 };

/// "total_variation", "kl", "kl_reverse", "js_div", "ce", "cosine", "l2".
Result<Criterion> criterionFromName(std::string_view name);

/// Per sequence. `emulated` and `original` logits [B, T, O]; `nextTokens` [B, T] for formal languages' cross-entropy,
/// undefined otherwise (targets are then the arg-max of the original logits). -> [B]
at::Tensor losses(Criterion criterion, const at::Tensor& emulated, const at::Tensor& original,
                  const at::Tensor& nextTokens = {});

} // namespace rnnscope::nn
