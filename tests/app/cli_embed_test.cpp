#include "app/cli_test_case.h"
#include "core/base/cpu_features.h"
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

/// The encoder with a calibrated head for the accuracy and for one of three classes; that of charm stays as it is.
void writeCalibrated(const fs::path& encoder, const fs::path& path)
{
    zoo::Checkpoint checkpoint = **zoo::openCheckpoint(encoder);
    const zoo::Calibration calibration {std::vector<double>(9, 0.8), {0, 1, 2, 3, 4, 5, 6, 7, 8}};
    checkpoint.heads.at(0).calibration = calibration;
    zoo::Head flavour;
    flavour.property = "flavour";
    flavour.kind = zoo::PropertyKind::Categorical;
    flavour.classes = {{0, 1, 2}};
    flavour.labels = {"up", "down", "top"};
    flavour.state = {{"0.weight", {{3, 4}, std::vector<float>(12, 0.0F)}}, {"0.bias", {{3}, {1.0F, 0.9F, -9.0F}}}};
    flavour.calibration = calibration;
    checkpoint.heads.push_back(flavour);
    ASSERT_TRUE(zoo::writeCheckpoint(checkpoint, path));
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

TEST_F(Embed, KnowsTheSplitsInAPartOfTheZooInAnotherPrecision)
{
    const fs::path part = folder / "part.h5";
    ASSERT_EQ(runCli({"convert", authors, "-o", part, "--rows", "0-2,5", "--half"}).status, 0);
    const fs::path smaller = folder / "smaller.h5";
    ASSERT_EQ(runCli({"convert", part, "-o", smaller, "--rows", "2,3"}).status, 0);
    ASSERT_EQ(runCli({"embed", part, "--encoder", encoder, "-o", out, "--device", "cpu"}).status, 0);
    EXPECT_EQ(numbers(out, "split"), (std::vector<double> {0, 0, -1, 3}));
    ASSERT_EQ(runCli({"embed", smaller, "--encoder", encoder, "-o", out, "--device", "cpu"}).status, 0);
    EXPECT_EQ(numbers(out, "split"), (std::vector<double> {-1, 3}));
}

TEST_F(Embed, LaysOutMapsStepByStep)
{
    for (const std::string kind : {"umap", "tsne"}) {
        const Outcome embed
            = runCli({"embed", authors, "--encoder", encoder, "-o", out, "--project", kind, "--device", "cpu"});
        ASSERT_EQ(embed.status, 0) << embed.error;
        const auto map = numbers(out, "projection/" + kind);
        ASSERT_EQ(map.size(), 2 * kNetworks);
        EXPECT_NE(map, numbers(out, "embedding"));
        EXPECT_TRUE(std::ranges::all_of(map, [](double x) { return std::abs(x) < 1e4 || std::isnan(x); }));
    }
    const fs::path csv = folder / "embedding.csv";
    ASSERT_EQ(
        runCli({"embed", authors, "--encoder", encoder, "-o", csv, "--project", "umap", "--device", "cpu"}).status, 0);
    std::ifstream in(csv);
    std::string titles;
    std::getline(in, titles);
    EXPECT_THAT(titles, HasSubstr("umap_x,umap_y"));
}

TEST_F(Embed, AddsIntervalsAndSetsOfCalibratedHeads)
{
    const fs::path calibrated = folder / "calibrated.h5";
    writeCalibrated(encoder, calibrated);
    const Outcome embed = runCli(
        {"embed", authors, "--encoder", calibrated, "-o", out, "--predict", "--level", "0.8", "--device", "cpu"});
    ASSERT_EQ(embed.status, 0) << embed.error;
    EXPECT_THAT(embed.error, HasSubstr("not calibrated, so without an interval: charm"));
    EXPECT_THAT(embed.error, HasSubstr("no trust: "));
    const auto value = numbers(out, "predictions/accuracy/value");
    const auto lower = numbers(out, "predictions/accuracy/lower");
    const auto upper = numbers(out, "predictions/accuracy/upper");
    ASSERT_EQ(lower.size(), kNetworks);
    for (std::size_t row = 0; row < kNetworks; ++row) { // a head without a spread: 0.8 times its scale
        EXPECT_NEAR(value[row] - lower[row], 0.2, 1e-9);
        EXPECT_NEAR(upper[row] - value[row], 0.2, 1e-9);
    }
    EXPECT_EQ(numbers(out, "predictions/flavour/set"),
              (std::vector<double> {1, 1, 0, 1, 1, 0, 1, 1, 0, //
                                    1, 1, 0, 1, 1, 0, 1, 1, 0}));
    const zoo::hdf5::Lock lock;
    const auto predictions = zoo::hdf5::Node::openFile(out).group("predictions");
    EXPECT_EQ(predictions.group("accuracy").real("level"), 0.8);
    EXPECT_FALSE(predictions.group("charm").has("lower"));
}

TEST_F(Embed, WithoutPredictHasNoPredictions)
{
    ASSERT_EQ(runCli({"embed", authors, "--encoder", encoder, "-o", out, "--device", "cpu"}).status, 0);
    const zoo::hdf5::Lock lock;
    EXPECT_FALSE(zoo::hdf5::Node::openFile(out).has("predictions"));
}

TEST_F(Embed, RefusesLevelsThatAreNoProbabilities)
{
    for (const char* level : {"0", "1", "90", "x"})
        EXPECT_EQ(runCli({"embed", authors, "--encoder", encoder, "-o", out, "--level", level}).status, 2) << level;
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

TEST_F(Embed, MeasuresWhatRoundingChanges)
{
    const Outcome embed = runCli(
        {"embed", authors, "--encoder", encoder, "-o", out, "--device", "cpu", "--precision", "bf16", "--json"});
    ASSERT_EQ(embed.status, 0) << embed.error;
    const auto json = nlohmann::json::parse(embed.out);
    if (!cpuFeatures().bf16) {
        EXPECT_THAT(embed.error, HasSubstr("this processor has no bf16 products"));
        EXPECT_FALSE(json.contains("deviation_from_fp32"));
        return;
    }
    const auto rounded = numbers(out, "embedding");
    ASSERT_EQ(runCli({"embed", authors, "--encoder", encoder, "-o", out, "--device", "cpu"}).status, 0);
    const auto exact = numbers(out, "embedding");
    double largest = 0.0;
    for (std::size_t row = 0; row < kNetworks; ++row) {
        double square = 0.0;
        for (std::size_t i = row * 4; i < (row + 1) * 4; ++i)
            square += std::pow(rounded[i] - exact[i], 2);
        largest = std::max(largest, std::sqrt(square));
    }
    EXPECT_GT(largest, 0.0);
    const auto& deviation = json["deviation_from_fp32"];
    EXPECT_EQ(deviation["networks"], kNetworks);
    EXPECT_NEAR(deviation["largest"].get<double>(), largest, 1e-6);
    EXPECT_LE(deviation["mean"], deviation["largest"]);
}

TEST_F(Embed, RefusesUnknownPrecisions)
{
    const Outcome embed = runCli({"embed", authors, "--encoder", encoder, "-o", out, "--precision", "fp8"});
    EXPECT_EQ(embed.status, 2);
    EXPECT_THAT(embed.error, HasSubstr("expected fp32 or bf16"));
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

TEST_F(Predict, PrintsIntervalsAndSets)
{
    const fs::path calibrated = folder / "calibrated.h5";
    writeCalibrated(encoder, calibrated);
    const Outcome predict = runCli({"predict", authors, "--encoder", calibrated, "--device", "cpu"});
    ASSERT_EQ(predict.status, 0) << predict.error;
    EXPECT_THAT(predict.out, HasSubstr("up {up, down}"));
    EXPECT_THAT(predict.out, testing::ContainsRegex("0\\.[0-9]+ \\[.*, .*\\]"));
    EXPECT_THAT(predict.out, HasSubstr("hold the truth of 90 % of unseen networks"));
    const Outcome json
        = runCli({"predict", authors, "--encoder", calibrated, "--level", "0.99", "--json", "--device", "cpu"});
    ASSERT_EQ(json.status, 0) << json.error;
    const auto predictions = nlohmann::json::parse(json.out)["networks"][0]["predictions"];
    EXPECT_EQ(predictions["accuracy"]["level"], 0.99);
    EXPECT_EQ(predictions["accuracy"]["lower"], 0.0); // nine scores exclude no accuracy at 99 %
    EXPECT_EQ(predictions["accuracy"]["upper"], 1.0);
    EXPECT_EQ(predictions["flavour"]["set"], (std::vector<std::string> {"up", "down", "top"}));
    EXPECT_FALSE(predictions["charm"].contains("level"));
    EXPECT_FALSE(predictions["charm"].contains("lower"));
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
