#include "core/zoo/encoder_config.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace {

using namespace rnnscope::zoo;
using Json = nlohmann::json;

const Architecture kFormal {Cell::Lstm, 6, 32, 2, 6};

class EncoderConfigRoundTrip : public testing::TestWithParam<EncoderKind>
{
};

TEST_P(EncoderConfigRoundTrip, JsonGivesTheSameConfig)
{
    for (const auto& config : {paperConfig(GetParam(), kFormal, TaskFamily::FormalLanguage),
                               compactConfig(GetParam(), kFormal, TaskFamily::SequentialMnist)}) {
        const auto again = encoderConfigFromJson(GetParam(), toJson(config));
        ASSERT_TRUE(again) << again.error().message;
        EXPECT_EQ(toJson(*again), toJson(config));
    }
}

INSTANTIATE_TEST_SUITE_P(Kinds, EncoderConfigRoundTrip, testing::ValuesIn(allEncoderKinds()));

TEST(EncoderConfig, MissingKeysTakeThePapersValues)
{
    const Json json = {{"rnn", toJson(paperConfig(EncoderKind::Flat, kFormal, TaskFamily::Custom))["rnn"]},
                       {"task_family", "sequential_mnist"}};
    const auto config = encoderConfigFromJson(EncoderKind::NoninteractiveProbing, json);
    ASSERT_TRUE(config) << config.error().message;
    EXPECT_EQ(config->probingLength, 50);
    EXPECT_FALSE(config->softmaxProbes);
    EXPECT_EQ(config->staticWeight, 1.0);
}

TEST(EncoderConfig, NamesTheKeyThatIsWrong)
{
    Json json = toJson(paperConfig(EncoderKind::Flat, kFormal, TaskFamily::Custom));
    for (const auto& [key, value] :
         std::initializer_list<std::pair<std::string, Json>> {{"embedding_size", -1},
                                                              {"embedding_size", "16"},
                                                              {"mlp_hidden_sizes", Json::array({0})},
                                                              {"rnn", Json::array()},
                                                              {"task_family", "chess"},
                                                              {"core_cell", "rnn_tanh"}}) {
        Json wrong = json;
        wrong[key] = value;
        const auto config = encoderConfigFromJson(EncoderKind::Flat, wrong);
        ASSERT_FALSE(config) << key;
        EXPECT_NE(config.error().message.find(key), std::string::npos) << config.error().message;
    }
}

TEST(EncoderConfig, ProbingFitsAnyCellOfTheSameInterface)
{
    const Architecture gru {Cell::Gru, 6, 8, 3, 6};
    EXPECT_TRUE(checkFits(paperConfig(EncoderKind::InteractiveProbing, kFormal, TaskFamily::FormalLanguage), gru));
    EXPECT_FALSE(checkFits(paperConfig(EncoderKind::DwsNet, kFormal, TaskFamily::FormalLanguage), gru));
    const Architecture mnist {Cell::Lstm, 16, 32, 2, 10};
    EXPECT_FALSE(checkFits(paperConfig(EncoderKind::InteractiveProbing, kFormal, TaskFamily::FormalLanguage), mnist));
}

} // namespace
