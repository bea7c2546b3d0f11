#include "core/nn/module.h"
#include "core/weights/encoder_state.h"
#include "nn/golden.h"

#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

namespace rnnscope {

namespace {

std::vector<std::string> savedStates()
{
    std::vector<std::string> names;
    const auto folder = test::referenceFolder() / "encoder_states";
    if (std::filesystem::is_directory(folder))
        for (const auto& entry : std::filesystem::directory_iterator(folder))
            names.push_back(entry.path().stem().string());
    std::sort(names.begin(), names.end());
    return names;
}

/// The answers to what the tensors do not tell, and nothing else, out of the golden's own configuration.
weights::EncoderChoices answers(const weights::TensorFile& file, const zoo::EncoderConfig& truth)
{
    const nlohmann::json known = zoo::toJson(truth);
    nlohmann::json given = nlohmann::json::object();
    const auto guess = weights::guessEncoder(file, {}).value();
    for (const auto& question : guess.questions) {
        const auto dot = question.key.find('.');
        if (question.key == "encoder")
            given["encoder"] = zoo::name(truth.kind);
        else if (dot == std::string::npos)
            given[question.key] = known.at(question.key);
        else
            given["rnn"][question.key.substr(dot + 1)] = known.at("rnn").at(question.key.substr(dot + 1));
    }
    return {.kind = {}, .config = given.dump()};
}

/// rnn_weight_encoder.pt as the authors' training saves it.
class SavedEncoder : public testing::TestWithParam<std::string>
{
};

TEST_P(SavedEncoder, EmbedsLikeTheGoldenOfItsName)
{
    const at::NoGradGuard frozen;
    const test::Golden golden("encoders_tiny/" + GetParam() + ".h5");
    const zoo::EncoderConfig truth = test::encoderConfig(golden.json("/", "config"));
    const auto file = weights::openTensorFile(test::referenceFolder() / "encoder_states" / (GetParam() + ".pt"));
    ASSERT_TRUE(file) << file.error().message;
    ASSERT_TRUE(weights::isEncoderState(**file));
    const auto checkpoint = weights::importEncoder(**file, answers(**file, truth));
    ASSERT_TRUE(checkpoint) << checkpoint.error().message;
    EXPECT_EQ(checkpoint->config.kind, truth.kind);
    const auto module = nn::loadEncoderModule(checkpoint->config, checkpoint->encoder);
    ASSERT_TRUE(module) << module.error().message;
    const at::Tensor raw = (*module)->forward(golden.tensor("parameters"), truth.rnn);
    EXPECT_LE(test::largestDifference(nn::normalized(raw), golden.tensor("embedding")), 1e-5);
}

INSTANTIATE_TEST_SUITE_P(Reference, SavedEncoder, testing::ValuesIn(savedStates()),
                         [](const auto& file) { return test::testName(file.param); });

TEST(SavedEncoders, AreThere)
{
    EXPECT_GE(savedStates().size(), 7U);
}

} // namespace

} // namespace rnnscope
