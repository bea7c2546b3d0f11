#include "core/nn/quantile.h"
#include "nn/golden.h"

#include <ATen/Functions.h>
#include <gtest/gtest.h>

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

} // namespace

} // namespace rnnscope
