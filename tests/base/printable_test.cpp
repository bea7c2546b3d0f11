#include "core/base/printable.h"

#include <gtest/gtest.h>

namespace rnnscope {

TEST(Printable, KeepsOrdinaryText)
{
    EXPECT_EQ(printable("lstm.weight_ih_l0 größer 字 😀"), "lstm.weight_ih_l0 größer 字 😀");
    EXPECT_EQ(printable(""), "");
}

TEST(Printable, ReplacesWhatWouldChangeTheLine)
{
    EXPECT_EQ(printable("a\nb\x1b[31mc"),
              "a\xEF\xBF\xBD"
              "b\xEF\xBF\xBD[31mc");
    EXPECT_EQ(printable("\xE2\x80\xAEtxt"), "\xEF\xBF\xBDtxt"); // right-to-left override
    EXPECT_EQ(printable("\xC2\x85"), "\xEF\xBF\xBD"); // next line
}

TEST(Printable, ReplacesBrokenUtf8ByteByByte)
{
    EXPECT_EQ(printable("\xFF\xC3"), "\xEF\xBF\xBD\xEF\xBF\xBD");
    EXPECT_EQ(printable("\xC0\xAF"), "\xEF\xBF\xBD\xEF\xBF\xBD"); // overlong
    EXPECT_EQ(printable("\xED\xA0\x80").size(), 9U); // a surrogate
}

TEST(Printable, CutsByCharactersNotBytes)
{
    EXPECT_EQ(printable("äöüß", 4), "äöüß");
    EXPECT_EQ(printable("äöüß", 3), "äö…");
    EXPECT_EQ(printable("abc", 0), "");
}

} // namespace rnnscope
