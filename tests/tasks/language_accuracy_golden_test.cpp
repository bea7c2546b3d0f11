#include "core/tasks/language_accuracy.h"
#include "tasks/memory_zoo.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

namespace {

using namespace rnnscope;
using namespace rnnscope::tasks;

constexpr double kSamples = 1000.0;

/// Difference of two shares of 1000 over its standard deviation, were they of the same network.
double score(double measured, double recorded)
{
    const double accepted = (measured + recorded) * kSamples;
    const double pooled = (accepted + 1.0) / (2.0 * kSamples + 2.0); // Laplace: no division by zero
    return (measured - recorded) / std::sqrt(pooled * (1.0 - pooled) * 2.0 / kSamples);
}

std::vector<std::string> formalZoos()
{
    std::vector<std::string> zoos {"zoo/formal_languages_tokens_4_length_42_2x32"};
    if (std::getenv("RNNSCOPE_REFERENCE") != nullptr)
        zoos.emplace_back("zoo_large/formal_languages_tokens_4_length_42_2x32");
    return zoos;
}

class GoldenLanguageAccuracy : public testing::TestWithParam<std::string>
{
};

/// The bounds are those of a few hundred normal deviates; strings of 43 tokens already give a largest score of 10.
TEST_P(GoldenLanguageAccuracy, IsTheRecordedAccuracyWithinSamplingNoise)
{
    const auto zoo = test::referenceZoo(GetParam());
    const auto rows = test::allRows(*zoo);
    NoProgress quiet;
    const auto measured = measureLanguageAccuracy(*zoo, rows, {.threads = 2}, quiet, {});
    ASSERT_TRUE(measured) << measured.error().message;
    ASSERT_EQ(measured->size(), rows.size());
    double sum = 0.0;
    double largest = 0.0;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        const auto& [accuracy, ordered, undefined] = (*measured)[row];
        const double z = score(accuracy, zoo->property("accuracy")->value(row));
        sum += z;
        largest = std::max(largest, std::abs(z));
        EXPECT_LE(std::abs(z), 4.0) << "row " << row << ": measured " << accuracy;
        EXPECT_LE(ordered, accuracy);
        EXPECT_LE(accuracy + undefined, 1.0 + 1e-12);
    }
    const auto count = static_cast<double>(rows.size());
    std::printf("%zu networks: mean z %.3f, largest |z| %.2f\n", rows.size(), sum / count, largest);
    EXPECT_LE(std::abs(sum / count), 3.0 / std::sqrt(count));
}

INSTANTIATE_TEST_SUITE_P(Zoos, GoldenLanguageAccuracy, testing::ValuesIn(formalZoos()),
                         [](const auto& zoo) { return zoo.param.substr(0, zoo.param.find('/')); });

} // namespace
