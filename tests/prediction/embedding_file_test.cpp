#include "core/prediction/embedding_file.h"
#include "core/zoo/hdf5_dataset.h"
#include "zoo/zoo_files.h"

#include <limits>

namespace {

using namespace rnnscope;
using namespace rnnscope::testdata;
using prediction::EmbeddingSource;
using prediction::EmbeddingSummary;
using prediction::EmbeddingWriter;
using prediction::Prediction;
using prediction::TraceView;
using zoo::hdf5::Dataset;
using zoo::hdf5::Node;

constexpr std::size_t kNetworks = 4;
constexpr std::size_t kSize = 3; // D

Matrix numbers(std::size_t rows, std::size_t columns, float first)
{
    Matrix made(rows, columns);
    for (std::size_t i = 0; i < made.values.size(); ++i)
        made.values[i] = first + static_cast<float>(i);
    return made;
}

EmbeddingSource source()
{
    auto checkpoint = std::make_shared<zoo::Checkpoint>();
    checkpoint->path = "/data/small.h5";
    checkpoint->config = zoo::paperConfig(zoo::EncoderKind::Flat, memoryZoo().architecture, zoo::TaskFamily::Custom);
    checkpoint->config.embeddingSize = static_cast<int>(kSize);
    return {.zoo = std::make_shared<zoo::Zoo>(memoryZoo()),
            .checkpoint = checkpoint,
            .zooFingerprint = "00000000000000aa",
            .checkpointFingerprint = "00000000000000bb"};
}

EmbeddingSummary summary()
{
    EmbeddingSummary made;
    made.projection = numbers(kNetworks, 2, 0.5F);
    made.splits = {zoo::Split::Training, zoo::Split::Ood, zoo::Split::Unknown, zoo::Split::Validation};
    made.failed = {2};
    made.device = "CPU, 2 threads";
    made.seconds = 1.5;
    Prediction score;
    score.property = "score";
    score.values = {0.25, 0.5, NAN, 1.0};
    Prediction task;
    task.property = "task";
    task.kind = zoo::PropertyKind::Integer;
    task.columns = 2;
    task.values = {0, 1, -1, 1, NAN, NAN, 2, 0};
    task.classes = {{-1, 0, 2}, {0, 1}};
    task.probabilities.assign(kNetworks * 2 * 3, 0.25F);
    Prediction optimiser;
    optimiser.property = "optimiser";
    optimiser.kind = zoo::PropertyKind::Categorical;
    optimiser.values = {0, 1, NAN, 1};
    optimiser.classes = {{0, 1}};
    optimiser.labels = {"sgd, plain", "Übung"};
    optimiser.probabilities.assign(kNetworks * 2, 0.5F);
    made.predictions = {score, task, optimiser};
    return made;
}

class EmbeddingFile : public FolderTest
{
protected:
    Result<void> writeAll(const fs::path& path, const EmbeddingSummary& last) const
    {
        auto writer = EmbeddingWriter::open(path, source());
        if (!writer)
            return forward(writer);
        for (const std::size_t first : {0U, 2U}) { // network 3 is never appended
            const std::size_t count = first == 0 ? 2 : 1;
            const std::vector<float> inputs(count * 5 * 2 * 3, static_cast<float>(first));
            const std::vector<float> outputs(count * 5 * 2 * 4, static_cast<float>(first) + 0.5F);
            const TraceView traces {
                .steps = 5, .parallel = 2, .inputSize = 3, .outputSize = 4, .inputs = inputs, .outputs = outputs};
            const float value = static_cast<float>(first) * 10.0F;
            if (auto appended
                = writer->append(first, numbers(count, kSize, value + 100.0F), numbers(count, kSize, value), traces);
                !appended)
                return appended;
        }
        return writer->finish(last);
    }
    std::vector<std::string> csvLines(const fs::path& path) const
    {
        std::vector<std::string> lines;
        std::ifstream in(path);
        for (std::string line; std::getline(in, line);)
            lines.push_back(line);
        return lines;
    }
};

TEST_F(EmbeddingFile, Hdf5HoldsWhatTheFormatSays)
{
    const fs::path path = folder / "out.h5";
    const auto written = writeAll(path, summary());
    ASSERT_TRUE(written) << written.error().message;
    EXPECT_EQ(files(), 1U);
    const Node file = Node::openFile(path);
    EXPECT_EQ(file.text("zoo"), "four GRUs");
    EXPECT_EQ(file.text("zoo_fingerprint"), "00000000000000aa");
    EXPECT_EQ(file.text("checkpoint"), "small.h5");
    EXPECT_EQ(file.text("checkpoint_fingerprint"), "00000000000000bb");
    EXPECT_EQ(file.text("device"), "CPU, 2 threads");
    EXPECT_EQ(file.real("seconds"), 1.5);
    const Dataset embedding(file, "embedding");
    EXPECT_EQ(embedding.shape(), (std::vector<std::size_t> {4, 3}));
    const auto values = embedding.readFloats();
    EXPECT_EQ(values[4], 4.0F);
    EXPECT_EQ(values[6], 20.0F);
    EXPECT_TRUE(std::isnan(values[9]));
    EXPECT_EQ(Dataset(file, "embedding_raw").readFloats()[8], 122.0F);
    EXPECT_EQ(Dataset(file.group("projection"), "pca").readFloats()[7], 7.5F);
    EXPECT_EQ(Dataset(file, "split").readIntegers(), (std::vector<std::int64_t> {0, 3, -1, 1}));
    EXPECT_EQ(Dataset(file, "failed").readIntegers(), std::vector<std::int64_t> {2});
    EXPECT_EQ(file.group("properties").members().size(), 4U);
}

TEST_F(EmbeddingFile, Hdf5HoldsTracesByNetwork)
{
    ASSERT_TRUE(writeAll(folder / "out.h5", summary()));
    const Node probing = Node::openFile(folder / "out.h5").group("probing");
    const Dataset inputs(probing, "inputs");
    const Dataset outputs(probing, "outputs");
    EXPECT_EQ(inputs.shape(), (std::vector<std::size_t> {4, 5, 2, 3}));
    EXPECT_EQ(outputs.shape(), (std::vector<std::size_t> {4, 5, 2, 4}));
    EXPECT_EQ(inputs.readFloats()[0], 0.0F);
    EXPECT_EQ(inputs.readFloats()[2 * 30], 2.0F);
    EXPECT_EQ(outputs.readFloats()[2 * 40 + 39], 2.5F);
    EXPECT_TRUE(std::isnan(outputs.readFloats().back()));
}

TEST_F(EmbeddingFile, Hdf5HoldsPredictions)
{
    ASSERT_TRUE(writeAll(folder / "out.h5", summary()));
    const Node predictions = Node::openFile(folder / "out.h5").group("predictions");
    EXPECT_EQ(Dataset(predictions.group("score"), "value").shape(), std::vector<std::size_t> {4});
    const Node task = predictions.group("task");
    EXPECT_EQ(Dataset(task, "value").shape(), (std::vector<std::size_t> {4, 2}));
    EXPECT_EQ(Dataset(task, "probabilities").shape(), (std::vector<std::size_t> {4, 2, 3}));
    EXPECT_TRUE(task.hasAttribute("classes"));
    EXPECT_EQ(task.text("kind"), "integer");
    EXPECT_EQ(predictions.group("optimiser").texts("labels"), (std::vector<std::string> {"sgd, plain", "Übung"}));
}

/// The summary with intervals, sets and trust.
EmbeddingSummary calibrated()
{
    EmbeddingSummary made = summary();
    for (auto& prediction : made.predictions)
        prediction.level = 0.75;
    const double infinity = std::numeric_limits<double>::infinity();
    made.predictions[0].lower = {0.125, -infinity, NAN, 0.5};
    made.predictions[0].upper = {0.375, infinity, NAN, 1.5};
    made.predictions[1].inSet.assign(kNetworks * 2 * 3, 0);
    made.predictions[1].inSet[1] = made.predictions[1].inSet[2] = made.predictions[1].inSet[3] = 1;
    made.predictions[2].inSet = {1, 1, 0, 1, 0, 0, 1, 0};
    made.trust = {0.0, 12.5, NAN, 100.0};
    return made;
}

TEST_F(EmbeddingFile, Hdf5HoldsIntervalsSetsAndTrust)
{
    const auto written = writeAll(folder / "out.h5", calibrated());
    ASSERT_TRUE(written) << written.error().message;
    const Node file = Node::openFile(folder / "out.h5");
    const Node predictions = file.group("predictions");
    const Node score = predictions.group("score");
    EXPECT_EQ(score.real("level"), 0.75);
    EXPECT_EQ(Dataset(score, "lower").shape(), std::vector<std::size_t> {4});
    EXPECT_EQ(Dataset(score, "lower").readDoubles()[0], 0.125);
    EXPECT_EQ(Dataset(score, "upper").readDoubles()[3], 1.5);
    EXPECT_TRUE(std::isinf(Dataset(score, "upper").readDoubles()[1]));
    EXPECT_FALSE(score.has("set"));
    const Dataset set(predictions.group("task"), "set");
    EXPECT_EQ(set.shape(), (std::vector<std::size_t> {4, 2, 3}));
    const auto bits = set.readIntegers();
    EXPECT_EQ(std::vector<std::int64_t>(bits.begin(), bits.begin() + 6),
              (std::vector<std::int64_t> {0, 1, 1, 1, 0, 0}));
    EXPECT_FALSE(predictions.group("task").has("lower"));
    const auto trust = Dataset(file, "trust").readDoubles();
    EXPECT_EQ(trust[1], 12.5);
    EXPECT_TRUE(std::isnan(trust[2]));
}

TEST_F(EmbeddingFile, HoldsNoEmptyPredictionsNorUnknownLevels)
{
    ASSERT_TRUE(writeAll(folder / "out.h5", summary()));
    EXPECT_FALSE(Node::openFile(folder / "out.h5").group("predictions").group("score").hasAttribute("level"));
    EXPECT_FALSE(Node::openFile(folder / "out.h5").has("trust"));
    auto none = summary();
    none.predictions.clear();
    ASSERT_TRUE(writeAll(folder / "out.h5", none));
    EXPECT_FALSE(Node::openFile(folder / "out.h5").has("predictions"));
}

TEST_F(EmbeddingFile, CsvHoldsIntervalsSetsAndTrust)
{
    ASSERT_TRUE(writeAll(folder / "out.csv", calibrated()));
    const auto lines = csvLines(folder / "out.csv");
    const std::string title = "pca_x,pca_y,predicted_score,lower_score,upper_score,predicted_task_0,set_task_0,"
                              "predicted_task_1,set_task_1,predicted_optimiser,set_optimiser,trust,split";
    EXPECT_TRUE(lines.at(0).ends_with(title)) << lines[0];
    EXPECT_TRUE(lines.at(1).ends_with(R"(,0.25,0.125,0.375,0,0|2,1,0,"sgd, plain","sgd, plain|Übung",0,0)"))
        << lines[1];
    EXPECT_TRUE(lines.at(2).ends_with(",0.5,-inf,inf,-1,,1,,Übung,Übung,12.5,3")) << lines[2];
    EXPECT_TRUE(lines.at(3).ends_with(",,,,,,,,,,,-1")) << lines[3];
}

TEST_F(EmbeddingFile, SaysWhichIntervalsDoNotFit)
{
    auto bad = calibrated();
    bad.predictions[0].upper.pop_back();
    expectSentence(writeAll(folder / "out.h5", bad), "'score'");
    bad = calibrated();
    bad.predictions[1].inSet.pop_back();
    expectSentence(writeAll(folder / "out.h5", bad), "'task'");
    bad = calibrated();
    bad.trust.pop_back();
    expectSentence(writeAll(folder / "out.h5", bad), "the trust");
    EXPECT_EQ(files(), 0U);
}

TEST_F(EmbeddingFile, CsvHasOneRowPerNetwork)
{
    const auto written = writeAll(folder / "out.csv", summary());
    ASSERT_TRUE(written) << written.error().message;
    const auto lines = csvLines(folder / "out.csv");
    ASSERT_EQ(lines.size(), 1 + kNetworks);
    EXPECT_EQ(lines[0],
              "row,optimiser,phase,run,\"score, % of \"\"all\"\"\",e0,e1,e2,pca_x,pca_y,predicted_score,"
              "predicted_task_0,predicted_task_1,predicted_optimiser,split");
    EXPECT_EQ(lines[1], "0,Übung,0.5,7,0.25,0,1,2,0.5,1.5,0.25,0,1,\"sgd, plain\",0");
    EXPECT_EQ(lines[2], "1,\"sgd, plain\",1.5,8,,3,4,5,2.5,3.5,0.5,-1,1,Übung,3");
    EXPECT_EQ(lines[3], "2,Übung,2.25,9,1e+300,20,21,22,4.5,5.5,,,,,-1");
    EXPECT_EQ(lines[4], "3,,3,-10,-0.1,,,,6.5,7.5,1,2,0,Übung,1");
}

TEST_F(EmbeddingFile, UnfinishedFilesLeaveNothing)
{
    writeBytes(folder / "out.h5", "old");
    {
        auto writer = EmbeddingWriter::open(folder / "out.h5", source());
        ASSERT_TRUE(writer);
        ASSERT_TRUE(writer->append(0, numbers(1, kSize, 0), numbers(1, kSize, 0)));
    }
    EXPECT_EQ(files(), 1U);
    EXPECT_EQ(readBytes(folder / "out.h5"), "old");
}

TEST_F(EmbeddingFile, SaysWhatDoesNotFit)
{
    auto writer = EmbeddingWriter::open(folder / "out.h5", source());
    ASSERT_TRUE(writer);
    expectSentence(writer->append(3, numbers(2, kSize, 0), numbers(2, kSize, 0)), "expected");
    expectSentence(writer->append(0, numbers(1, kSize + 1, 0), numbers(1, kSize + 1, 0)), "expected");
    EmbeddingSummary wrong = summary();
    wrong.splits.pop_back();
    expectSentence(writer->finish(wrong), "the split has 3 rows");
    expectSentence(writeAll(folder / "none" / "out.csv", summary()), "does not exist");
}

} // namespace
