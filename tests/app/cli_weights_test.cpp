#include "app/cli_test_case.h"

#include <nlohmann/json.hpp>

/// Weight files through the program, as people call it.
namespace rnnscope::test {

namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

fs::path weightFile(const std::string& name)
{
    return fs::path(RNNSCOPE_TEST_DATA) / "weights" / name;
}

class Weights : public CliTest
{
protected:
    /// A file that holds a network which the flat encoder of the fixture can read: row 0 of the zoo.
    fs::path small(const std::string& name) const
    {
        const fs::path path = folder / name;
        EXPECT_EQ(runCli({"convert", authors, "--rows", "0", "-o", path}).status, 0);
        return path;
    }
};

TEST_F(Weights, InfoTellsTensorsNetworkAndEncoders)
{
    const Outcome info = runCli({"info", weightFile("lstm_with_extras.pt")});
    EXPECT_EQ(info.status, 0);
    EXPECT_EQ(info.error, "");
    for (const char* expected :
         {"PyTorch file", "lstm.weight_ih_l0", "(64, 6)", "float32", "LSTM 2×16, 6 in, 6 out: 'lstm' read by 'head'",
          "norm.running_mean", "ignored", "any probing encoder with 6 inputs and 6 outputs", "not finite  none"})
        EXPECT_THAT(info.out, HasSubstr(expected));
}

TEST_F(Weights, InfoIsThereForPrograms)
{
    const auto json
        = nlohmann::json::parse(runCli({"info", "--json", "--encoder", encoder, weightFile("rnnfast_nan.pt")}).out);
    EXPECT_EQ(json["format"], "weights");
    EXPECT_EQ(json["tensors"].size(), 10U);
    EXPECT_EQ(json["recurrent"][0]["heads"][0]["name"], "linear");
    EXPECT_EQ(json["network"]["non_finite"], 2);
    EXPECT_EQ(json["network"]["hidden_size"], 32);
    EXPECT_FALSE(json["encoders"][0]["can_read"]);
    EXPECT_THAT(json["encoders"][0]["reason"].get<std::string>(), HasSubstr("LSTM 1×3"));
}

TEST_F(Weights, InfoShowsWhatCannotBeLoaded)
{
    const Outcome two = runCli({"info", weightFile("two_lstms.pt")});
    EXPECT_EQ(two.status, 0);
    EXPECT_THAT(two.out, AllOf(HasSubstr("encoder: LSTM 1×8"), HasSubstr("--rnn-prefix decoder")));
    const Outcome chosen = runCli({"info", weightFile("two_lstms.pt"), "--rnn-prefix", "decoder"});
    EXPECT_THAT(chosen.out, HasSubstr("'decoder' read by 'out'"));
    EXPECT_THAT(runCli({"info", weightFile("lstm_no_head.pt")}).out, HasSubstr("no linear head"));
    EXPECT_THAT(runCli({"info", weightFile("lstm_bidirectional.pt")}).out, HasSubstr("is bidirectional"));
}

TEST_F(Weights, RefusalsAreOneLine)
{
    const fs::path pwned = fs::temp_directory_path() / "pwned";
    const std::vector<std::pair<const char*, const char*>> refused {
        {"mlp_only.pt", "no recurrent network"},    {"shape_mismatch.pt", "lstm.weight_hh_l1"},
        {"missing_tensor.pt", "lstm.weight_hh_l1"}, {"malicious_zip.pt", "system"},
        {"malicious_legacy.pt", "system"},          {"malicious_eval.pt", "eval"},
        {"malicious_plain_pickle.pkl", "system"},   {"truncated.pt", "truncated.pt"},
        {"whole_module.pt", "state_dict"},          {"malicious_object.npz", "object"}};
    for (const auto& [name, word] : refused) {
        expectFailure(runCli({"info", weightFile(name)}), word);
        expectFailure(runCli({"predict", weightFile(name), "--encoder", encoder}), word);
        expectFailure(runCli({"convert", weightFile(name), "-o", out}), word);
        EXPECT_FALSE(fs::exists(pwned)) << name;
    }
    expectFailure(runCli({"convert", weightFile("two_lstms.pt"), "-o", out}), "--rnn-prefix encoder");
    expectFailure(runCli({"convert", weightFile("lstm_no_head.pt"), "-o", out}), "encoders need one");
    expectFailure(runCli({"convert", weightFile("flat_vector.npy"), "-o", out}), "--rnn cell=lstm,input=");
    expectFailure(runCli({"predict", weightFile("gru.pt"), "--encoder", encoder}), "GRU 2×14");
}

TEST_F(Weights, ConvertMakesAZooOfAFolder)
{
    const fs::path nets = folder / "nets";
    fs::create_directories(nets);
    for (const char* name : {"a.pt", "b.pt", "c.pt"})
        fs::copy_file(weightFile("rnnfast_formal.pt"), nets / name);
    writeBytes(folder / "labels.csv", "file,accuracy,task_0,task_1,mood\nb.pt,0.5,0,1,good\na.pt,1,0,-2,bad\n");
    const Outcome convert = runCli({"convert", nets, "-o", out, "--labels", folder / "labels.csv"});
    ASSERT_EQ(convert.status, 0) << convert.error;
    EXPECT_THAT(convert.error, HasSubstr("note: " + (folder / "labels.csv").string() + " has no row for 'c.pt'"));
    const auto zoo = zoo::openZoo(out);
    ASSERT_TRUE(zoo) << zoo.error().message;
    EXPECT_EQ((*zoo)->size, 3U);
    EXPECT_EQ(zoo::format(*(*zoo)->property("file"), 1), "b.pt");
    EXPECT_EQ(zoo::format(*(*zoo)->property("mood"), 0), "bad");
    EXPECT_EQ((*zoo)->property("task")->columns, 2U);
    EXPECT_EQ((*zoo)->property("accuracy")->value(1), 0.5);
    const Outcome info = runCli({"info", nets});
    EXPECT_THAT(info.out, AllOf(HasSubstr("weight files"), HasSubstr("LSTM 2×32, 6 in, 6 out")));
}

TEST_F(Weights, ConvertNamesTheOddFile)
{
    const Outcome convert = runCli(
        {"convert", weightFile("rnnfast_formal.pt"), weightFile("gru.pt"), weightFile("rnnfast.npz"), "-o", out});
    expectFailure(convert, "gru.pt is GRU 2×14, 6 in, 4 out");
    expectFailure(runCli({"convert", authors, authors, "-o", out}), "one zoo at a time");
}

TEST_F(Weights, ConvertTakesSizesForFlatVectors)
{
    ASSERT_EQ(runCli({"convert", weightFile("flat_batch.npy"), "-o", out, "--rnn",
                      "cell=lstm,input=6,hidden=32,layers=2,output=6"})
                  .status,
              0);
    EXPECT_EQ(zoo::openZoo(out).value()->size, 3U);
    fs::remove(out);
    expectFailure(runCli({"convert", weightFile("flat_batch.npy"), "-o", out, "--rnn",
                          "cell=gru,input=6,hidden=32,layers=2,output=6"}),
                  "holds 13766 numbers a network, a GRU 2×32, 6 in, 6 out has 10374");
    EXPECT_EQ(runCli({"convert", weightFile("flat_batch.npy"), "-o", out, "--rnn", "cell=lstmm"}).status, 2);
}

TEST_F(Weights, ConvertWritesNetworksThatOpenAgain)
{
    const fs::path nets = out.parent_path() / "nets";
    const Outcome convert = runCli({"convert", authors, "--rows", "0,2-3", "--to", "safetensors", "-o", nets});
    ASSERT_EQ(convert.status, 0) << convert.error;
    ASSERT_EQ(runCli({"convert", nets, "-o", out}).status, 0);
    const auto before = zoo::openZoo(authors).value();
    const auto after = zoo::openZoo(out).value();
    ASSERT_EQ(after->size, 3U);
    const std::vector<std::size_t> rows {0, 2, 3};
    for (std::size_t i = 0; i < rows.size(); ++i) {
        std::vector<float> a(before->architecture.parameterCount());
        std::vector<float> b(a.size());
        ASSERT_TRUE(before->parameters->read(rows[i], 1, a));
        ASSERT_TRUE(after->parameters->read(i, 1, b));
        EXPECT_EQ(a, b);
        for (std::size_t k = 0; k < 4; ++k)
            EXPECT_EQ(after->property("task")->value(i, k), before->property("task")->value(rows[i], k));
    }
    EXPECT_EQ(after->property("task")->kind, zoo::PropertyKind::Integer);
    EXPECT_EQ(after->property("accuracy")->kind, zoo::PropertyKind::Real);
}

TEST_F(Weights, ConvertWritesOneNetwork)
{
    for (const char* name : {"one.npz", "one.safetensors"}) {
        const fs::path one = small(name);
        EXPECT_THAT(runCli({"info", one}).out, HasSubstr("LSTM 1×3, 6 in, 6 out: 'lstm' read by 'linear'"));
    }
    expectFailure(runCli({"convert", authors, "-o", out.parent_path() / "all.npz"}), "choose one by --rows");
    expectFailure(runCli({"convert", authors, "--rows", "6", "-o", out}), "there is no row 6, the last one is 5");
    EXPECT_EQ(runCli({"convert", authors, "--rows", "5-3", "-o", out}).status, 2);
    ASSERT_EQ(runCli({"convert", authors, "--rows", "1,4-5", "-o", out}).status, 0);
    EXPECT_EQ(zoo::openZoo(out).value()->size, 3U);
}

TEST_F(Weights, EncodersStatesAreNoNetworks)
{
    const fs::path state = fs::path(RNNSCOPE_TEST_DATA) / "reference" / "encoder_states" / "formal_flat.pt";
    expectFailure(runCli({"convert", state, "-o", out}), "import-encoder");
    EXPECT_THAT(runCli({"info", state}).out, HasSubstr("import-encoder"));
}

#if RNNSCOPE_HAS_ENGINE
TEST_F(Weights, PredictTakesFilesFoldersAndZoosAlike)
{
    const fs::path one = small("one.safetensors");
    const Outcome predict = runCli({"predict", one, authors, "--encoder", encoder, "--device", "cpu", "--json"});
    ASSERT_EQ(predict.status, 0) << predict.error;
    const std::size_t line = predict.out.find('\n');
    const auto zoo = nlohmann::json::parse(predict.out.substr(0, line));
    const auto file = nlohmann::json::parse(predict.out.substr(line + 1));
    EXPECT_EQ(file["networks"][0]["file"], "one.safetensors");
    const auto accuracy = [](const nlohmann::json& json) {
        return json["networks"][0]["predictions"]["accuracy"]["predicted"].get<double>();
    };
    EXPECT_NEAR(accuracy(file), accuracy(zoo), 1e-5) << "the same network";
    const Outcome text = runCli({"predict", one, "--encoder", encoder, "--device", "cpu"});
    EXPECT_THAT(text.out, HasSubstr("one.safetensors"));
}

TEST_F(Weights, NetworksWithNaNAreNeverEmbedded)
{
    const fs::path spoilt = folder / "spoilt.h5";
    writeZooWithNan(spoilt, **zoo::openZoo(authors), 1);
    const fs::path nets = folder / "nets";
    ASSERT_EQ(runCli({"convert", spoilt, "--rows", "0-1", "--to", "npz", "-o", nets}).status, 0);
    const Outcome predict = runCli({"predict", nets, "--encoder", encoder, "--device", "cpu"});
    EXPECT_EQ(predict.status, 0) << predict.error;
    EXPECT_THAT(predict.error, AllOf(HasSubstr("1 weight is NaN or infinite"), HasSubstr("-1.npz")));
    EXPECT_THAT(predict.out, HasSubstr("not embedded"));
    EXPECT_EQ(runCli({"embed", nets, "--encoder", encoder, "-o", out, "--strict", "--device", "cpu"}).status, 1);
    EXPECT_EQ(filesBesideOutput(), 0U);
}

TEST_F(Weights, EmbedTakesAFolder)
{
    const fs::path nets = folder / "nets";
    ASSERT_EQ(runCli({"convert", authors, "--to", "safetensors", "-o", nets}).status, 0);
    fs::copy_file(weightFile("mlp_only.pt"), nets / "z.pt");
    const Outcome embed = runCli({"embed", nets, "--encoder", encoder, "-o", out, "--device", "cpu"});
    EXPECT_EQ(embed.status, 0) << embed.error;
    EXPECT_THAT(embed.error, HasSubstr("left out: " + (nets / "z.pt").string()));
    EXPECT_THAT(embed.out, HasSubstr("6 networks embedded"));
}
#endif

} // namespace

} // namespace rnnscope::test
