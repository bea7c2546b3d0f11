#include "core/engine/engine.h"

#include <gtest/gtest.h>

namespace {

using namespace rnnscope;
using engine::parsePrecision;
using engine::Precision;

TEST(ParsePrecision, ReadsWhatItIsCalled)
{
    EXPECT_EQ(*parsePrecision("fp32"), Precision::Float32);
    EXPECT_EQ(*parsePrecision("bf16"), Precision::BFloat16);
}

TEST(ParsePrecision, RefusesAnythingElseAndQuotesIt)
{
    const auto precision = parsePrecision("fp16");
    ASSERT_FALSE(precision);
    EXPECT_EQ(precision.error().message, "there is no precision \"fp16\": expected fp32 or bf16");
}

} // namespace
