#include "core/nn/packed_linear.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace {

using namespace rnnscope;

TEST(PackedLinear, IsTheLinearLayerInDoublePrecision)
{
    const at::NoGradGuard frozen;
    at::manual_seed(3);
    for (const auto& [rows, in, out] :
         {std::array<std::int64_t, 3> {1, 1, 1}, {200, 700, 19}, {97, 257, 48}, {96, 256, 32}, {0, 9, 4}}) {
        const at::Tensor x = at::randn({rows, in}), weight = at::randn({out, in}), bias = at::randn({out});
        const nn::PackedLinear packed(weight);
        const at::Tensor exact = at::linear(x.to(at::kDouble), weight.to(at::kDouble), bias.to(at::kDouble));
        ASSERT_EQ(packed(x, bias).sizes(), exact.sizes());
        if (rows > 0) {
            EXPECT_LE((packed(x, bias) - exact).abs().max().item<double>(), 3e-6 * std::sqrt(static_cast<double>(in)))
                << rows << " x " << in << " x " << out;
        }
    }
}

TEST(PackedLinear, TakesAnyAxesAndStrides)
{
    const at::NoGradGuard frozen;
    at::manual_seed(4);
    const at::Tensor x = at::randn({5, 7, 3}).permute({2, 1, 0}), weight = at::randn({5, 6}).t(),
                     bias = at::randn({12}).slice(0, 0, 12, 2);
    EXPECT_LE((nn::PackedLinear(weight)(x, bias) - at::linear(x, weight, bias)).abs().max().item<double>(), 1e-6);
}

TEST(PackedLinear, KeepsNanInItsRow)
{
    const at::NoGradGuard frozen;
    at::Tensor x = at::ones({3, 300});
    x[1][299] = std::nan("");
    const at::Tensor result = nn::PackedLinear(at::ones({2, 300}))(x, at::zeros({2}));
    EXPECT_TRUE(result[1].isnan().all().item<bool>());
    EXPECT_FALSE(result[0].isnan().any().item<bool>() || result[2].isnan().any().item<bool>());
}

} // namespace
