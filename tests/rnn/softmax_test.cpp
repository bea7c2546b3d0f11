#include "core/rnn/softmax.h"

#include <gmock/gmock.h>
#include <vector>

namespace {

using namespace rnnscope;

TEST(Softmax, RowsSumToOneAndDoNotOverflow)
{
    std::vector<float> values {1000.0F, 1000.0F, 0.0F, -1000.0F, -1000.0F, -1000.0F};
    rnn::softmaxRows(values, 3);
    constexpr float kThird = 1.0F / 3.0F;
    EXPECT_THAT(values, testing::Pointwise(testing::FloatNear(1e-6F), {0.5F, 0.5F, 0.0F, kThird, kThird, kThird}));
}

TEST(Softmax, OfNothingIsNothing)
{
    rnn::softmaxRows({}, 0);
}

} // namespace
