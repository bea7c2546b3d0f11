#include "core/weights/load.h"

#include <gmock/gmock.h>

namespace rnnscope::weights {

using testing::HasSubstr;

TEST(RnnSizes, ReadsWhatItWrites)
{
    for (const char* text :
         {"cell=lstm,input=6,hidden=32,layers=2,output=6", "cell=gru,input=1,hidden=8,layers=1,output=3,bias=false"}) {
        const auto architecture = parseRnnSizes(text)->complete();
        ASSERT_TRUE(architecture) << architecture.error().message;
        EXPECT_EQ(describe(*architecture), text);
    }
    const auto turned = parseRnnSizes("output=3,bias=true,layers=1,cell=rnn_relu,hidden=8,input=1")->complete();
    EXPECT_EQ(turned->description(), "ReLU RNN 1×8, 1 in, 3 out");
}

TEST(RnnSizes, TellsWhatIsMissing)
{
    const auto architecture = parseRnnSizes("cell=lstm,hidden=32")->complete();
    ASSERT_FALSE(architecture);
    EXPECT_EQ(architecture.error().code, Errc::NeedsChoice);
    EXPECT_THAT(architecture.error().message, HasSubstr("input, layers, output missing"));
    EXPECT_TRUE(parseRnnSizes(""));
}

TEST(RnnSizes, RefusesWhatItDoesNotKnow)
{
    const auto message = [](const char* text) { return parseRnnSizes(text).error().message; };
    EXPECT_THAT(message("cells=lstm"), HasSubstr("unknown size 'cells'"));
    EXPECT_THAT(message("cell=lstmm"), HasSubstr("unknown cell 'lstmm', expected lstm, gru, rnn_tanh or rnn_relu"));
    EXPECT_THAT(message("input"), HasSubstr("'input' is not of the form key=value"));
    EXPECT_THAT(message("input=6,input=6"), HasSubstr("input is given twice"));
    EXPECT_THAT(message("bias=maybe"), HasSubstr("bias is 'maybe', expected true or false"));
    for (const char* text : {"input=0", "input=-1", "input=6.5", "input=", "input=99999999999999", "input= 6"})
        EXPECT_THAT(message(text), HasSubstr("expected a number from 1 to 65536")) << text;
}

} // namespace rnnscope::weights
