#include "core/zoo/npy.h"
#include "zoo/zoo_files.h"

namespace {

using namespace rnnscope;
using namespace rnnscope::testdata;
using zoo::openZoo;

class AuthorsZoo : public FolderTest
{
};

TEST_F(AuthorsZoo, OpensFormalLanguages)
{
    const auto opened = openZoo(sampleZoos() / kFormalFolder);
    ASSERT_TRUE(opened) << opened.error().message;
    const zoo::Zoo& found = **opened;
    EXPECT_EQ(found.name, kFormalFolder);
    EXPECT_EQ(found.family, zoo::TaskFamily::FormalLanguage);
    EXPECT_EQ(found.architecture, (zoo::Architecture {zoo::Cell::Lstm, 6, 32, 2, 6}));
    ASSERT_EQ(found.size, 2U);
    ASSERT_EQ(found.properties.size(), 4U);
    EXPECT_EQ(found.property("run")->values, (std::vector<double> {6, 7}));
    EXPECT_EQ(found.property("step")->values, (std::vector<double> {1000, 20000}));
    EXPECT_EQ(found.property("accuracy")->values, (std::vector<double> {0.735, 1.0}));
    const zoo::Property* task = found.property("task");
    EXPECT_EQ(task->kind, zoo::PropertyKind::Integer);
    EXPECT_EQ(task->columns, 4U);
    EXPECT_EQ(task->value(0, 0), 0.0);
    EXPECT_EQ(found.property("train_loss"), nullptr);
}

TEST_F(AuthorsZoo, OpensSequentialMnist)
{
    const auto opened = openZoo(sampleZoos() / kMnistFolder);
    ASSERT_TRUE(opened) << opened.error().message;
    const zoo::Zoo& found = **opened;
    EXPECT_EQ(found.family, zoo::TaskFamily::SequentialMnist);
    EXPECT_EQ(found.architecture, (zoo::Architecture {zoo::Cell::Lstm, 16, 32, 2, 10}));
    EXPECT_EQ(found.property("task")->kind, zoo::PropertyKind::Circular);
    EXPECT_EQ(found.property("task")->period, 360.0);
    EXPECT_EQ(found.property("task")->unit, "deg");
    EXPECT_NEAR(found.property("task")->value(1), 53.10417652, 1e-8);
    EXPECT_NEAR(found.property("accuracy")->value(0), 0.97842026, 1e-8);
    EXPECT_NEAR(found.property("train_loss")->value(0), 0.64385817, 1e-8);
    EXPECT_NEAR(found.property("eval_loss")->value(0), 0.73018483, 1e-8);
    EXPECT_NEAR(found.property("generalization_gap")->value(0), 0.73018483 - 0.64385817, 1e-8);
    EXPECT_NEAR(found.property("weight_decay")->value(1), 0.01, 1e-12);
}

TEST_F(AuthorsZoo, ReadsRolloutsAsTheyAreStored)
{
    const auto formal = openZoo(sampleZoos() / kFormalFolder).value();
    ASSERT_NE(formal->rollouts, nullptr);
    const zoo::RolloutShape shape = formal->rollouts->shape();
    EXPECT_TRUE(shape.tokens());
    EXPECT_EQ(shape.sequences, 5U);
    EXPECT_EQ(shape.inputSteps, 42U);
    EXPECT_EQ(shape.logitSteps, 41U);
    EXPECT_EQ(shape.outputSize, 6U);
    std::vector<float> tokens(5 * 42);
    ASSERT_TRUE(formal->rollouts->readInputs(0, 0, 5, tokens));
    EXPECT_EQ(tokens[0], 4.0F); // begin
    EXPECT_EQ(tokens[4 * 42], 5.0F); // the overwritten first token of an unfinished word
    std::vector<float> logits(2 * 41 * 6);
    ASSERT_TRUE(formal->rollouts->readLogits(1, 3, 2, logits));
    float mass = 0.0F;
    for (std::size_t i = 0; i < 6; ++i)
        mass += std::exp(logits[i]);
    EXPECT_NEAR(mass, 1.0F, 2e-3F);

    const auto mnist = openZoo(sampleZoos() / kMnistFolder).value();
    const zoo::RolloutShape tiles = mnist->rollouts->shape();
    EXPECT_EQ(tiles.inputSize, 16U);
    EXPECT_EQ(tiles.inputValues(), 50U * 16U);
    std::vector<float> steps(50 * 16);
    ASSERT_TRUE(mnist->rollouts->readInputs(1, 2, 1, steps));
    EXPECT_EQ(steps[0], 0.0F);
    EXPECT_FALSE(mnist->rollouts->readInputs(1, 3, 1, steps));
}

TEST_F(AuthorsZoo, GoldenFoldersOpenWithFiniteParameters)
{
    ASSERT_FALSE(goldenFolders().empty());
    for (const fs::path& path : goldenFolders()) {
        const auto opened = openZoo(path);
        ASSERT_TRUE(opened) << opened.error().message;
        for (const float value : parametersOf(**opened))
            ASSERT_TRUE(std::isfinite(value)) << path;
        for (const zoo::Property& property : (*opened)->properties)
            EXPECT_EQ(property.rows(), (*opened)->size) << property.name;
    }
}

TEST_F(AuthorsZoo, NamesEveryMissingFile)
{
    for (const char* file : {"parameters.npy", "tasks.npy", "num_step_correct.npy"}) {
        const fs::path copy = copyOfSample(kFormalFolder);
        fs::remove(copy / file);
        expectSentence(openZoo(copy), std::string("has no ") + file);
        fs::remove_all(copy);
    }
    for (const char* file : {"num_step.npy", "accuracy_losses.npy"}) {
        const fs::path copy = copyOfSample(kMnistFolder);
        fs::remove(copy / file);
        expectSentence(openZoo(copy), std::string("has no ") + file);
        fs::remove_all(copy);
    }
}

TEST_F(AuthorsZoo, WorksWithoutRolloutsAndWithoutArguments)
{
    for (const char* sample : {kFormalFolder, kMnistFolder}) {
        const fs::path copy = copyOfSample(sample);
        for (const char* file : {"args.json", "sequences.npy", "logits.npy"})
            fs::remove(copy / file);
        const auto opened = openZoo(copy);
        ASSERT_TRUE(opened) << opened.error().message;
        EXPECT_EQ((*opened)->rollouts, nullptr);
        EXPECT_EQ((*opened)->architecture, openZoo(sampleZoos() / sample).value()->architecture);
    }
}

TEST_F(AuthorsZoo, SaysWhenTheSizeIsNowhere)
{
    const fs::path copy = copyOfSample(kFormalFolder);
    fs::remove(copy / "args.json");
    fs::rename(copy, folder / "renamed");
    expectSentence(openZoo(folder / "renamed"), "cannot tell the networks' size");
}

TEST_F(AuthorsZoo, ChecksRowsAgainstTheArchitecture)
{
    const fs::path copy = copyOfSample(kFormalFolder);
    writeBytes(copy / "parameters.npy", npyBytes("<f4", "(2, 999)", std::string(2 * 999 * 4, '\0')));
    expectSentence(openZoo(copy), "rows of 999 numbers, an LSTM 2×32, 6 in, 6 out has 13766");
}

TEST_F(AuthorsZoo, SaysWhichFileDoesNotFit)
{
    const auto check = [&](const char* file, const std::string& bytes, const std::string& part) {
        const fs::path copy = copyOfSample(kFormalFolder);
        writeBytes(copy / file, bytes);
        expectSentence(openZoo(copy), part);
        expectSentence(openZoo(copy), file);
        fs::remove_all(copy);
    };
    check("tasks.npy", npyBytes("<i8", "(1, 4)", std::string(32, '\0')), "expected 2 rows");
    check("num_step_correct.npy", npyBytes("<i8", "(2, 2)", std::string(32, '\0')), "of 3 numbers");
    check("sequences.npy", npyBytes("<i2", "(2, 5)", std::string(20, '\0')), "expected (2, sequences, steps)");
    check("logits.npy", npyBytes("<f2", "(2, 5, 41, 7)", std::string(2 * 5 * 41 * 7 * 2, '\0')), "(2, 5, steps, 6)");
    check("args.json", "{\"rnn_hidden_size\": -3}", "rnn_hidden_size");
    check("args.json", "[1, 2", "not a JSON object");
    check("parameters.npy", npyBytes("<f4", "(0, 13766)", ""), "shape");
    check("parameters.npy", "", "0 bytes");
}

TEST_F(AuthorsZoo, RefusesTokensThatDoNotExist)
{
    const fs::path copy = copyOfSample(kFormalFolder);
    std::string tokens(2 * 5 * 42 * 2, '\0');
    tokens[10] = 6;
    writeBytes(copy / "sequences.npy", npyBytes("<i2", "(2, 5, 42)", tokens));
    const auto opened = openZoo(copy);
    ASSERT_TRUE(opened) << opened.error().message;
    std::vector<float> read(42);
    expectSentence((*opened)->rollouts->readInputs(0, 0, 1, read), "token 6");
}

TEST_F(AuthorsZoo, AnyCutOfAnyFileIsAnError)
{
    for (const char* file : {"parameters.npy", "tasks.npy", "num_step_correct.npy", "sequences.npy", "logits.npy"}) {
        const fs::path copy = copyOfSample(kFormalFolder);
        const std::string good = readBytes(copy / file);
        for (std::size_t cut = 0; cut < 12; ++cut) {
            writeBytes(copy / file, std::string_view(good).substr(0, good.size() * cut / 12));
            expectSentence(openZoo(copy), file);
        }
        fs::remove_all(copy);
    }
}

} // namespace
