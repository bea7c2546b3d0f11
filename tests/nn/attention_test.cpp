#include "core/nn/attention.h"
#include "core/nn/dropout.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <gtest/gtest.h>

namespace {

using namespace rnnscope;

constexpr std::int64_t kHeads = 3;
constexpr std::uint64_t kSeed = 5;

struct Gradients
{
    at::Tensor out, q, k, v;
};

at::Tensor random(at::IntArrayRef shape, std::uint64_t seed)
{
    at::manual_seed(seed);
    return at::randn(shape);
}

/// Of a weighted sum of the results.
template <typename Attention>
Gradients gradients(const Attention& attend, const at::Tensor& q, const at::Tensor& k, const at::Tensor& v)
{
    const auto leaf = [](const at::Tensor& x) { return x.clone().requires_grad_(true); };
    const at::Tensor queries = leaf(q), keys = leaf(k), values = leaf(v);
    const at::Tensor out = attend(queries, keys, values);
    (out * random(out.sizes(), 9).to(out.scalar_type())).sum().backward();
    return {out.detach(), queries.grad(), keys.grad(), values.grad()};
}

at::Tensor fused(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, double probability)
{
    const nn::DropoutScope scope(kSeed, at::kCPU);
    return nn::attention(q, k, v, probability);
}

void expectClose(const at::Tensor& ours, const at::Tensor& exact, const char* what)
{
    const double largest = exact.abs().max().item<double>();
    EXPECT_LE((ours.to(at::kDouble) - exact).abs().max().item<double>(), 1e-5 * largest) << what;
}

class Attention : public testing::TestWithParam<std::pair<std::int64_t, std::int64_t>>
{
};

TEST_P(Attention, IsThatOfPlainProductsInDouble)
{
    const auto [queries, tokens] = GetParam();
    constexpr std::int64_t kSize = 5;
    const at::Tensor q = random({kHeads, queries, kSize}, 1);
    const at::Tensor k = random({kHeads, tokens, kSize}, 2);
    const at::Tensor v = random({kHeads, tokens, kSize}, 3);
    for (const double probability : {0.0, 0.3}) {
        // With the identity for values the results are the weights, so they tell which were dropped.
        const at::Tensor identity = at::eye(tokens).expand({kHeads, tokens, tokens}).contiguous();
        const at::Tensor wideQ = at::zeros({kHeads, queries, tokens});
        const at::Tensor kept = fused(wideQ, at::zeros({kHeads, tokens, tokens}), identity, probability) * tokens;
        const double most = queries * tokens > 1000 ? 0.05 : 1.0;
        EXPECT_NEAR(kept.mean().item<double>(), 1.0, most);
        const auto plain = [&](const at::Tensor& a, const at::Tensor& b, const at::Tensor& c) {
            return at::bmm(at::bmm(a, b.transpose(1, 2)).softmax(-1) * kept.to(at::kDouble), c);
        };
        const Gradients exact = gradients(plain, q.to(at::kDouble), k.to(at::kDouble), v.to(at::kDouble));
        const Gradients ours = gradients(
            [&](const at::Tensor& a, const at::Tensor& b, const at::Tensor& c) { return fused(a, b, c, probability); },
            q, k, v);
        expectClose(ours.out, exact.out, "result");
        expectClose(ours.q, exact.q, "queries");
        expectClose(ours.k, exact.k, "keys");
        expectClose(ours.v, exact.v, "values");
    }
}

INSTANTIATE_TEST_SUITE_P(Sizes, Attention,
                         testing::Values(std::pair {1, 7}, std::pair {48, 48}, std::pair {101, 101},
                                         std::pair {2, 130}));

TEST(Dropout, DropsItsShareAndScalesTheRest)
{
    const at::Tensor x = at::ones({1000, 100});
    const nn::DropoutScope scope(kSeed, at::kCPU);
    const at::Tensor dropped = nn::dropout(x, 0.1);
    EXPECT_NEAR(dropped.eq(0.0).to(at::kDouble).mean().item<double>(), 0.1, 0.005);
    EXPECT_NEAR(dropped.max().item<double>(), 1.0 / 0.9, 1e-6);
    EXPECT_FALSE(at::equal(dropped, nn::dropout(x, 0.1))); // the next draw
    const nn::DropoutScope again(kSeed, at::kCPU);
    EXPECT_TRUE(at::equal(dropped, nn::dropout(x, 0.1)));
}

} // namespace
