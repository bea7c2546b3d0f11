#include "core/nn/constant_baseline.h"
#include "core/nn/emulation_losses.h"
#include "nn/training_run_case.h"

#include <ATen/Parallel.h>

#include <cmath>
#include <gmock/gmock.h>

namespace {

using namespace rnnscope;
using test::Notes;
using test::smallOptions;
using test::SyntheticZoo;

class EmulationLosses : public testing::Test
{
protected:
    Result<std::vector<double>> measure(const zoo::Checkpoint& checkpoint, const engine::EmulationOptions& options = {})
    {
        return nn::emulationLosses(*synthetic.zoo, checkpoint, options, c10::Device(c10::kCPU), notes, {});
    }

    double mean(const std::vector<double>& losses, const zoo::Checkpoint& checkpoint, zoo::Split split)
    {
        double sum = 0.0;
        double count = 0.0;
        for (std::size_t row = 0; row < losses.size(); ++row)
            if (checkpoint.referenceSplits[row] == split) {
                sum += losses[row];
                count += 1.0;
            }
        return sum / count;
    }

    SyntheticZoo synthetic {20};
    Notes notes;
};

TEST_F(EmulationLosses, AgreeWithTheLossesOfTraining)
{
    auto options = smallOptions(*synthetic.zoo);
    options.evaluateEvery = options.steps; // the last is the best
    const auto checkpoint = test::train(synthetic.zoo, options, notes).value();
    const auto losses = measure(checkpoint);
    ASSERT_TRUE(losses) << losses.error().message;
    EXPECT_NEAR(mean(*losses, checkpoint, zoo::Split::Validation), checkpoint.training->validationLoss.back(), 1e-5);
    EXPECT_NEAR(mean(*losses, checkpoint, zoo::Split::Ood), checkpoint.training->oodLoss.back(), 1e-5);
    engine::EmulationOptions one;
    one.sequences = 1;
    const auto few = measure(checkpoint, one);
    ASSERT_TRUE(few); // all sequences of a network are the same in this zoo
    for (std::size_t row = 0; row < few->size(); ++row)
        EXPECT_NEAR((*few)[row], (*losses)[row], 1e-6) << row;
}

TEST_F(EmulationLosses, NetworksThatAreNotFiniteHaveNone)
{
    const auto checkpoint = test::train(synthetic.zoo, smallOptions(*synthetic.zoo), notes).value();
    const auto before = measure(checkpoint).value();
    synthetic.weights()[3 * synthetic.zoo->architecture.parameterCount()] = NAN;
    const auto after = measure(checkpoint).value();
    for (std::size_t row = 0; row < after.size(); ++row)
        if (row == 3)
            EXPECT_TRUE(std::isnan(after[row]));
        else
            EXPECT_NEAR(after[row], before[row], 1e-6) << row;
}

TEST_F(EmulationLosses, NeedAnEmulator)
{
    auto options = smallOptions(*synthetic.zoo);
    options.steps = 1;
    auto checkpoint = test::train(synthetic.zoo, options, notes).value();
    checkpoint.emulator.clear();
    const auto losses = measure(checkpoint);
    ASSERT_FALSE(losses);
    EXPECT_EQ(losses.error().code, Errc::NotFound);
}

TEST_F(EmulationLosses, WithoutInformationTheEmulatorLearnsTheMean)
{
    auto options = smallOptions(*synthetic.zoo);
    options.steps = 200;
    options.constantSteps = 150;
    options.evaluateEvery = 50;
    const auto constant = nn::trainConstant(std::static_pointer_cast<const zoo::Zoo>(synthetic.zoo), options,
                                            c10::Device(c10::kCPU), notes, {});
    ASSERT_TRUE(constant) << constant.error().message;
    EXPECT_EQ(constant->steps, 150U);
    const auto informed = test::train(synthetic.zoo, options, notes).value();
    EXPECT_DOUBLE_EQ(informed.constant->validation, constant->validation);
    for (const double loss : {constant->train, constant->validation, constant->calibration, constant->ood}) {
        EXPECT_GT(loss, 0.0);
        EXPECT_LT(loss, 1.0);
    }
}

} // namespace
