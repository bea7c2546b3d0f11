#include "core/nn/losses.h"
#include "nn/golden.h"

#include <gtest/gtest.h>

namespace rnnscope {

namespace {

TEST(GoldenLosses, ValuesAndGradientsAreTheAuthors)
{
    const test::Golden golden("losses.h5");
    int compared = 0;
    for (const std::string& group : golden.children("/")) {
        const at::Tensor original = golden.tensor(group + "/logits").flatten(0, 1);
        at::Tensor nextTokens;
        if (golden.has(group + "/sequences"))
            nextTokens = golden.tensor(group + "/sequences").flatten(0, 1).narrow(1, 1, original.size(1));
        for (const std::string& name : golden.children(group)) {
            const auto criterion = nn::criterionFromName(name);
            if (!criterion)
                continue; // the inputs stand in the same group
            SCOPED_TRACE(group + " " + name);
            const at::Tensor emulated = golden.tensor(group + "/emulator_output").requires_grad_();
            const at::Tensor values = nn::losses(*criterion, emulated, original, nextTokens);
            values.mean().backward();
            const std::string expected = group + "/" + name;
            const at::Tensor losses = golden.tensor(expected + "/losses");
            const double scale = std::max(1.0, losses.abs().max().item<double>());
            EXPECT_LE(test::largestDifference(values.detach(), losses), 1e-5 * scale);
            EXPECT_LE(test::largestDifference(emulated.grad(), golden.tensor(expected + "/mean_loss_grad")), 1e-6);
            EXPECT_NEAR(values.mean().item<double>(), golden.number(expected, "mean_loss"), 1e-5 * scale);
            ++compared;
        }
    }
    EXPECT_EQ(compared, 28);
}

TEST(Criterion, NamesItselfInTheErrorForAnUnknownOne)
{
    const auto criterion = nn::criterionFromName("tv");
    ASSERT_FALSE(criterion);
    EXPECT_NE(criterion.error().message.find("total_variation"), std::string::npos);
}

} // namespace

} // namespace rnnscope
