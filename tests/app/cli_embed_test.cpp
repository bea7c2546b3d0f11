#include "app/cli_test_case.h"
#include "core/zoo/checkpoint.h"
#include "core/zoo/hdf5_dataset.h"

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

namespace rnnscope::test {

namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// Commands that need the engine; the core-only build has none unless RNNSCOPE_ENGINE names one.
class EngineTest : public CliTest
{
protected:
    void SetUp() override
    {
        if (RNNSCOPE_HAS_ENGINE == 0 && std::getenv("RNNSCOPE_ENGINE") == nullptr)
            GTEST_SKIP() << "built without the engine";
        CliTest::SetUp();
    }
};

using Embed = EngineTest;
using Predict = EngineTest;
using Train = EngineTest;

std::vector<double> numbers(const fs::path& path, const std::string& dataset)
{
    const zoo::hdf5::Lock lock;
    return zoo::hdf5::Dataset(zoo::hdf5::Node::openFile(path), dataset).readDoubles();
}

std::vector<std::vector<std::string>> csvRows(const fs::path& path)
{
    std::ifstream in(path);
    std::vector<std::vector<std::string>> rows;
    for (std::string line; std::getline(in, line);) {
        std::istringstream cells(line);
        rows.emplace_back();
        for (std::string cell; std::getline(cells, cell, ',');)
            rows.back().push_back(cell);
    }
    return rows;
}

TEST_F(Embed, WritesOneUnitVectorANetwork)
{
    const Outcome embed = runCli({"embed", authors, "--encoder", encoder, "-o", out, "--device", "cpu"});
    ASSERT_EQ(embed.status, 0) << embed.error;
    EXPECT_EQ(embed.error, "");
    EXPECT_EQ(filesBesideOutput(), 1U);
    const auto embedding = numbers(out, "embedding");
    const auto raw = numbers(out, "embedding_raw");
    ASSERT_EQ(embedding.size(), kNetworks * 4);
    for (std::size_t row = 0; row < kNetworks; ++row) {
        double norm = 0.0;
        double rawNorm = 0.0;
        for (std::size_t i = row * 4; i < (row + 1) * 4; ++i) {
            norm += embedding[i] * embedding[i];
            rawNorm += raw[i] * raw[i];
        }
        EXPECT_NEAR(norm, 1.0, 1e-5);
        EXPECT_NEAR(raw[row * 4] / std::sqrt(rawNorm), embedding[row * 4], 1e-5);
    }
}

TEST_F(Embed, AddsProjectionPredictionsAndSplitsWhenAsked)
{
    const Outcome embed = runCli(
        {"embed", authors, "--encoder", encoder, "-o", out, "--project", "pca", "--predict", "--device", "cpu"});
    ASSERT_EQ(embed.status, 0) << embed.error;
    const zoo::hdf5::Lock lock;
    const auto file = zoo::hdf5::Node::openFile(out);
    EXPECT_EQ(zoo::hdf5::Dataset(file.group("projection"), "pca").shape(), (std::vector<std::size_t> {kNetworks, 2}));
    EXPECT_TRUE(file.group("predictions").has("accuracy"));
    EXPECT_TRUE(file.group("predictions").has("charm"));
    EXPECT_EQ(zoo::hdf5::Dataset(file, "split").readIntegers(), (std::vector<std::int64_t> {0, 0, -1, -1, 3, 3}));
    EXPECT_TRUE(file.group("properties").has("accuracy"));
    EXPECT_GT(file.real("seconds"), 0.0);
}

TEST_F(Embed, WritesTheSameNumbersAsCsv)
{
    const fs::path csv = folder / "result.csv";
    ASSERT_EQ(runCli({"embed", authors, "--encoder", encoder, "-o", out, "--device", "cpu"}).status, 0);
    ASSERT_EQ(runCli({"embed", authors, "--encoder", encoder, "-o", csv, "--device", "cpu"}).status, 0);
    const auto rows = csvRows(csv);
    ASSERT_EQ(rows.size(), kNetworks + 1);
    const auto found = std::find(rows[0].begin(), rows[0].end(), "e0");
    ASSERT_NE(found, rows[0].end());
    const auto column = static_cast<std::size_t>(found - rows[0].begin());
    const auto embedding = numbers(out, "embedding");
    for (std::size_t row = 0; row < kNetworks; ++row)
        EXPECT_NEAR(std::stod(rows[row + 1].at(column)), embedding[row * 4], 1e-6);
}

TEST_F(Embed, NamesRowsThatAreNotFiniteAndGoesOn)
{
    const fs::path spoilt = folder / "spoilt.h5";
    writeZooWithNan(spoilt, **zoo::openZoo(authors), 3);
    const Outcome embed = runCli({"embed", spoilt, "--encoder", encoder, "-o", out, "--device", "cpu"});
    ASSERT_EQ(embed.status, 0) << embed.error;
    EXPECT_THAT(embed.error, HasSubstr("row 3"));
    EXPECT_TRUE(std::isnan(numbers(out, "embedding")[3 * 4]));
    EXPECT_FALSE(std::isnan(numbers(out, "embedding")[2 * 4]));
    EXPECT_EQ(numbers(out, "failed"), std::vector<double> {3});
}

TEST_F(Embed, StrictFailsOnRowsThatAreNotFinite)
{
    const fs::path spoilt = folder / "spoilt.h5";
    writeZooWithNan(spoilt, **zoo::openZoo(authors), 3);
    expectFailure(runCli({"embed", spoilt, "--encoder", encoder, "-o", out, "--strict", "--device", "cpu"}), "row 3");
}

TEST_F(Embed, TracesOfAnEncoderWithoutProbesAreANote)
{
    const Outcome embed = runCli({"embed", authors, "--encoder", encoder, "-o", out, "--traces", "--device", "cpu"});
    EXPECT_EQ(embed.status, 0);
    EXPECT_THAT(embed.error, HasSubstr("rnnscope-cli: note: "));
    EXPECT_THAT(embed.error, HasSubstr("no probes"));
}

TEST_F(Embed, PrintsASummaryForPrograms)
{
    const Outcome embed = runCli({"embed", authors, "--encoder", encoder, "-o", out, "--json", "--device", "cpu"});
    const auto json = nlohmann::json::parse(embed.out);
    EXPECT_EQ(json["networks"], kNetworks);
    EXPECT_EQ(json["device"], "cpu");
}

TEST_F(Predict, PrintsPredictedBesideActual)
{
    const Outcome predict = runCli({"predict", authors, "--encoder", encoder, "--device", "cpu"});
    ASSERT_EQ(predict.status, 0) << predict.error;
    for (const char* expected : {"accuracy", "charm", "not recorded", "training", "held out", "unknown"})
        EXPECT_THAT(predict.out, HasSubstr(expected));
}

TEST_F(Predict, PrintsOneObjectAZooForPrograms)
{
    const Outcome predict = runCli({"predict", authors, authors, "--encoder", encoder, "--json", "--device", "cpu"});
    ASSERT_EQ(predict.status, 0) << predict.error;
    std::istringstream lines(predict.out);
    std::size_t zoos = 0;
    for (std::string line; std::getline(lines, line); ++zoos) {
        const auto json = nlohmann::json::parse(line);
        ASSERT_EQ(json["networks"].size(), kNetworks);
        const auto& last = json["networks"][5];
        EXPECT_EQ(last["run"].dump(), "2");
        EXPECT_EQ(last["step"], 100);
        EXPECT_EQ(last["split"], "held out");
        EXPECT_DOUBLE_EQ(last["predictions"]["accuracy"]["actual"].get<double>(), 0.75);
        EXPECT_TRUE(last["predictions"]["accuracy"]["predicted"].is_number());
        EXPECT_TRUE(last["predictions"]["charm"]["actual"].is_null());
    }
    EXPECT_EQ(zoos, 2U);
}

TEST_F(Train, WritesACheckpointThatEmbedsWithTraces)
{
    writeBytes(folder / "config.json", R"({"probing_length": 4, "parallel_sequences": 2, "embedding_size": 3,
        "core_hidden_size": 8, "mlp_hidden_size": 8})");
    const fs::path trained = folder / "trained.encoder.h5";
    const Outcome train = runCli({"train", authors, "--encoder", "interactive_probing", "--preset", "compact",
                                  "--config", folder / "config.json", "--steps", "3", "--batch", "4", "--seed", "7",
                                  "-o", trained, "--device", "cpu", "--json"});
    ASSERT_EQ(train.status, 0) << train.error;
    EXPECT_EQ(nlohmann::json::parse(train.out)["steps"], 3);
    const auto checkpoint = zoo::openCheckpoint(trained);
    ASSERT_TRUE(checkpoint) << checkpoint.error().message;
    EXPECT_EQ((*checkpoint)->config.probingLength, 4);
    EXPECT_EQ(nlohmann::json::parse((*checkpoint)->provenance)["seed"], 7);

    const Outcome embed = runCli({"embed", authors, "--encoder", trained, "-o", out, "--traces", "--device", "cpu"});
    ASSERT_EQ(embed.status, 0) << embed.error;
    const zoo::hdf5::Lock lock;
    const zoo::hdf5::Dataset inputs(zoo::hdf5::Node::openFile(out).group("probing"), "inputs");
    EXPECT_EQ(inputs.shape(), (std::vector<std::size_t> {kNetworks, 4, 2, 6}));
}

TEST_F(Train, CtrlCLeavesTheOldCheckpoint)
{
    writeBytes(out, "old");
    const auto engineIsLoaded = [](pid_t program) {
        return readBytes("/proc/" + std::to_string(program) + "/maps").find("librnnscope_engine") != std::string::npos;
    };
    const Outcome train = interruptCli({"train", authors, "--encoder", "flat", "--preset", "compact", "--steps",
                                        "1000000", "-o", out, "--device", "cpu"},
                                       engineIsLoaded);
    EXPECT_EQ(train.status, 1);
    EXPECT_TRUE(train.error.ends_with("rnnscope-cli: error: cancelled\n")) << train.error; // notes may come before
    EXPECT_EQ(readBytes(out), "old");
    EXPECT_EQ(filesBesideOutput(), 1U);
}

} // namespace

} // namespace rnnscope::test
