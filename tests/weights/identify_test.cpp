#include "core/weights/identify.h"
#include "weights/weight_files.h"

#include <gmock/gmock.h>

namespace rnnscope::weights {

using testing::HasSubstr;

namespace {

InputKind kindOf(const fs::path& path)
{
    const auto kind = identify(path);
    EXPECT_TRUE(kind) << kind.error().message;
    return kind.value_or(InputKind::Zoo);
}

std::string refusal(const fs::path& path)
{
    const auto kind = identify(path);
    return kind ? "known" : kind.error().message;
}

} // namespace

TEST(Identify, KnowsContainersOfTensorsReadableOrNot)
{
    for (const char* name : {"rnnfast_formal.pt", "rnnfast_legacy.pt", "rnnfast.npz", "flat_vector.npy",
                             "rnnfast.safetensors", "keras_lstm.h5", "mlp_only.pt", "truncated.pt", "truncated.h5",
                             "malicious_zip.pt", "malicious_plain_pickle.pkl", "st_truncated.safetensors",
                             "st_deep_json.safetensors", "st_header_length_huge.safetensors"})
        EXPECT_EQ(kindOf(dataFile(name)), InputKind::Weights) << name;
}

TEST(Identify, KnowsEncoderStates)
{
    const fs::path states = fs::path(RNNSCOPE_TEST_DATA) / "reference" / "encoder_states";
    EXPECT_EQ(kindOf(states / "formal_flat.pt"), InputKind::EncoderState);
}

TEST(Identify, KnowsZoosAndFolders)
{
    const fs::path zoos = fs::path(RNNSCOPE_TEST_DATA) / "reference" / "zoo";
    for (const char* name : {"formal_languages_tokens_4_length_42_2x32"})
        EXPECT_EQ(kindOf(zoos / name), InputKind::AuthorsFolder) << name;
    const Scratch scratch;
    EXPECT_THAT(refusal(scratch.folder()), HasSubstr("is an empty folder"));
    scratch.write("readme.txt", "nothing here\n");
    EXPECT_THAT(refusal(scratch.folder()), HasSubstr("without parameters.npy and without weight files"));
    fs::copy_file(dataFile("gru.pt"), scratch / "a.pt");
    EXPECT_EQ(kindOf(scratch.folder()), InputKind::WeightsFolder);
}

TEST(Identify, SaysWhatAFileIsInstead)
{
    const Scratch scratch;
    EXPECT_THAT(refusal(scratch.write("a.pt", "some text\n")),
                HasSubstr("is a text file, not a zoo or an encoder checkpoint, nor a weight file"));
    EXPECT_THAT(refusal(scratch.write("a.png", "\x89PNG\r\n")), HasSubstr("is a PNG image"));
    EXPECT_THAT(refusal(scratch.write("b.pt", "")), HasSubstr("is empty (0 bytes)"));
    EXPECT_THAT(refusal(scratch / "gone.pt"), HasSubstr("does not exist"));
}

TEST(WeightFilesIn, KeepsWhatCannotBeReadForSomebodyToSayWhy)
{
    const Scratch scratch;
    fs::create_symlink("nowhere.pt", scratch / "gone.pt");
    fs::create_directory(scratch / "folder.pt");
    const auto files = weightFilesIn(scratch.folder());
    ASSERT_TRUE(files);
    ASSERT_EQ(files->size(), 1U);
    EXPECT_EQ(files->front().filename(), "gone.pt");
}

TEST(WeightFilesIn, ListsFilesByContentAndExtension)
{
    const Scratch scratch;
    fs::copy_file(dataFile("gru.pt"), scratch / "epoch-10");
    fs::copy_file(dataFile("gru.pt"), scratch / "epoch-9");
    scratch.write("a.PT", "text that calls itself weights\n");
    scratch.write("b.json", "{}\n");
    scratch.write("c.csv", "file\n");
    fs::create_directory(scratch / "d.pt");
    const auto files = weightFilesIn(scratch.folder());
    ASSERT_TRUE(files) << files.error().message;
    std::vector<std::string> names;
    for (const fs::path& file : *files)
        names.push_back(file.filename());
    EXPECT_THAT(names, testing::ElementsAre("a.PT", "epoch-9", "epoch-10"));
    EXPECT_FALSE(weightFilesIn(scratch / "nowhere"));
}

} // namespace rnnscope::weights
