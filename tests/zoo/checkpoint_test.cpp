#include "core/zoo/checkpoint.h"
#include "zoo/raw_hdf5.h"
#include "zoo/zoo_files.h"

#include <nlohmann/json.hpp>

namespace {

using namespace rnnscope;
using namespace rnnscope::testdata;
using zoo::Checkpoint;
using zoo::openCheckpoint;
using zoo::writeCheckpoint;

zoo::Tensor tensor(std::vector<std::int64_t> shape)
{
    std::size_t entries = 1;
    for (const std::int64_t size : shape)
        entries *= static_cast<std::size_t>(size);
    zoo::Tensor made {.shape = std::move(shape), .values = std::vector<float>(entries)};
    for (std::size_t i = 0; i < entries; ++i)
        made.values[i] = std::sin(static_cast<float>(i));
    return made;
}

Checkpoint fullCheckpoint()
{
    Checkpoint made;
    const zoo::Architecture rnn {zoo::Cell::Lstm, 6, 32, 2, 6};
    made.config = zoo::compactConfig(zoo::EncoderKind::InteractiveProbing, rnn, zoo::TaskFamily::FormalLanguage);
    made.provenance = R"({"seed": 3})";
    made.zooFingerprint = "0123456789abcdef";
    made.encoder = {{"rnn_cells.0.cell.weight_ih", tensor({8, 3})}, {"bos", tensor({5})}, {"scalar", tensor({})}};
    made.emulatorConfig = {.hiddenSize = 17, .numLayers = 3, .onlyConditionBos = false};
    made.emulator = {{"lstm.weight_ih_l0", tensor({4, 2, 3})}};
    made.heads.resize(3);
    made.heads[0].property = "accuracy";
    made.heads[0].mean = {0.5};
    made.heads[0].scale = {0.1};
    made.heads[0].state = {{"0.weight", tensor({1, 16})}, {"0.bias", tensor({1})}};
    made.heads[1].property = "angle";
    made.heads[1].kind = zoo::PropertyKind::Circular;
    made.heads[1].unit = "deg";
    made.heads[1].period = 360.0;
    made.heads[1].state = {{"0.bias", tensor({9})}, {"10.bias", tensor({2})}, {"2.bias", tensor({7})}};
    made.heads[2].property = "task";
    made.heads[2].kind = zoo::PropertyKind::Categorical;
    made.heads[2].classes = {{-1, 0, 1}, {0, 5}};
    made.heads[2].labels = {"x", "y"};
    made.training
        = zoo::TrainingRecord {.step = {0, 100},
                               .trainLoss = {1.0, 0.5},
                               .validationLoss = {NAN, 0.6},
                               .oodLoss = {NAN, NAN},
                               .splits = {.train = {1, 2}, .validation = {3}, .calibration = {}, .ood = {-4}}};
    made.referenceEmbedding = Matrix(3, 16, 0.25F);
    made.referenceSplits = {zoo::Split::Ood, zoo::Split::Unknown, zoo::Split::Training};
    made.referenceRuns = {7, -1, 1};
    made.constant
        = zoo::ConstantBaseline {.steps = 1500, .train = 0.25, .validation = 0.5, .calibration = NAN, .ood = 0.75};
    made.resume = zoo::ResumeState {.step = 120,
                                    .options = R"({"steps": 3000})",
                                    .encoder = {{"bos", tensor({5})}},
                                    .emulator = {{"lstm.weight_ih_l0", tensor({4, 2, 3})}},
                                    .moments = {{"encoder/bos/first", tensor({5})},
                                                {"encoder/bos/second", tensor({5})},
                                                {"emulator/lstm.weight_ih_l0/first", tensor({4, 2, 3})},
                                                {"emulator/lstm.weight_ih_l0/second", tensor({4, 2, 3})}},
                                    .bestLoss = 0.1,
                                    .bestStep = 100,
                                    .evaluationsSinceBest = 1,
                                    .lossSum = 0.1 + 0.2,
                                    .lossCount = 20};
    return made;
}

void expectSameState(const zoo::State& a, const zoo::State& b, float relative)
{
    ASSERT_EQ(a.size(), b.size());
    for (const auto& [name, one] : a) {
        ASSERT_TRUE(b.contains(name)) << name;
        EXPECT_EQ(one.shape, b.at(name).shape) << name;
        ASSERT_EQ(one.values.size(), b.at(name).values.size()) << name;
        for (std::size_t i = 0; i < one.values.size(); ++i)
            EXPECT_NEAR(one.values[i], b.at(name).values[i], relative * std::abs(one.values[i])) << name;
    }
}

class CheckpointFile : public FolderTest
{
protected:
    fs::path path() const { return folder / "small.h5"; }

    /// The full checkpoint with one thing changed through the library.
    template <typename Change>
    void expectRefused(Change change, const std::string& part) const
    {
        ASSERT_TRUE(writeCheckpoint(fullCheckpoint(), path()));
        {
            const Handle file(H5Fopen(path().c_str(), H5F_ACC_RDWR, H5P_DEFAULT), H5Fclose, "file");
            change(file.get());
        }
        expectSentence(openCheckpoint(path()), part);
    }
};

TEST_F(CheckpointFile, SurvivesTheRoundTrip)
{
    const Checkpoint before = fullCheckpoint();
    const auto written = writeCheckpoint(before, path());
    ASSERT_TRUE(written) << written.error().message;
    const auto opened = openCheckpoint(path());
    ASSERT_TRUE(opened) << opened.error().message;
    const Checkpoint& after = **opened;
    EXPECT_EQ(after.path, path());
    EXPECT_EQ(toJson(after.config), toJson(before.config));
    EXPECT_EQ(after.config.kind, before.config.kind);
    EXPECT_EQ(after.provenance, before.provenance);
    EXPECT_EQ(after.zooFingerprint, before.zooFingerprint);
    expectSameState(after.encoder, before.encoder, 0.0F);
    expectSameState(after.emulator, before.emulator, 0.0F);
    EXPECT_EQ(after.emulatorConfig.hiddenSize, 17);
    EXPECT_EQ(after.emulatorConfig.numLayers, 3);
    EXPECT_FALSE(after.emulatorConfig.onlyConditionBos);
    EXPECT_EQ(after.referenceEmbedding.values, before.referenceEmbedding.values);
    ASSERT_TRUE(after.training);
    EXPECT_EQ(after.training->trainLoss, before.training->trainLoss);
    EXPECT_TRUE(std::isnan(after.training->validationLoss[0]));
    EXPECT_EQ(after.training->splits.train, before.training->splits.train);
    EXPECT_EQ(after.training->splits.ood, before.training->splits.ood);
    EXPECT_EQ(fingerprint(after), fingerprint(before));
}

TEST_F(CheckpointFile, KeepsHeads)
{
    const Checkpoint before = fullCheckpoint();
    ASSERT_TRUE(writeCheckpoint(before, path()));
    const auto after = openCheckpoint(path()).value();
    ASSERT_EQ(after->heads.size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
        const zoo::Head& one = before.heads[i];
        const zoo::Head& other = after->heads[i];
        EXPECT_EQ(other.property, one.property);
        EXPECT_EQ(other.kind, one.kind);
        EXPECT_EQ(other.unit, one.unit);
        EXPECT_EQ(other.period, one.period);
        EXPECT_EQ(other.classes, one.classes);
        EXPECT_EQ(other.labels, one.labels);
        EXPECT_EQ(other.mean, one.mean);
        EXPECT_EQ(other.scale, one.scale);
        EXPECT_EQ(other.columns(), one.columns());
        expectSameState(other.state, one.state, 0.0F);
    }
    EXPECT_EQ(after->heads[0].columns(), 1U);
    EXPECT_EQ(after->heads[1].columns(), 1U); // the last layer is 10, not 2
    EXPECT_EQ(after->heads[2].columns(), 2U);
}

TEST_F(CheckpointFile, KeepsBaselineAndReference)
{
    const Checkpoint before = fullCheckpoint();
    ASSERT_TRUE(writeCheckpoint(before, path()));
    const auto after = openCheckpoint(path()).value();
    EXPECT_EQ(after->referenceSplits, before.referenceSplits);
    EXPECT_EQ(after->referenceRuns, before.referenceRuns);
    ASSERT_TRUE(after->constant);
    EXPECT_EQ(after->constant->steps, 1500U);
    EXPECT_EQ(after->constant->train, 0.25);
    EXPECT_EQ(after->constant->validation, 0.5);
    EXPECT_TRUE(std::isnan(after->constant->calibration));
    EXPECT_EQ(after->constant->ood, 0.75);
}

TEST_F(CheckpointFile, KeepsAnUnfinishedRunToTheBitEvenWithHalfTensors)
{
    Checkpoint before = fullCheckpoint();
    for (const double bestLoss : {0.1, std::numeric_limits<double>::infinity()}) {
        before.resume->bestLoss = bestLoss;
        ASSERT_TRUE(writeCheckpoint(before, path(), {.half = true}));
        const auto after = openCheckpoint(path()).value();
        ASSERT_TRUE(after->resume);
        EXPECT_EQ(after->resume->step, 120U);
        EXPECT_EQ(after->resume->options, before.resume->options);
        expectSameState(after->resume->encoder, before.resume->encoder, 0.0F);
        expectSameState(after->resume->emulator, before.resume->emulator, 0.0F);
        expectSameState(after->resume->moments, before.resume->moments, 0.0F);
        EXPECT_EQ(after->resume->bestLoss, bestLoss);
        EXPECT_EQ(after->resume->bestStep, 100U);
        EXPECT_EQ(after->resume->evaluationsSinceBest, 1U);
        EXPECT_EQ(after->resume->lossSum, 0.1 + 0.2);
        EXPECT_EQ(after->resume->lossCount, 20U);
    }
}

TEST_F(CheckpointFile, NamesWhatIsWrongWithAnUnfinishedRun)
{
    const auto integer = [](const char* object, const char* name, int value) {
        return [=](hid_t file) {
            const Handle node(H5Oopen(file, object, H5P_DEFAULT), H5Oclose, object);
            H5Adelete(node.get(), name);
            numberAttribute<int>(node.get(), name, H5T_NATIVE_INT, value);
        };
    };
    expectRefused(integer("resume", "step", -1), "'step'");
    expectRefused(integer("resume", "best_step", 121), "best step is 121");
    expectRefused(integer("resume", "loss_count", 500), "500 steps");
    expectRefused(integer("training", "constant_steps", -5), "'constant_steps'");
    expectRefused([](hid_t file) { H5Adelete_by_name(file, "resume", "options", H5P_DEFAULT); }, "'options'");
    expectRefused([](hid_t file) { H5Ldelete(file, "resume/moments", H5P_DEFAULT); }, "moments");
    expectRefused([](hid_t file) { H5Ldelete(file, "resume/encoder_state", H5P_DEFAULT); }, "encoder_state");
    expectRefused(
        [](hid_t file) {
            H5Ldelete(file, "resume/moments/encoder/bos/second", H5P_DEFAULT);
            const std::vector<float> values {1, NAN};
            dataset(file, "resume/moments/encoder/bos/second", H5T_IEEE_F32LE, {2}, H5T_NATIVE_FLOAT, values.data());
        },
        "bos/second");
    expectRefused(
        [](hid_t file) {
            H5Ldelete(file, "reference/run", H5P_DEFAULT);
            const std::vector<int> values {1, 2};
            dataset(file, "reference/run", H5T_STD_I32LE, {2}, H5T_NATIVE_INT, values.data());
        },
        "expected 3");
    expectRefused(
        [](hid_t file) {
            H5Ldelete(file, "reference/split", H5P_DEFAULT);
            const std::vector<int> values {1, 2, 4};
            dataset(file, "reference/split", H5T_STD_I32LE, {3}, H5T_NATIVE_INT, values.data());
        },
        "expected -1 to 3");
    Checkpoint bad = fullCheckpoint();
    bad.resume->moments["bos"] = tensor({5});
    expectSentence(writeCheckpoint(bad, path()), "'bos' names no moment");
    bad = fullCheckpoint();
    bad.referenceRuns.pop_back();
    expectSentence(writeCheckpoint(bad, path()), "2 reference runs for 3 embeddings");
}

TEST_F(CheckpointFile, HalfTensorsAreTheNearestHalves)
{
    const Checkpoint before = fullCheckpoint();
    ASSERT_TRUE(writeCheckpoint(before, path(), {.half = true}));
    const auto after = openCheckpoint(path()).value();
    expectSameState(after->encoder, before.encoder, 0x1p-11F);
    expectSameState(after->emulator, before.emulator, 0x1p-11F);
}

TEST_F(CheckpointFile, HalfTensorsThatAreLargeAreDeflated)
{
    Checkpoint before = fullCheckpoint();
    before.resume.reset();
    zoo::Tensor large {{40, 50}, std::vector<float>(2000)};
    for (std::size_t i = 0; i < large.values.size(); ++i)
        large.values[i] = static_cast<float>(i % 7) / 8.0F;
    before.encoder["large"] = large;
    before.referenceEmbedding = Matrix(500, 16, 0.25F);
    before.referenceEmbedding(499, 2) = -0.5F;
    before.referenceRuns.assign(500, 7);
    before.referenceSplits.assign(500, zoo::Split::Training);
    ASSERT_TRUE(writeCheckpoint(before, path(), {.half = true}));
    const auto size = fs::file_size(path());
    const auto after = openCheckpoint(path());
    ASSERT_TRUE(after) << after.error().message;
    EXPECT_EQ((*after)->encoder.at("large").values, large.values);
    EXPECT_EQ((*after)->referenceEmbedding.values, before.referenceEmbedding.values);
    EXPECT_EQ((*after)->referenceRuns, before.referenceRuns);
    ASSERT_TRUE(writeCheckpoint(before, path()));
    EXPECT_LT(size + 12000, fs::file_size(path()));
}

TEST_F(CheckpointFile, NeedsOnlyConfigAndState)
{
    {
        const Handle file = createFile(path());
        fixedText(file.get(), "format", "rnn-encoder", H5T_STR_NULLPAD, 11);
        numberAttribute<int>(file.get(), "version", H5T_NATIVE_INT, 1);
        variableText(file.get(), "encoder", "flat");
        variableText(
            file.get(), "config",
            R"({"rnn": {"cell": "lstm", "input_size": 6, "hidden_size": 5, "num_layers": 1, "output_size": 6}})");
        const Handle state = makeGroup(file.get(), "encoder_state");
        const std::vector<double> values {1, 2, 3, 4};
        dataset(state.get(), "mlp.0.weight", H5T_IEEE_F64BE, {2, 2}, H5T_NATIVE_DOUBLE, values.data(),
                {.chunk = {1, 2}});
    }
    const auto opened = openCheckpoint(path());
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_EQ((*opened)->encoder.at("mlp.0.weight").values, (std::vector<float> {1, 2, 3, 4}));
    EXPECT_TRUE((*opened)->heads.empty());
    EXPECT_FALSE((*opened)->training);
    EXPECT_TRUE((*opened)->emulator.empty());
    EXPECT_TRUE((*opened)->referenceEmbedding.empty());
    EXPECT_TRUE((*opened)->referenceSplits.empty());
    EXPECT_FALSE((*opened)->constant);
    EXPECT_FALSE((*opened)->resume);
}

TEST_F(CheckpointFile, NamesWhatIsWrong)
{
    const auto text = [](const char* name, const char* value) {
        return [=](hid_t file) { H5Adelete(file, name), variableText(file, name, value); };
    };
    expectRefused(text("format", "rnn-zoos"), "rnn-zoos");
    expectRefused(text("encoder", "gpt"), "unknown encoder 'gpt'");
    expectRefused(text("config", "{"), "not a JSON object");
    expectRefused(text("config", "{}"), "'rnn'");
    expectRefused(text("emulator_config", R"({"hidden_size": 0})"), "hidden_size");
    expectRefused([](hid_t file) { H5Adelete(file, "version"); }, "'version'");
    expectRefused([](hid_t file) { H5Ldelete(file, "encoder_state", H5P_DEFAULT); }, "has no /encoder_state");
    expectRefused([](hid_t file) { H5Ldelete(file, "training/step", H5P_DEFAULT); }, "like 'step'");
    expectRefused([](hid_t file) { H5Ldelete(file, "heads/accuracy/mean", H5P_DEFAULT); }, "0 means and 1 scales");
    expectRefused(
        [](hid_t file) {
            const std::vector<float> values {1, NAN};
            dataset(file, "encoder_state/wrong", H5T_IEEE_F32LE, {2}, H5T_NATIVE_FLOAT, values.data());
        },
        "/encoder_state/wrong");
    Checkpoint bad = fullCheckpoint();
    bad.encoder["bos"].values.pop_back();
    expectSentence(writeCheckpoint(bad, path()), "the tensor bos");
}

TEST(Checkpoint, TitleNamesEncoderAndFile)
{
    Checkpoint checkpoint = fullCheckpoint();
    EXPECT_EQ(checkpoint.title(), "Interactive probing");
    checkpoint.path = "/data/formal.h5";
    EXPECT_EQ(checkpoint.title(), "Interactive probing · formal");
}

TEST(Checkpoint, SplitsAreKnownForItsOwnZooOnly)
{
    using zoo::Split;
    Checkpoint checkpoint = fullCheckpoint();
    const std::string own = checkpoint.zooFingerprint;
    EXPECT_EQ(splitOf(checkpoint, own, 1), Split::Training);
    EXPECT_EQ(splitOf(checkpoint, own, 3), Split::Validation);
    EXPECT_EQ(splitOf(checkpoint, own, -4), Split::Ood);
    EXPECT_EQ(splitOf(checkpoint, own, 99), Split::Unknown);
    EXPECT_EQ(splitOf(checkpoint, "fedcba9876543210", 1), Split::Unknown);
    checkpoint.zooFingerprint.clear();
    EXPECT_EQ(splitOf(checkpoint, "", 1), Split::Unknown);
}

TEST(TrainingRecord, TheKeptEncoderHasTheLeastValidationLoss)
{
    zoo::TrainingRecord record;
    EXPECT_FALSE(zoo::bestRow(record));
    record.step = {10, 20, 30, 40};
    record.trainLoss = {0.4, 0.3, 0.2, 0.1};
    record.validationLoss = {std::nan(""), 0.3, 0.3, 0.5};
    EXPECT_EQ(zoo::bestRow(record), 1U) << "the earlier of equals";
    record.validationLoss.assign(4, std::nan(""));
    EXPECT_EQ(zoo::bestRow(record), 3U) << "the least training loss where there is no validation";
    record.trainLoss.assign(4, std::nan(""));
    EXPECT_FALSE(zoo::bestRow(record));
}

} // namespace
