#include "core/nn/losses.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cosine_similarity.h>
#include <ATen/ops/log_softmax.h>

#include <array>
#include <string>
#include <utility>

namespace rnnscope::nn {

namespace {

constexpr std::array<std::pair<Criterion, std::string_view>, 7> kNames {{
    {Criterion::TotalVariation, "total_variation"},
    {Criterion::Kl, "kl"},
    {Criterion::KlReverse, "kl_reverse"},
    {Criterion::JsDiv, "js_div"},
    {Criterion::CrossEntropy, "ce"},
    {Criterion::Cosine, "cosine"},
    {Criterion::L2, "l2"},
}};

/// p (ln p - ln q), averaged over tokens and time. -> [B]
at::Tensor divergence(const at::Tensor& logP, const at::Tensor& logQ)
{
    return (logP.exp() * (logP - logQ)).mean({1, 2});
}

at::Tensor crossEntropy(const at::Tensor& logQ, const at::Tensor& original, const at::Tensor& nextTokens)
{
    const at::Tensor targets = nextTokens.defined() ? nextTokens : original.argmax(-1);
    return -logQ.gather(-1, targets.unsqueeze(-1)).squeeze(-1).mean(1);
}

} // namespace

Result<Criterion> criterionFromName(std::string_view name)
{
    std::string known;
    for (const auto& [criterion, text] : kNames) {
        if (text == name)
            return criterion;
        known += (known.empty() ? "" : ", ") + std::string(text);
    }
    return fail(Errc::BadFormat, fmt::format("unknown criterion '{}', expected one of {}", name, known));
}

at::Tensor losses(Criterion criterion, const at::Tensor& emulated, const at::Tensor& original,
                  const at::Tensor& nextTokens)
{
    const at::Tensor logP = at::log_softmax(original, -1);
    const at::Tensor logQ = at::log_softmax(emulated, -1);
    switch (criterion) {
    case Criterion::TotalVariation:
        return (logP.exp() - logQ.exp()).abs().sum(-1).mean(1) * 0.5;
    case Criterion::Kl:
        return divergence(logP, logQ);
    case Criterion::KlReverse:
        return divergence(logQ, logP);
    case Criterion::JsDiv: // the authors' name; it is not Jensen-Shannon's
        return (divergence(logP, logQ) + divergence(logQ, logP)) * 0.5;
    case Criterion::CrossEntropy:
        return crossEntropy(logQ, original, nextTokens);
    case Criterion::Cosine:
        return (1.0 - at::cosine_similarity(logQ, logP, -1)).mean(1);
    case Criterion::L2:
        return (logP - logQ).square().mean({1, 2});
    }
    return {};
}

} // namespace rnnscope::nn
