#include "app/cli_test_case.h"
#include "core/zoo/checkpoint.h"

#include <nlohmann/json.hpp>

namespace rnnscope::test {

namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

using Info = CliTest;
using Convert = CliTest;
using BadInput = CliTest;
using Usage = CliTest;

TEST_F(Info, DescribesAZooFolder)
{
    const Outcome info = runCli({"info", authors});
    EXPECT_EQ(info.status, 0);
    EXPECT_EQ(info.error, "");
    for (const char* expected : {"formal languages", "LSTM 1×3, 6 in, 6 out", "156 each, float32", "accuracy",
                                 "integer [4]", "0 to 100", "2 sequences a network"})
        EXPECT_THAT(info.out, HasSubstr(expected));
}

TEST_F(Info, DescribesAZooForPrograms)
{
    const auto json = nlohmann::json::parse(runCli({"info", authors, "--json"}).out);
    EXPECT_EQ(json["format"], "rnn-zoo");
    EXPECT_EQ(json["networks"], kNetworks);
    EXPECT_EQ(json["architecture"]["hidden_size"], 3);
    EXPECT_EQ(json["rollouts"]["sequences"], 2);
    bool found = false;
    for (const auto& property : json["properties"])
        if (property["name"] == "accuracy") {
            found = true;
            EXPECT_EQ(property["kind"], "real");
            EXPECT_DOUBLE_EQ(property["maximum"].get<double>(), 0.75);
        }
    EXPECT_TRUE(found);
}

TEST_F(Info, DescribesACheckpoint)
{
    const Outcome info = runCli({"info", encoder});
    EXPECT_EQ(info.status, 0);
    for (const char* expected : {"Flat", "LSTM 1×3, 6 in, 6 out", "4 numbers, unit norm", "charm", "1 held out"})
        EXPECT_THAT(info.out, HasSubstr(expected));
    const auto json = nlohmann::json::parse(runCli({"info", encoder, "--json"}).out);
    EXPECT_EQ(json["encoder"], "flat");
    EXPECT_EQ(json["heads"].size(), 2U);
    EXPECT_EQ(json["training"]["splits"]["ood"], nlohmann::json({2}));
}

TEST_F(Info, PrintsOneObjectALineForSeveralFiles)
{
    const Outcome info = runCli({"info", "--json", authors, encoder});
    EXPECT_EQ(std::count(info.out.begin(), info.out.end(), '\n'), 2);
}

TEST_F(Convert, KeepsNetworksPropertiesAndRollouts)
{
    const Outcome convert = runCli({"convert", authors, "-o", out});
    ASSERT_EQ(convert.status, 0) << convert.error;
    EXPECT_EQ(filesBesideOutput(), 1U);
    const auto before = zoo::openZoo(authors);
    const auto after = zoo::openZoo(out);
    ASSERT_TRUE(after) << after.error().message;
    EXPECT_EQ((*after)->properties.size(), (*before)->properties.size());
    EXPECT_EQ((*after)->rollouts->shape().sequences, 2U);
    EXPECT_EQ(zoo::fingerprint(**after).value(), zoo::fingerprint(**before).value());
    EXPECT_EQ(nlohmann::json::parse((*after)->provenance)["program"], "rnnscope-cli");
}

TEST_F(Convert, NamesTheZooAndKeepsAsManyRolloutsAsAsked)
{
    ASSERT_EQ(runCli({"convert", authors, "-o", out, "--name", "mine", "--sequences", "1", "--half"}).status, 0);
    const auto zoo = zoo::openZoo(out);
    ASSERT_TRUE(zoo) << zoo.error().message;
    EXPECT_EQ((*zoo)->name, "mine");
    EXPECT_EQ((*zoo)->rollouts->shape().sequences, 1U);
    EXPECT_TRUE((*zoo)->parameters->isHalf());
}

TEST_F(Convert, ReplacesAnExistingFile)
{
    writeBytes(out, "old");
    ASSERT_EQ(runCli({"convert", authors, "-o", out}).status, 0);
    EXPECT_THAT(readBytes(out), StartsWith("\x89HDF"));
}

TEST_F(Convert, LeavesAnExistingFileAsItWasWhenItFails)
{
    writeBytes(out, "old");
    fs::remove(authors / "tasks.npy");
    EXPECT_EQ(runCli({"convert", authors, "-o", out}).status, 1);
    EXPECT_EQ(readBytes(out), "old");
    EXPECT_EQ(filesBesideOutput(), 1U);
}

TEST_F(Convert, RefusesToWriteOverWhatItReads)
{
    const fs::path zoo = folder / "zoo.h5";
    ASSERT_EQ(runCli({"convert", authors, "-o", zoo}).status, 0);
    const std::string before = readBytes(zoo);
    expectFailure(runCli({"convert", zoo, "-o", zoo}), "it is the file that is being read");
    EXPECT_EQ(readBytes(zoo), before);
}

TEST_F(Convert, NamesTheFolderThatDoesNotExist)
{
    expectFailure(runCli({"convert", authors, "-o", folder / "nowhere" / "zoo.h5"}), "nowhere");
}

TEST_F(BadInput, MissingTasks)
{
    fs::remove(authors / "tasks.npy");
    expectFailure(runCli({"convert", authors, "-o", out}), "tasks.npy");
}

TEST_F(BadInput, WrongNumberOfParameters)
{
    writeBytes(authors / "args.json", R"({"num_tokens": 4, "rnn_hidden_size": 4, "rnn_num_layers": 1})");
    expectFailure(runCli({"convert", authors, "-o", out}), "156");
}

TEST_F(BadInput, TruncatedHdf5)
{
    const fs::path zoo = folder / "zoo.h5";
    ASSERT_EQ(runCli({"convert", authors, "-o", zoo}).status, 0);
    fs::resize_file(zoo, fs::file_size(zoo) / 2);
    expectFailure(runCli({"convert", zoo, "-o", out}), "zoo.h5");
    expectFailure(runCli({"info", zoo}), "zoo.h5");
}

TEST_F(BadInput, TruncatedCheckpoint)
{
    fs::resize_file(encoder, fs::file_size(encoder) / 2);
    expectFailure(runCli({"embed", authors, "--encoder", encoder, "-o", out}), "flat.encoder.h5");
}

TEST_F(BadInput, EmptyFolder)
{
    fs::create_directories(folder / "empty");
    expectFailure(runCli({"info", folder / "empty"}), "empty");
    expectFailure(runCli({"convert", folder / "empty", "-o", out}), "empty");
}

TEST_F(BadInput, EmptyFile)
{
    writeBytes(folder / "nothing.h5", "");
    expectFailure(runCli({"info", folder / "nothing.h5"}), "nothing.h5");
    expectFailure(runCli({"convert", folder / "nothing.h5", "-o", out}), "nothing.h5");
    expectFailure(runCli({"embed", authors, "--encoder", folder / "nothing.h5", "-o", out}), "nothing.h5");
}

TEST_F(BadInput, Picture)
{
    writeBytes(folder / "photo.png", std::string("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16));
    expectFailure(runCli({"info", folder / "photo.png"}), "photo.png");
    expectFailure(runCli({"embed", folder / "photo.png", "--encoder", encoder, "-o", out}), "photo.png");
}

TEST_F(BadInput, DoesNotExist)
{
    const fs::path missing = folder / "missing.h5";
    expectFailure(runCli({"info", missing}), "missing.h5");
    expectFailure(runCli({"convert", missing, "-o", out}), "missing.h5");
    expectFailure(runCli({"embed", missing, "--encoder", encoder, "-o", out}), "missing.h5");
    expectFailure(runCli({"embed", authors, "--encoder", missing, "-o", out}), "missing.h5");
    expectFailure(runCli({"predict", missing, "--encoder", encoder}), "missing.h5");
    expectFailure(runCli({"train", missing, "--encoder", "flat", "-o", out}), "missing.h5");
}

TEST_F(BadInput, AnotherKindOfFile)
{
    expectFailure(runCli({"convert", encoder, "-o", out}), "is an encoder checkpoint, expected a zoo");
    expectFailure(runCli({"embed", authors, "--encoder", authors, "-o", out}), "expected an encoder checkpoint");
}

TEST_F(BadInput, CheckpointForNetworksOfAnotherShape)
{
    zoo::Checkpoint other;
    other.config
        = zoo::paperConfig(zoo::EncoderKind::Flat,
                           {.cell = zoo::Cell::Gru, .inputSize = 6, .hiddenSize = 5, .numLayers = 1, .outputSize = 6},
                           zoo::TaskFamily::FormalLanguage);
    const fs::path path = folder / "gru.encoder.h5";
    ASSERT_TRUE(zoo::writeCheckpoint(other, path));
    expectFailure(runCli({"embed", authors, "--encoder", path, "-o", out}), "gru.encoder.h5");
    expectFailure(runCli({"embed", authors, "--encoder", path, "-o", out}), "GRU 1×5");
}

TEST_F(BadInput, SettingsThatNoEncoderHas)
{
    writeBytes(folder / "config.json", R"({"magic": 1})");
    expectFailure(runCli({"train", authors, "--encoder", "flat", "--config", folder / "config.json", "-o", out}),
                  "magic");
}

TEST_F(Usage, WrongCallsEndWithStatusTwo)
{
    const std::vector<std::vector<std::string>> calls {
        {},
        {"dance"},
        {"info"},
        {"info", authors, "--wrong"},
        {"convert", authors},
        {"embed", authors, "-o", out},
        {"embed", authors, "--encoder", encoder},
        {"embed", authors, "--encoder", encoder, "-o", out, "--project", "isomap"},
        {"embed", authors, "--encoder", encoder, "-o", out, "--device", "abacus"},
        {"embed", authors, "--encoder", encoder, "-o", out, "--threads", "0"},
        {"embed", authors, "--encoder", encoder, "-o", folder / "out" / "result.txt"},
        {"predict", authors},
        {"train", authors, "-o", out},
        {"train", authors, "--encoder", "oracle", "-o", out},
        {"train", authors, "--encoder", "flat", "--preset", "huge", "-o", out},
    };
    for (const auto& call : calls) {
        const Outcome outcome = runCli(call);
        EXPECT_EQ(outcome.status, 2) << testing::PrintToString(call);
        EXPECT_THAT(outcome.error, StartsWith("rnnscope-cli: error: ")) << testing::PrintToString(call);
        EXPECT_EQ(outcome.out, "");
    }
    EXPECT_EQ(filesBesideOutput(), 0U);
}

TEST_F(Usage, UnknownProjectionsAreRefusedNamingTheKnown)
{
    EXPECT_THAT(runCli({"embed", authors, "--encoder", encoder, "-o", out, "--project", "isomap"}).error,
                HasSubstr("unknown projection 'isomap', expected pca, umap or tsne"));
}

TEST_F(Usage, EveryCommandHasHelp)
{
    EXPECT_EQ(runCli({"--help"}).status, 0);
    EXPECT_THAT(runCli({"--version"}).out, StartsWith("rnnscope-cli "));
    for (const char* command : {"info", "convert", "train", "embed", "predict"}) {
        const Outcome help = runCli({command, "--help"});
        EXPECT_EQ(help.status, 0) << command;
        EXPECT_THAT(help.out, HasSubstr("--json")) << command;
        EXPECT_EQ(help.error, "") << command;
    }
}

} // namespace

} // namespace rnnscope::test
