#include "core/weights/load.h"
#include "core/zoo/hdf5_dataset.h"
#include "weights/network_outputs.h"
#include "weights/weight_files.h"

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <gmock/gmock.h>
#include <map>

/// Every row of the reference's MANIFEST.md by its verdict: tests/data holds the small files, RNNSCOPE_REFERENCE all.
namespace rnnscope::weights {

using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;

namespace {

constexpr float kTolerance = 1e-5F; // the expected values are those of the file's own dtype

struct Row
{
    std::string file;
    std::string verdict;
};

fs::path manifestFile(const std::string& name)
{
    const char* reference = std::getenv("RNNSCOPE_REFERENCE");
    return reference != nullptr ? fs::path(reference) / "weights" / name : dataFile(name);
}

std::vector<Row> manifest()
{
    std::vector<Row> rows;
    std::ifstream in(manifestFile("MANIFEST.md"));
    for (std::string line; std::getline(in, line);) {
        std::vector<std::string> cells;
        for (std::size_t at = line.find('|'); at != std::string::npos && at + 1 < line.size();) {
            const std::size_t end = line.find('|', at + 1);
            std::string cell = line.substr(at + 1, end - at - 1);
            cell.erase(0, cell.find_first_not_of(' '));
            cell.erase(cell.find_last_not_of(' ') + 1);
            cells.push_back(cell);
            at = end;
        }
        if (cells.size() >= 4 && cells[0] != "file" && !cells[0].starts_with("-"))
            rows.push_back({cells[0], cells[2]});
    }
    return rows;
}

/// What the message about a file has to say beside its name.
const std::map<std::string, std::vector<std::string>>& words()
{
    static const std::map<std::string, std::vector<std::string>> kWords {
        {"mlp_only.pt", {"no recurrent network"}},
        {"shape_mismatch.pt", {"lstm.weight_hh_l1", "(128, 31)", "(128, 32)"}},
        {"missing_tensor.pt", {"lstm.weight_hh_l1", "missing"}},
        {"whole_module.pt", {"state_dict"}},
        {"whole_module_legacy.pt", {"state_dict"}},
        {"malicious_zip.pt", {"system"}},
        {"malicious_legacy.pt", {"system"}},
        {"malicious_eval.pt", {"eval"}},
        {"malicious_getattr.pt", {"getattr"}},
        {"malicious_plain_pickle.pkl", {"system"}},
        {"malicious_object.npy", {"object"}},
        {"malicious_object.npz", {"object"}},
        {"empty.pt", {"empty"}},
        {"not_a_model.pt", {"text file"}},
        {"missing_record.pt", {"data/3"}},
        {"short_record.pt", {"data/1"}},
        {"lstm_bidirectional.pt", {"bidirectional"}},
        {"lstm_proj.pt", {"projections", "lstm.weight_hr_l0"}},
    };
    return kWords;
}

Result<LoadedWeights> load(const fs::path& path, const Choices& choices = {})
{
    const auto file = openTensorFile(path);
    return file ? loadWeights(**file, choices) : forward(file);
}

/// The units' outputs as the network's own.
LoadedWeights withIdentity(const TensorFile& file, const RecurrentStack& stack)
{
    LoadedWeights bare;
    bare.architecture
        = {stack.cell, stack.inputSize, stack.hiddenSize, stack.numLayers(), stack.hiddenSize, stack.bias};
    bare.parameters = readStack(file, stack).value();
    const auto units = static_cast<std::size_t>(stack.hiddenSize);
    const std::size_t first = bare.parameters.size();
    bare.parameters.resize(first + units * (units + 1));
    for (std::size_t unit = 0; unit < units; ++unit)
        bare.parameters[first + unit * (units + 1)] = 1.0F;
    return bare;
}

class Manifest : public testing::TestWithParam<Row>
{
protected:
    const fs::path path = manifestFile(GetParam().file);

    void SetUp() override { ASSERT_TRUE(fs::exists(path)); }

    zoo::hdf5::Node expected() const
    {
        return zoo::hdf5::Node::openFile(manifestFile("expected.h5")).group(GetParam().file);
    }

    void expectRefusal(const Error& error) const
    {
        EXPECT_THAT(error.message, HasSubstr(path.string()));
        EXPECT_EQ(error.message.find('\n'), std::string::npos) << error.message;
        EXPECT_LT(error.message.size(), 600U) << error.message;
        const auto known = words().find(GetParam().file);
        for (const std::string& word : known == words().end() ? std::vector<std::string> {} : known->second)
            EXPECT_THAT(error.message, HasSubstr(word));
    }

    void expectLoads() const
    {
        if (GetParam().file == "lstm_no_head.pt")
            return expectLoadsWithoutHead();
        const auto loaded = load(path);
        if (!loaded && (GetParam().file == "lstm_bidirectional.pt" || GetParam().file == "lstm_proj.pt"))
            return expectRefusal(loaded.error());
        ASSERT_TRUE(loaded) << loaded.error().message;
        const auto group = expected();
        EXPECT_EQ(zoo::name(loaded->architecture.cell), group.text("cell"));
        EXPECT_EQ(loaded->architecture.bias, group.boolean("bias"));
        expectOutput(*loaded, "output");
        if (GetParam().file == "rnn_tanh.pt") {
            EXPECT_THAT(loaded->report.notes, testing::Contains(HasSubstr("tanh or ReLU")));
        }
    }

    void expectLoadsWithoutHead() const
    {
        const auto file = openTensorFile(path).value();
        const auto refused = loadWeights(*file, {});
        ASSERT_FALSE(refused);
        EXPECT_THAT(refused.error().message, AllOf(HasSubstr("no linear head"), HasSubstr("encoders need one")));
        expectOutput(withIdentity(*file, inspect(*file)->stacks.front()), "core_output");
    }

    void expectOutput(const LoadedWeights& loaded, const std::string& output) const
    {
        const auto group = expected();
        const auto input = zoo::hdf5::Dataset(group, "input").readFloats();
        const auto wanted = zoo::hdf5::Dataset(group, output).readFloats();
        EXPECT_LE(largestDifference(run(loaded.architecture, loaded.parameters, input), wanted), kTolerance);
    }

    void expectLoadsWithSizes() const
    {
        const auto asked = load(path);
        ASSERT_FALSE(asked);
        EXPECT_EQ(asked.error().code, Errc::NeedsChoice);
        EXPECT_THAT(asked.error().message, HasSubstr("--rnn cell=lstm,input="));
        Choices choices;
        choices.sizes = parseRnnSizes("cell=lstm,input=6,hidden=32,layers=2,output=6").value();
        const auto loaded = load(path, choices);
        ASSERT_TRUE(loaded) << loaded.error().message;
        const bool batch = GetParam().file.starts_with("flat_batch");
        EXPECT_EQ(loaded->networks, batch ? 3U : 1U);
        const auto named = load(manifestFile("rnnfast_formal.pt"));
        ASSERT_TRUE(named) << named.error().message;
        const std::vector<float> first(loaded->parameters.begin(), loaded->parameters.begin() + 13766);
        const bool half = GetParam().file == "flat_vector_f2.npy";
        EXPECT_EQ(loaded->half, half);
        EXPECT_LE(largestDifference(first, named->parameters), half ? 1e-3F : 0.0F);
        choices.sizes.hidden = 31;
        EXPECT_EQ(load(path, choices).error().code, Errc::ShapeMismatch);
    }

    void expectWarning() const
    {
        const auto loaded = load(path);
        ASSERT_TRUE(loaded) << loaded.error().message;
        EXPECT_EQ(loaded->report.nonFinite, 2U);
        EXPECT_THAT(loaded->report.notes, testing::Contains(HasSubstr("2 weights are NaN or infinite")));
    }

    void expectChoice() const
    {
        const auto asked = load(path);
        ASSERT_FALSE(asked);
        EXPECT_EQ(asked.error().code, Errc::NeedsChoice);
        EXPECT_THAT(asked.error().message, AllOf(HasSubstr("--rnn-prefix encoder"), HasSubstr("--rnn-prefix decoder")));
        for (const char* prefix : {"encoder", "decoder"})
            EXPECT_TRUE(load(path, {.rnnPrefix = prefix})) << prefix;
    }
};

TEST_P(Manifest, BehavesAsItsVerdictSays)
{
    const std::string& verdict = GetParam().verdict;
    const fs::path pwned = fs::temp_directory_path() / "pwned";
    ASSERT_FALSE(fs::exists(pwned)) << "left by something else";
    if (verdict == "load" || verdict == "load or refuse") {
        const auto loaded = load(path);
        if (verdict == "load or refuse" && !loaded)
            expectRefusal(loaded.error());
        else
            expectLoads();
    } else if (verdict == "load with sizes") {
        expectLoadsWithSizes();
    } else if (verdict == "warn") {
        expectWarning();
    } else if (verdict == "choose") {
        expectChoice();
    } else {
        EXPECT_EQ(verdict, "refuse");
        const auto loaded = load(path);
        ASSERT_FALSE(loaded);
        expectRefusal(loaded.error());
    }
    EXPECT_FALSE(fs::exists(pwned)) << "the file ran a command";
}

INSTANTIATE_TEST_SUITE_P(Rows, Manifest, testing::ValuesIn(manifest()), [](const auto& row) {
    std::string name = row.param.file;
    for (char& c : name)
        c = std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
    return name;
});

TEST(ManifestTable, IsWhole)
{
    EXPECT_GE(manifest().size(), 90U);
}

} // namespace

} // namespace rnnscope::weights
