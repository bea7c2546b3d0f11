#include "core/weights/tensor_file.h"
#include "weights/weight_files.h"

#include <gmock/gmock.h>

namespace rnnscope::weights {

using testing::HasSubstr;

TEST(OpenTensorFile, SaysWhatAFileIsInstead)
{
    const Scratch scratch;
    const auto message
        = [&](std::string_view bytes) { return openTensorFile(scratch.write("net.pt", bytes)).error().message; };
    EXPECT_THAT(message(""), HasSubstr("is empty (0 bytes)"));
    EXPECT_THAT(message("This is a text\n"), HasSubstr("is a text file, not a weight file"));
    EXPECT_THAT(message("\x89PNG\r\n"), HasSubstr("is a PNG image, not a weight file"));
    EXPECT_THAT(message(std::string("\x01\x02\x03\x04", 4)), HasSubstr("not a weight file"));
}

TEST(OpenTensorFile, NamesAMissingFile)
{
    const auto opened = openTensorFile("/nowhere/net.pt");
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Errc::NotFound);
    EXPECT_THAT(opened.error().message, HasSubstr("/nowhere/net.pt"));
}

} // namespace rnnscope::weights
