#include "app/cli_test_case.h"

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

namespace rnnscope::test {

namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class CliMakeZoo : public CliTest
{
protected:
    using Words = std::vector<std::string>;

    /// Small languages to `output`.
    static Words call(const fs::path& output, const Words& more = {}, const std::string& runs = "3",
                      const std::string& steps = "40")
    {
        Words words {
            "make-zoo", "formal-languages", "--runs", runs,          "--steps", steps, "--hidden", "8", "--samples",
            "20",       "--snapshots",      "0,10",   "--sequences", "4",       "-o",  output};
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }

    static fs::path partsOf(const fs::path& output) { return output.string() + ".parts"; }

    /// 40 digits as IDX files in a folder of their own.
    fs::path writeDigits() const
    {
        const fs::path digits = folder / "digits";
        fs::create_directories(digits);
        std::string images("\0\0\x08\x03\0\0\0\x28\0\0\0\x1c\0\0\0\x1c", 16);
        std::string labels("\0\0\x08\x01\0\0\0\x28", 8);
        for (std::size_t i = 0; i < 40; ++i) {
            labels += static_cast<char>(i % 10);
            for (std::size_t pixel = 0; pixel < 784; ++pixel)
                images += static_cast<char>(pixel / 28 / 2 == i % 10 ? 200 : 0);
        }
        writeBytes(digits / "train-images-idx3-ubyte", images);
        writeBytes(digits / "train-labels-idx1-ubyte", labels);
        return digits;
    }
};

TEST_F(CliMakeZoo, MakesLanguagesAndTellsOfThem)
{
    const Outcome made = runCli(call(out, {"--json", "--threads", "2", "--seed", "4"}));
    ASSERT_EQ(made.status, 0) << made.error;
    const auto json = nlohmann::json::parse(made.out);
    EXPECT_EQ(json["networks"], 9);
    EXPECT_EQ(json["runs_made"], 3);
    EXPECT_EQ(json["updates"], 3 * 41);
    EXPECT_EQ(json["last_step"], 40);
    EXPECT_EQ(json["already_complete"], false);
    EXPECT_EQ(filesBesideOutput(), 1U);
    const auto zoo = zoo::openZoo(out);
    ASSERT_TRUE(zoo) << zoo.error().message;
    EXPECT_EQ((*zoo)->architecture.description(), "LSTM 2×8, 6 in, 6 out");
    const auto provenance = nlohmann::json::parse((*zoo)->provenance);
    EXPECT_EQ(provenance["seed"], 4);
    EXPECT_EQ(provenance["threads"], 2);
    EXPECT_EQ(provenance["recipe"]["hidden"], 8);
    EXPECT_THAT(provenance["command_line"].get<std::string>(), HasSubstr("make-zoo formal-languages"));
    const Outcome again = runCli(call(out, {"--threads", "1", "--seed", "4"}));
    ASSERT_EQ(again.status, 0) << again.error;
    EXPECT_THAT(again.error, HasSubstr("is complete, there is nothing left to make"));
    EXPECT_THAT(again.out, HasSubstr("9 networks (LSTM 2×8, 6 in, 6 out) of 3 runs\n"));
}

TEST_F(CliMakeZoo, RefusesOtherOptionsWithoutForce)
{
    ASSERT_EQ(runCli(call(out)).status, 0);
    const std::string before = readBytes(out);
    const Outcome refused = runCli(call(out, {"--layers", "1"}));
    EXPECT_EQ(refused.status, 1);
    EXPECT_THAT(refused.error, HasSubstr("layers is 1 now and was 2; --force replaces it\n"));
    EXPECT_EQ(readBytes(out), before);
    const Outcome forced = runCli(call(out, {"--layers", "1", "--force"}));
    EXPECT_EQ(forced.status, 0) << forced.error;
    EXPECT_THAT(forced.out, HasSubstr("(LSTM 1×8, 6 in, 6 out)"));
}

TEST_F(CliMakeZoo, GoesOnAfterKillAsIfNothingHadHappened)
{
    const auto hasPart = [&](pid_t) { return fs::exists(partsOf(out) / "run_1.h5"); };
    const Outcome killed = killCli(call(out, {"--threads", "2"}, "200", "400"), hasPart);
    ASSERT_EQ(killed.status, -1) << killed.error;
    EXPECT_FALSE(fs::exists(out));
    const Outcome refused = runCli(call(out, {}, "4", "400"));
    EXPECT_EQ(refused.status, 1);
    EXPECT_THAT(refused.error, HasSubstr("runs is 4 now and was 200; --force throws them away"));
    const fs::path saved = folder / "saved.h5.parts";
    fs::copy(partsOf(out), saved);
    const Outcome forced = runCli(call(out, {"--force"}, "4", "400"));
    ASSERT_EQ(forced.status, 0) << forced.error;
    // the runs of the killed process are those of any other
    const auto kept = zoo::openZoo(saved / "run_1.h5"), made = zoo::openZoo(out);
    ASSERT_TRUE(kept && made);
    const std::size_t count = (*kept)->size * (*kept)->architecture.parameterCount();
    std::vector<float> a(count), b(count);
    ASSERT_TRUE((*kept)->parameters->read(0, (*kept)->size, a));
    ASSERT_TRUE((*made)->parameters->read((*kept)->size, (*kept)->size, b));
    EXPECT_EQ(a, b);
}

TEST_F(CliMakeZoo, CtrlCKeepsFinishedRunsAndSaysHowToGoOn)
{
    const auto hasPart = [&](pid_t) { return fs::exists(partsOf(out) / "run_0.h5"); };
    const Outcome stopped = interruptCli(call(out, {}, "1000", "200"), hasPart);
    EXPECT_EQ(stopped.status, 1);
    EXPECT_THAT(stopped.error, HasSubstr("the same command goes on from there"));
    EXPECT_TRUE(stopped.error.ends_with("rnnscope-cli: error: cancelled\n")) << stopped.error;
    EXPECT_FALSE(fs::exists(out));
    EXPECT_TRUE(fs::exists(partsOf(out) / "run_0.h5"));
}

TEST_F(CliMakeZoo, MakesMnistOfTheDigitsInAFolder)
{
    const fs::path digits = writeDigits();
    const Words words {"make-zoo",
                       "sequential-mnist",
                       "--mnist",
                       digits,
                       "--runs",
                       "2",
                       "--steps",
                       "5",
                       "--hidden",
                       "4",
                       "--tile",
                       "7",
                       "--angle",
                       "90",
                       "--weight-decay",
                       "0.01",
                       "--sequences",
                       "2",
                       "-o",
                       out};
    const Outcome made = runCli(words);
    ASSERT_EQ(made.status, 0) << made.error;
    const auto zoo = zoo::openZoo(out);
    ASSERT_TRUE(zoo) << zoo.error().message;
    EXPECT_EQ((*zoo)->size, 4U);
    EXPECT_EQ((*zoo)->property("task")->values, std::vector<double>(4, 90.0));
    EXPECT_EQ((*zoo)->property("weight_decay")->values, std::vector<double>(4, 0.01));
    fs::remove(digits / "train-labels-idx1-ubyte");
    fs::remove(out);
    const Outcome missing = runCli(words);
    expectFailure(missing,
                  "train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and "
                  "t10k-labels-idx1-ubyte");
}

TEST_F(CliMakeZoo, CallsWrongOptionsWrongUsage)
{
    for (const Words& wrong :
         {Words {"--task", "1,2"}, Words {"--task", "0,x"}, Words {"--cell", "perceptron"}, Words {"--max-n", "2"},
          Words {"--hidden", "0"}, Words {"--letters", "1"}, Words {"--seed", "-1"},
          Words {"--seed", "99999999999999999999"}, Words {"--snapshots", "0,-1"}, Words {"--batch", "-32"}}) {
        const Outcome outcome = runCli(call(out, wrong));
        EXPECT_EQ(outcome.status, 2) << wrong.front();
        EXPECT_THAT(outcome.error, HasSubstr("make-zoo"));
    }
    EXPECT_EQ(runCli({"make-zoo"}).status, 2);
    EXPECT_EQ(runCli({"make-zoo", "formal-languages", "-o", out}).status, 2);
    EXPECT_EQ(filesBesideOutput(), 0U);
    for (const char* family : {"formal-languages", "sequential-mnist"}) {
        const Outcome help = runCli({"make-zoo", family, "--help"});
        EXPECT_EQ(help.status, 0);
        EXPECT_THAT(help.out, HasSubstr("--weight-decay"));
    }
}

TEST_F(CliMakeZoo, TakesTheNumberOfLettersFromTheTask)
{
    const Outcome made = runCli(call(out, {"--task", "0,1,-2"}, "1", "3"));
    ASSERT_EQ(made.status, 0) << made.error;
    const auto zoo = zoo::openZoo(out).value();
    EXPECT_EQ(zoo->architecture.inputSize, 5);
    EXPECT_EQ(zoo->property("task")->values, (std::vector<double> {0, 1, -2, 0, 1, -2}));
}

TEST_F(CliMakeZoo, MakesWhatAnEncoderLearnsFrom)
{
    if (RNNSCOPE_HAS_ENGINE == 0 && std::getenv("RNNSCOPE_ENGINE") == nullptr)
        GTEST_SKIP() << "built without the engine";
    const fs::path zoo = folder / "made.h5";
    ASSERT_EQ(runCli(call(zoo, {}, "7", "12")).status, 0);
    const Outcome trained = runCli({"train", zoo, "--encoder", "layerwise_statistics", "--preset", "compact", "--steps",
                                    "3", "--batch", "4", "--constant-steps", "1", "--threads", "1", "-o", out});
    EXPECT_EQ(trained.status, 0) << trained.error;
    EXPECT_THAT(trained.out, HasSubstr("eval_loss, generalization_gap, step, task, train_loss"));
}

} // namespace

} // namespace rnnscope::test
