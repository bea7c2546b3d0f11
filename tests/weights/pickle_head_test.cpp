#include "core/weights/readers.h"
#include "weights/weight_files.h"

#include <gtest/gtest.h>

namespace rnnscope::weights {

using namespace std::string_literals;

namespace {

bool headOf(const std::string& file)
{
    return looksLikePickle(readBytes(dataFile(file)).substr(0, 512));
}

} // namespace

TEST(LooksLikePickle, KnowsAllProtocols)
{
    EXPECT_TRUE(looksLikePickle("\x80\x02}q\x00."s));
    EXPECT_TRUE(looksLikePickle("\x80\x05\x95\x04\0\0\0\0\0\0\0}\x94."s));
    EXPECT_TRUE(looksLikePickle("}q\x00(U\x04lstmK\x01u."s));
    EXPECT_TRUE(looksLikePickle("(dp0\nS'lstm'\np1\nI1\ns."));
    EXPECT_TRUE(looksLikePickle("cposix\nsystem\n(S'true'\ntR."));
    EXPECT_TRUE(looksLikePickle("(S'true'\nios\nsystem\n."));
    EXPECT_TRUE(headOf("rnnfast_legacy.pt"));
    EXPECT_TRUE(headOf("checkpoint_epoch_legacy.tar"));
    EXPECT_TRUE(headOf("malicious_plain_pickle.pkl"));
    EXPECT_TRUE(headOf("trainer_checkpoint_protocol1_legacy.pt"));
}

TEST(LooksLikePickle, DoesNotTakeTextsForOne)
{
    for (const char* text :
         {"This is a text file.\n", "In the beginning\n", "Logits of the network\n", "(a) first\n(b) second\n",
          "class Net:\n  pass\n", "import torch\n", "Name,Age\nPeter,7\n", "[1, 2]\n", "{\"a\": 1}\n", "Peter\nVera\n",
          "file,loss\na.pt,0.5\n", "cell\nlstm\nrnn\n", "# readme\n", ")", "("})
        EXPECT_FALSE(looksLikePickle(text)) << text;
    EXPECT_FALSE(headOf("not_a_model.pt"));
}

TEST(LooksLikePickle, DoesNotTakeSafetensorsForOne)
{
    // Header lengths of which the bytes are opcodes.
    for (const char low : "\x80]}(XTGUNK)c"s)
        for (const char high : "\0\1\2\3\4\5(X.N"s)
            EXPECT_FALSE(
                looksLikePickle(low + std::string(1, high) + "\0\0\0\0\0\0{\"lstm.weight_ih_l0\":{\"dtype\":"s))
                << static_cast<int>(low) << ' ' << static_cast<int>(high);
    for (const char* file : {"rnnfast.safetensors", "rnnfast_bf16.safetensors", "rnnfast_state.h5", "flat_batch.npy"})
        EXPECT_FALSE(headOf(file)) << file;
}

} // namespace rnnscope::weights
