#include "core/weights/weight_zoo.h"
#include "weights/weight_files.h"

#include <cmath>
#include <gmock/gmock.h>

namespace rnnscope::weights {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

/// Keeps what it is told.
class Notes final : public Progress
{
public:
    void begin(std::string_view, std::size_t) override { }
    void update(std::size_t) override { }
    void note(std::string_view message) override { notes.emplace_back(message); }
    std::vector<std::string> notes;
};

class WeightZoo : public testing::Test
{
protected:
    Scratch scratch;
    Notes progress;

    void copy(const std::string& from, const std::string& to) const
    {
        fs::create_directories((scratch / to).parent_path());
        fs::copy_file(dataFile(from), scratch / to);
    }
    WeightZoos open(const std::vector<fs::path>& paths, const WeightZooOptions& options = {})
    {
        auto opened = openWeightZoos(paths, options, progress, {});
        EXPECT_TRUE(opened) << opened.error().message;
        return opened ? *std::move(opened) : WeightZoos {};
    }
    WeightZoos openFolder() { return open({scratch.folder()}); }
};

std::vector<std::string> fileNames(const zoo::Zoo& zoo)
{
    std::vector<std::string> names;
    for (std::size_t row = 0; row < zoo.size; ++row)
        names.push_back(zoo::format(*zoo.property("file"), row));
    return names;
}

std::vector<float> parameters(const zoo::Zoo& zoo, std::size_t row)
{
    std::vector<float> values(zoo.architecture.parameterCount());
    EXPECT_TRUE(zoo.parameters->read(row, 1, values));
    return values;
}

} // namespace

TEST_F(WeightZoo, HasARowPerFileInTheOrderOfTheirNumbers)
{
    for (const char* name : {"net-10.pt", "net-9.safetensors", "net-1.npz"})
        copy(name[4] == '9'                         ? "rnnfast.safetensors"
                 : name[4] == '1' && name[5] == '.' ? "rnnfast.npz"
                                                    : "rnnfast_half.pt",
             name);
    scratch.write("notes.txt", "not a network\n");
    scratch.write(".hidden.pt", "not seen\n");
    const auto opened = openFolder();
    ASSERT_EQ(opened.zoos.size(), 1U);
    const zoo::Zoo& zoo = *opened.zoos.front();
    EXPECT_THAT(fileNames(zoo), ElementsAre("net-1.npz", "net-9.safetensors", "net-10.pt"));
    EXPECT_EQ(zoo.architecture.description(), "LSTM 2×32, 6 in, 6 out");
    EXPECT_EQ(zoo.family, zoo::TaskFamily::Custom);
    EXPECT_EQ(zoo.name, scratch.folder().filename());
    EXPECT_EQ(zoo.path, scratch.folder());
    EXPECT_FALSE(zoo.parameters->isHalf()) << "not all are";
    EXPECT_EQ(parameters(zoo, 0), parameters(zoo, 1)) << "the same network";
    EXPECT_NE(parameters(zoo, 0), parameters(zoo, 2)) << "rounded to float16";
    EXPECT_EQ(opened.reports.size(), 3U);
    EXPECT_THAT(opened.refused, IsEmpty());
}

TEST_F(WeightZoo, StaysFloat16WhereAllFilesAre)
{
    copy("rnnfast_half.pt", "a.pt");
    copy("rnnfast_f16.safetensors", "b.safetensors");
    const auto opened = openFolder();
    const zoo::Zoo& zoo = *opened.zoos.at(0);
    EXPECT_TRUE(zoo.parameters->isHalf());
    EXPECT_EQ(parameters(zoo, 0), parameters(zoo, 1));
    std::vector<float> whole(2 * zoo.architecture.parameterCount());
    EXPECT_TRUE(zoo.parameters->read(0, 2, whole));
    EXPECT_FALSE(zoo.parameters->read(1, 2, whole));
}

TEST_F(WeightZoo, IsOnePerArchitecture)
{
    copy("gru.pt", "a.pt");
    copy("rnnfast_formal.pt", "b.pt");
    copy("gru.pt", "c.pt");
    const auto opened = openFolder();
    ASSERT_EQ(opened.zoos.size(), 2U);
    EXPECT_THAT(fileNames(*opened.zoos[0]), ElementsAre("a.pt", "c.pt"));
    EXPECT_THAT(fileNames(*opened.zoos[1]), ElementsAre("b.pt"));
    EXPECT_THAT(opened.zoos[1]->name, HasSubstr("LSTM 2×32"));
    EXPECT_EQ(opened.zoos[1]->path, scratch / "b.pt");
}

TEST_F(WeightZoo, SaysWhatItRefuses)
{
    copy("rnnfast_formal.pt", "a.pt");
    copy("malicious_zip.pt", "b.pt");
    copy("two_lstms.pt", "c.pt");
    copy("not_a_model.pt", "d.pt");
    const auto opened = openFolder();
    ASSERT_EQ(opened.refused.size(), 3U);
    EXPECT_EQ(opened.refused[0].file, scratch / "b.pt");
    EXPECT_EQ(opened.refused[1].error.code, Errc::NeedsChoice);
    EXPECT_THAT(opened.refused[2].error.message, HasSubstr("text file"));
    EXPECT_EQ(opened.zoos.size(), 1U);
}

TEST_F(WeightZoo, TakesOneRowPerNetworkOfABatch)
{
    WeightZooOptions options;
    options.choices.sizes = parseRnnSizes("cell=lstm,input=6,hidden=32,layers=2,output=6").value();
    const auto opened = open({dataFile("flat_batch.npy"), dataFile("rnnfast_formal.pt")}, options);
    ASSERT_EQ(opened.zoos.size(), 1U);
    EXPECT_THAT(fileNames(*opened.zoos[0]),
                ElementsAre("flat_batch.npy", "flat_batch.npy", "flat_batch.npy", "rnnfast_formal.pt"));
    EXPECT_EQ(parameters(*opened.zoos[0], 0), parameters(*opened.zoos[0], 3));
}

TEST_F(WeightZoo, TakesAFoldersOnlyTableForItsLabels)
{
    copy("rnnfast_formal.pt", "a.pt");
    copy("rnnfast_formal.pt", "b.pt");
    copy("gru.pt", "c.pt");
    scratch.write("about.csv", "file,accuracy,task_0,task_1\nc.pt,0.25,0,1\na.pt,0.5,0,2\nz.pt,1,0,3\n");
    const auto opened = openFolder();
    ASSERT_EQ(opened.zoos.size(), 2U);
    const zoo::Zoo& lstms = *opened.zoos[0];
    EXPECT_EQ(lstms.property("accuracy")->value(0), 0.5);
    EXPECT_TRUE(std::isnan(lstms.property("accuracy")->value(1)));
    EXPECT_EQ(lstms.property("task")->columns, 2U);
    EXPECT_EQ(lstms.property("task")->value(0, 1), 2.0);
    EXPECT_EQ(opened.zoos[1]->property("accuracy")->value(0), 0.25);
    EXPECT_THAT(progress.notes, Contains(HasSubstr("has a row without a network: 'z.pt'")));
    EXPECT_THAT(progress.notes, Contains(HasSubstr("has no row for 'b.pt'")));
    scratch.write("more.csv", "file,accuracy\na.pt,0.75\n");
    EXPECT_EQ(openFolder().zoos.at(0)->property("accuracy"), nullptr) << "which of two?";
    const auto named = open({scratch.folder()}, {.choices = {}, .labels = scratch / "more.csv"});
    EXPECT_EQ(named.zoos.at(0)->property("accuracy")->value(0), 0.75);
}

TEST_F(WeightZoo, KeepsTheTablesOfSeveralFoldersApart)
{
    for (const char* folder : {"x", "y"}) {
        copy("rnnfast_formal.pt", std::string(folder) + "/a.pt");
        scratch.write(std::string(folder) + "/labels.csv",
                      std::string("file,who\na.pt,") + (folder[0] == 'x' ? "zoe\n" : "bob\n"));
    }
    const auto opened = open({scratch / "x", scratch / "y"});
    ASSERT_EQ(opened.zoos.size(), 1U);
    const zoo::Property& who = *opened.zoos[0]->property("who");
    EXPECT_EQ(zoo::format(who, 0), "zoe");
    EXPECT_EQ(zoo::format(who, 1), "bob");
    EXPECT_THAT(fileNames(*opened.zoos[0]), ElementsAre("x/a.pt", "y/a.pt"));
    EXPECT_THAT(progress.notes, IsEmpty());
}

TEST_F(WeightZoo, IsTheSameForAnyNumberOfThreads)
{
    for (int i = 0; i < 20; ++i)
        copy(i % 3 == 0 ? "gru.pt" : "rnnfast_formal.pt", fmt::format("{}.pt", i));
    const auto alone = open({scratch.folder()}, {.choices = {}, .threads = 1});
    const auto many = open({scratch.folder()}, {.choices = {}, .threads = 7});
    ASSERT_EQ(alone.zoos.size(), 2U);
    for (std::size_t i = 0; i < alone.zoos.size(); ++i) {
        EXPECT_EQ(fileNames(*alone.zoos[i]), fileNames(*many.zoos.at(i)));
        EXPECT_EQ(zoo::fingerprint(*alone.zoos[i]).value(), zoo::fingerprint(*many.zoos[i]).value());
    }
}

TEST_F(WeightZoo, Fails)
{
    const auto message = [&](const std::vector<fs::path>& paths, const WeightZooOptions& options = {}) {
        const auto opened = openWeightZoos(paths, options, progress, {});
        return opened ? std::string("opened") : opened.error().message;
    };
    EXPECT_THAT(message({scratch / "nothing.pt"}), HasSubstr("nothing.pt does not exist"));
    EXPECT_THAT(message({scratch.folder()}), HasSubstr("has no weight files in it"));
    copy("gru.pt", "a.pt");
    EXPECT_THAT(message({scratch / "a.pt"}, {.choices = {}, .labels = scratch / "no.csv"}), HasSubstr("no.csv"));
    std::stop_source stop;
    stop.request_stop();
    const auto cancelled = openWeightZoos({scratch / "a.pt"}, {}, progress, stop.get_token());
    ASSERT_FALSE(cancelled);
    EXPECT_EQ(cancelled.error().code, Errc::Cancelled);
}

} // namespace rnnscope::weights
