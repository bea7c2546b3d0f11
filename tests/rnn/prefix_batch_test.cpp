#include "core/rnn/prefix_batch.h"

#include <array>
#include <gmock/gmock.h>
#include <numeric>

namespace {

using namespace rnnscope::rnn;
using testing::ElementsAre;

TEST(PrefixBatch, SharesWhatSequencesBeginWith)
{
    const std::vector<int> tokens {0, 1, 2, //
                                   0, 2, 2, //
                                   0, 1, 1};
    const std::vector<int> labels {1, 2, 0, //
                                   2, 2, 0, //
                                   1, 1, 0};
    PrefixBatch batch;
    makePrefixes(LabelledTokens {.steps = 3, .classes = 3, .tokens = tokens, .labels = labels}, batch);
    EXPECT_THAT(batch.first, ElementsAre(0, 1, 3, 6));
    EXPECT_THAT(batch.parent, ElementsAre(0, 0, 0, 1, 1, 2));
    EXPECT_THAT(batch.tokens, ElementsAre(0, 1, 2, 2, 1, 2));
    EXPECT_TRUE(batch.features.empty());
    constexpr float kNinth = 1.0F / 9.0F;
    ASSERT_EQ(batch.targets.size(), 18U);
    EXPECT_FLOAT_EQ(batch.targets[1], 2.0F * kNinth); // two of three sequences go on with 1
    EXPECT_FLOAT_EQ(batch.targets[2], kNinth);
    EXPECT_FLOAT_EQ(std::accumulate(batch.targets.begin(), batch.targets.end(), 0.0F), 1.0F);
}

TEST(PrefixBatch, WeighsSequences)
{
    const std::vector<int> tokens {0, 1};
    const std::vector<int> labels {0, 1};
    const std::vector<float> weights {6.0F, 2.0F};
    PrefixBatch batch;
    makePrefixes(LabelledTokens {.steps = 1, .classes = 2, .tokens = tokens, .labels = labels, .weights = weights},
                 batch);
    EXPECT_THAT(batch.targets, ElementsAre(0.75F, 0.0F, 0.0F, 0.25F));
}

TEST(PrefixBatch, AsksNothingWhereThereIsNoLabel)
{
    const std::vector<int> tokens {0, 1};
    const std::vector<int> labels {-1, 1};
    PrefixBatch batch;
    makePrefixes(LabelledTokens {.steps = 2, .classes = 2, .tokens = tokens, .labels = labels}, batch);
    EXPECT_THAT(batch.targets, ElementsAre(0.0F, 0.0F, 0.0F, 0.5F));
}

TEST(PrefixBatch, ComparesAllFeaturesOfAStep)
{
    const std::vector<float> features {0.0F, 0.0F, 1.0F, 2.0F, //
                                       0.0F, 0.0F, 1.0F, 2.5F};
    const std::vector<int> labels {0, 0, 1, 1};
    PrefixBatch batch;
    makePrefixes(LabelledFeatures {.steps = 2, .classes = 2, .inputs = 2, .features = features, .labels = labels},
                 batch);
    EXPECT_THAT(batch.first, ElementsAre(0, 1, 3));
    EXPECT_THAT(batch.features, ElementsAre(0.0F, 0.0F, 1.0F, 2.0F, 1.0F, 2.5F));
    EXPECT_THAT(batch.targets, ElementsAre(0.25F, 0.25F, 0.25F, 0.0F, 0.0F, 0.25F));
}

TEST(PrefixBatch, ForgetsTheBatchBefore)
{
    const std::vector<float> features {0.5F, 0.25F};
    const std::array labels {0, 1};
    PrefixBatch batch;
    makePrefixes(LabelledFeatures {.steps = 2, .classes = 2, .inputs = 1, .features = features, .labels = labels},
                 batch);
    const std::array tokens {1, 0};
    makePrefixes(LabelledTokens {.steps = 2, .classes = 2, .tokens = tokens, .labels = labels}, batch);
    EXPECT_EQ(batch.nodes(), 2U);
    EXPECT_TRUE(batch.features.empty());
    EXPECT_THAT(batch.tokens, ElementsAre(1, 0));
    EXPECT_EQ(batch.targets.size(), 4U);
}

} // namespace
