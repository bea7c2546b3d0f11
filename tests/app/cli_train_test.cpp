#include "app/cli_test_case.h"
#include "core/zoo/checkpoint.h"

#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>

namespace rnnscope::test {

namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class CliTraining : public CliTest
{
protected:
    void SetUp() override
    {
        if (RNNSCOPE_HAS_ENGINE == 0 && std::getenv("RNNSCOPE_ENGINE") == nullptr)
            GTEST_SKIP() << "built without the engine";
        CliTest::SetUp();
    }

    /// A small run of `steps` steps on one thread, to `output`.
    std::vector<std::string> call(const std::string& steps, const fs::path& output,
                                  const std::vector<std::string>& more = {}) const
    {
        writeBytes(folder / "config.json",
                   R"({"encoder": {"probing_length": 4, "embedding_size": 3, "core_hidden_size": 8,
                       "mlp_hidden_size": 8}, "emulator": {"hidden_size": 8}, "training": {"batch": 4}})");
        std::vector<std::string> words {"train",
                                        authors,
                                        "--encoder",
                                        "interactive_probing",
                                        "--preset",
                                        "compact",
                                        "--config",
                                        folder / "config.json",
                                        "--steps",
                                        steps,
                                        "--evaluate-every",
                                        "20",
                                        "--constant-steps",
                                        "5",
                                        "--threads",
                                        "1",
                                        "--device",
                                        "cpu",
                                        "-o",
                                        output};
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }

    static void expectSameEncoder(const fs::path& one, const fs::path& other)
    {
        const auto a = zoo::openCheckpoint(one);
        const auto b = zoo::openCheckpoint(other);
        ASSERT_TRUE(a) << a.error().message;
        ASSERT_TRUE(b) << b.error().message;
        EXPECT_EQ(zoo::fingerprint(**a), zoo::fingerprint(**b));
        EXPECT_EQ((*a)->training->trainLoss, (*b)->training->trainLoss);
        EXPECT_EQ((*a)->referenceEmbedding.values, (*b)->referenceEmbedding.values);
    }
};

TEST_F(CliTraining, GoesOnAfterKillAsIfNothingHadHappened)
{
    const auto hasCheckpoint = [&](pid_t) { return fs::exists(out); };
    const Outcome killed = killCli(call("300", out, {"--checkpoint-every", "0"}), hasCheckpoint);
    ASSERT_EQ(killed.status, -1) << killed.error;
    const Outcome info = runCli({"info", out});
    ASSERT_EQ(info.status, 0) << info.error;
    EXPECT_THAT(info.out, HasSubstr("unfinished: step"));
    EXPECT_THAT(info.out, HasSubstr("of 300, --resume goes on"));
    const Outcome resumed = runCli(call("300", out, {"--resume"}));
    ASSERT_EQ(resumed.status, 0) << resumed.error;
    const fs::path unbroken = folder / "unbroken.h5";
    ASSERT_EQ(runCli(call("300", unbroken)).status, 0);
    expectSameEncoder(out, unbroken);
    EXPECT_THAT(runCli({"info", out}).out, testing::Not(HasSubstr("unfinished")));
}

TEST_F(CliTraining, CtrlCKeepsTheLastUnfinishedCheckpointAndSaysSo)
{
    const auto hasCheckpoint = [&](pid_t) { return fs::exists(out); };
    const Outcome stopped = interruptCli(call("1000000", out, {"--checkpoint-every", "0"}), hasCheckpoint);
    EXPECT_EQ(stopped.status, 1);
    EXPECT_THAT(stopped.error, HasSubstr("--resume goes on"));
    EXPECT_TRUE(stopped.error.ends_with("rnnscope-cli: error: cancelled\n")) << stopped.error;
    EXPECT_EQ(filesBesideOutput(), 1U);
    const auto unfinished = zoo::openCheckpoint(out);
    ASSERT_TRUE(unfinished) << unfinished.error().message;
    EXPECT_TRUE((*unfinished)->resume);
}

TEST_F(CliTraining, ResumeStartsAnewWithoutAFileAndIsDoneWithACompleteOne)
{
    const Outcome first = runCli(call("3", out, {"--resume", "--json"}));
    ASSERT_EQ(first.status, 0) << first.error;
    EXPECT_THAT(first.error, HasSubstr("training starts anew"));
    EXPECT_EQ(nlohmann::json::parse(first.out)["steps"], 3);
    const std::string before = readBytes(out);
    const Outcome second = runCli(call("3", out, {"--resume", "--json"}));
    ASSERT_EQ(second.status, 0) << second.error;
    EXPECT_THAT(second.error, HasSubstr("is complete"));
    EXPECT_EQ(nlohmann::json::parse(second.out)["steps"], 0);
    EXPECT_EQ(readBytes(out), before);
}

TEST_F(CliTraining, RefusesToResumeWithOtherOptions)
{
    const auto hasCheckpoint = [&](pid_t) { return fs::exists(out); };
    ASSERT_EQ(killCli(call("300", out, {"--checkpoint-every", "0"}), hasCheckpoint).status, -1);
    const Outcome resumed = runCli(call("301", out, {"--resume"}));
    EXPECT_EQ(resumed.status, 1);
    EXPECT_THAT(resumed.error, HasSubstr("result.h5"));
    EXPECT_THAT(resumed.error, HasSubstr("steps is 301 now and was 300"));
}

TEST_F(CliTraining, WritesALogAndReportsTheBaseline)
{
    const fs::path log = folder / "losses.csv";
    const Outcome trained = runCli(call("50", out, {"--log", log}));
    ASSERT_EQ(trained.status, 0) << trained.error;
    EXPECT_THAT(trained.out, HasSubstr("without any information"));
    const std::string csv = readBytes(log);
    EXPECT_THAT(csv, testing::StartsWith("step,train_loss,validation_loss,ood_loss\n20,"));
    EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 4); // 20, 40, 50
    const auto checkpoint = zoo::openCheckpoint(out).value();
    ASSERT_TRUE(checkpoint->constant);
    EXPECT_EQ(checkpoint->constant->steps, 5U);
    EXPECT_TRUE(std::isfinite(checkpoint->constant->train));
    EXPECT_EQ(checkpoint->emulatorConfig.hiddenSize, 8);
    EXPECT_EQ(checkpoint->referenceSplits.size(), kNetworks);
    EXPECT_THAT(runCli({"info", out}).out, HasSubstr("without information"));
}

TEST_F(CliTraining, NamesTheSettingThatIsWrong)
{
    const auto failing = [&](const char* config) {
        writeBytes(folder / "wrong.json", config);
        return runCli({"train", authors, "--encoder", "flat", "--config", folder / "wrong.json", "-o", out});
    };
    expectFailure(failing(R"({"training": {"stepz": 1}})"), "stepz");
    expectFailure(failing(R"({"training": {"steps": -1}})"), "'steps'");
    expectFailure(failing(R"({"training": {"criterion": "love"}})"), "love");
    expectFailure(failing(R"({"emulator": {"hidden_size": 0}})"), "'hidden_size'");
    expectFailure(failing(R"({"emulator": {}, "decoder": {}})"), "decoder");
    expectFailure(failing(R"({"encoder": {"magic": 1}})"), "magic");
}

} // namespace

} // namespace rnnscope::test
