#include "core/making/digit_scores.h"
#include "core/making/mnist_family.h"
#include "core/making/rotated_tiles.h"
#include "core/tasks/run_networks.h"
#include "tasks/golden_file.h"
#include "tasks/memory_zoo.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace {

using namespace rnnscope;
using namespace rnnscope::making;

TEST(GoldenDigits, AreCutToTheAuthorsTiles)
{
    const test::GoldenFile golden("mnist_tiles.h5");
    const auto images = golden.array("image");
    const auto angles = golden.array("angle_degrees").values;
    const auto sequence = golden.array("sequence");
    for (std::size_t i = 0; i < angles.size(); ++i) {
        const auto first = images.values.begin() + static_cast<std::ptrdiff_t>(i * tasks::kDigitPixels);
        const std::vector<std::uint8_t> image(first, first + static_cast<std::ptrdiff_t>(tasks::kDigitPixels));
        const RotatedTiles cut(angles[i], 4);
        std::vector<float> found(cut.values());
        cut.cut(tasks::DigitImage(image), found);
        ASSERT_EQ(found.size(), sequence.shape[1] * sequence.shape[2]);
        for (std::size_t k = 0; k < found.size(); ++k)
            EXPECT_NEAR(found[k], sequence.values[i * found.size() + k], 1e-6) << i;
    }
}

/// The reference networks on the real digits, as the authors measured them. Their loss is the mean over 13 batches, of
/// which the last holds two digits.
TEST(GoldenDigits, AreReadByTheReferenceNetworksAsRecorded)
{
    const char* folder = std::getenv("RNNSCOPE_MNIST");
    if (folder == nullptr)
        GTEST_SKIP() << "RNNSCOPE_MNIST does not say where the digits are";
    const auto set = readDigits(folder);
    ASSERT_TRUE(set) << set.error().message;
    EXPECT_EQ((*set)->training.size(), 47998U);
    const auto zoo = test::referenceZoo("zoo/sequential_mnist_tile_4x4_model_2x32");
    for (std::size_t row = 0; row < zoo->size; ++row) {
        std::vector<float> parameters(zoo->architecture.parameterCount());
        ASSERT_TRUE(zoo->parameters->read(row, 1, parameters));
        const RotatedTiles cut(zoo->property("task")->value(row), 4);
        const auto found
            = readDigitsBy(tasks::shapeOf(zoo->architecture), parameters, (*set)->digits, (*set)->heldOut, cut, {});
        EXPECT_NEAR(found->accuracy, zoo->property("accuracy")->value(row), 3.0 / 12002.0) << row;
        EXPECT_NEAR(found->loss, zoo->property("eval_loss")->value(row), 0.1) << row;
    }
}

} // namespace
