#include "core/nn/quantile.h"
#include "nn/golden.h"

#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace rnnscope {

namespace {

const std::vector<float> kProbabilities {0.5F, 0.0F, 0.25F, 1.0F, 0.9F, 0.05F, 0.5F};

at::Tensor asTensor(const std::vector<float>& values)
{
    at::Tensor tensor = at::empty({static_cast<std::int64_t>(values.size())});
    std::copy(values.begin(), values.end(), tensor.data_ptr<float>());
    return tensor;
}

TEST(RowQuantiles, AreTorchsForAnyLengthAndOrder)
{
    at::manual_seed(5);
    for (const std::int64_t length : {1, 2, 3, 10, 1142}) {
        SCOPED_TRACE(length);
        const at::Tensor rows = at::randn({4, length + 3}).narrow(1, 2, length);
        const at::Tensor expected = at::quantile(rows, asTensor(kProbabilities), 1).t();
        EXPECT_LE(test::largestDifference(nn::rowQuantiles(rows, kProbabilities), expected), 1e-6);
    }
}

TEST(RowQuantiles, AreTorchsForRowsThatFillNoBuckets)
{
    at::manual_seed(8);
    std::vector<at::Tensor> kinds {at::randn({2, 300}),
                                   at::randn({2, 300}).round(),
                                   at::full({2, 300}, 3.25F),
                                   at::randn({2, 300}) * 1e-42,
                                   at::randn({2, 300}) * 3e38F,
                                   at::cat({at::randn({2, 299}), at::full({2, 1}, 1e30F)}, 1),
                                   at::cat({at::full({2, 200}, -1.0F), at::randn({2, 100})}, 1)};
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        SCOPED_TRACE(i);
        const at::Tensor finite = kinds[i].clamp(-3.4e38F, 3.4e38F);
        const at::Tensor expected = at::quantile(finite, asTensor(kProbabilities), 1).t();
        const at::Tensor found = nn::rowQuantiles(finite, kProbabilities);
        for (std::int64_t j = 0; j < found.numel(); ++j) {
            const float value = expected.flatten()[j].item<float>();
            // or a unit in the last place of a denormal, where the interpolation rounds
            EXPECT_NEAR(found.flatten()[j].item<float>(), value, std::max(1e-6F * std::abs(value), 1.5e-45F));
        }
    }
}

TEST(RowMoments, AreTorchs)
{
    at::manual_seed(9);
    for (const std::int64_t length : {1, 2, 7, 8, 9, 4097}) {
        const at::Tensor rows = at::randn({3, length + 2}).narrow(1, 1, length) * 0.2 + 100.0;
        const at::Tensor moments = nn::rowMoments(rows);
        const at::Tensor exact = rows.to(at::kDouble);
        EXPECT_LE(test::largestDifference(moments.select(1, 0), exact.mean(1).to(at::kFloat)), 1e-5);
        const at::Tensor variance = length > 1 ? exact.var(1, true) : at::zeros({3}, exact.options());
        EXPECT_LE(test::largestDifference(moments.select(1, 1), variance.to(at::kFloat)), 1e-6);
        const at::Tensor tracked = rows.clone().requires_grad_();
        EXPECT_LE(test::largestDifference(nn::rowMoments(tracked).detach(), moments), 1e-3);
    }
}

TEST(RowQuantiles, AreTheSameWhenDifferentiated)
{
    at::manual_seed(6);
    const at::Tensor rows = at::randn({3, 57});
    const at::Tensor tracked = rows.clone().requires_grad_();
    const at::Tensor quantiles = nn::rowQuantiles(tracked, kProbabilities);
    EXPECT_LE(test::largestDifference(quantiles.detach(), nn::rowQuantiles(rows, kProbabilities)), 1e-6);
    quantiles.sum().backward();
    EXPECT_NEAR(tracked.grad().sum().item<double>(), 3.0 * static_cast<double>(kProbabilities.size()), 1e-4);
}

TEST(RowQuantiles, TakeRowsThatTorchRefuses)
{
    const std::int64_t length = (std::int64_t {1} << 24) + 3;
    const at::Tensor row = at::arange(length, at::TensorOptions(at::kInt)).to(at::kFloat).unsqueeze(0);
    const at::Tensor quantiles = nn::rowQuantiles(row, {0.0F, 0.5F, 1.0F});
    EXPECT_EQ(quantiles[0][0].item<float>(), 0.0F);
    EXPECT_NEAR(quantiles[0][1].item<double>(), static_cast<double>(length / 2), 1.0);
    EXPECT_EQ(quantiles[0][2].item<float>(), row[0][length - 1].item<float>());
}

TEST(RowQuantiles, AreNanForARowWithNanOnly)
{
    at::Tensor rows = at::randn({2, 9});
    rows[1][4] = std::numeric_limits<float>::quiet_NaN();
    const at::Tensor quantiles = nn::rowQuantiles(rows, kProbabilities);
    EXPECT_TRUE(quantiles[0].isfinite().all().item<bool>());
    EXPECT_TRUE(quantiles[1].isnan().all().item<bool>());
}

TEST(RowQuantiles, StayInsideTheRowForImpossibleProbabilities)
{
    const at::Tensor row = at::arange(5, at::TensorOptions(at::kFloat)).unsqueeze(0);
    const at::Tensor quantiles = nn::rowQuantiles(row, {-3.0F, 7.0F, std::numeric_limits<float>::quiet_NaN()});
    EXPECT_EQ(quantiles[0][0].item<float>(), 0.0F);
    EXPECT_EQ(quantiles[0][1].item<float>(), 4.0F);
    EXPECT_EQ(quantiles[0][2].item<float>(), 0.0F);
}

} // namespace

} // namespace rnnscope
