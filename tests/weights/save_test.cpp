#include "core/weights/save.h"
#include "weights/network_outputs.h"
#include "weights/weight_files.h"
#include "zoo/zoo_files.h"

#include <csignal>
#include <gmock/gmock.h>
#include <sys/resource.h>

namespace rnnscope::weights {

using testdata::memoryZoo;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

std::vector<float> numbers(std::size_t count)
{
    std::vector<float> values(count);
    for (std::size_t i = 0; i < count; ++i)
        values[i] = static_cast<float>(std::sin(static_cast<double>(i)));
    values.front() = -0.0F;
    values.back() = 1e-42F; // subnormal
    return values;
}

std::vector<fs::path> filesIn(const fs::path& folder)
{
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(folder))
        found.push_back(entry.path());
    return found;
}

/// Stops the work once so many networks are done.
class StopAfter final : public Progress
{
public:
    StopAfter(std::size_t count, std::stop_source source)
        : m_count(count)
        , m_source(std::move(source))
    {
    }
    void begin(std::string_view, std::size_t) override { }
    void update(std::size_t done) override
    {
        if (done >= m_count)
            m_source.request_stop();
    }
    void note(std::string_view) override { }

private:
    std::size_t m_count;
    std::stop_source m_source;
};

/// Runs `work` on a disk that takes no file larger than `most` bytes.
template <typename Work>
auto withSmallDisk(rlim_t most, const Work& work)
{
    rlimit before {};
    ::getrlimit(RLIMIT_FSIZE, &before);
    auto* handler = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit small {most, before.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
    auto result = work();
    ::setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, handler);
    return result;
}

class Save : public testing::TestWithParam<SaveFormat>
{
protected:
    Result<std::vector<fs::path>> save(const zoo::Zoo& zoo, const std::vector<std::size_t>& rows,
                                       std::stop_token stop = {}) const
    {
        NoProgress progress;
        return saveNetworks(zoo, rows, scratch / "out", GetParam(), progress, std::move(stop));
    }
    fs::path file() const { return scratch / fmt::format("net{}", extension(GetParam())); }

    Scratch scratch;
};

INSTANTIATE_TEST_SUITE_P(Formats, Save, testing::Values(SaveFormat::Safetensors, SaveFormat::Npz),
                         [](const auto& one) { return one.param == SaveFormat::Npz ? "Npz" : "Safetensors"; });

} // namespace

TEST_P(Save, NetworksComeBackBitForBit)
{
    for (const auto& [cell, prefix] : {std::pair {zoo::Cell::Lstm, "lstm."},
                                       {zoo::Cell::Gru, "gru."},
                                       {zoo::Cell::RnnTanh, "rnn."},
                                       {zoo::Cell::RnnRelu, "rnn."}})
        for (const bool bias : {true, false}) {
            const zoo::Architecture architecture {cell, 5, 7, 2, 3, bias};
            const auto parameters = numbers(architecture.parameterCount());
            ASSERT_TRUE(saveNetwork(architecture, parameters, file(), GetParam()));
            const auto opened = openTensorFile(file());
            ASSERT_TRUE(opened) << opened.error().message;
            EXPECT_EQ((*opened)->tensors().size(), architecture.tensors().size());
            EXPECT_TRUE(testdata::sameBytes(parametersByName(**opened, architecture, prefix), parameters));
            for (const TensorInfo& tensor : (*opened)->tensors()) {
                EXPECT_EQ(tensor.dtype, Dtype::Float32);
                EXPECT_EQ(tensor.shape.size(), tensor.name.find("bias") == std::string::npos ? 2U : 1U) << tensor.name;
            }
        }
    EXPECT_EQ(filesIn(scratch.folder()).size(), 1U);
}

TEST_P(Save, EqualNetworksAreEqualFiles)
{
    const zoo::Architecture architecture {zoo::Cell::Lstm, 5, 7, 2, 3, true};
    const auto parameters = numbers(architecture.parameterCount());
    ASSERT_TRUE(saveNetwork(architecture, parameters, file(), GetParam()));
    const std::string first = readBytes(file());
    ASSERT_TRUE(saveNetwork(architecture, parameters, file(), GetParam()));
    EXPECT_EQ(readBytes(file()), first);
}

TEST_P(Save, RefusesParametersOfAnotherNetwork)
{
    const zoo::Architecture architecture {zoo::Cell::Lstm, 5, 7, 2, 3, true};
    const auto parameters = numbers(architecture.parameterCount() - 1);
    EXPECT_EQ(saveNetwork(architecture, parameters, file(), GetParam()).error().code, Errc::BadValue);
    EXPECT_TRUE(filesIn(scratch.folder()).empty());
}

TEST_P(Save, AFullDiskIsOneSentenceAndLeavesTheOldFile)
{
    const zoo::Architecture architecture {zoo::Cell::Lstm, 5, 7, 2, 3, true};
    const auto parameters = numbers(architecture.parameterCount());
    scratch.write(file().filename().string(), "old");
    for (const rlim_t most : {0U, 100U, 3000U}) {
        const auto saved
            = withSmallDisk(most, [&] { return saveNetwork(architecture, parameters, file(), GetParam()); });
        testdata::expectSentence(saved, "cannot write " + file().string());
        EXPECT_EQ(readBytes(file()), "old");
        EXPECT_EQ(filesIn(scratch.folder()).size(), 1U);
    }
}

TEST_P(Save, WritesAFolderWithItsLabels)
{
    zoo::Zoo zoo = memoryZoo();
    zoo.name = "../four GRUs";
    zoo.properties.push_back(testdata::property("task", zoo::PropertyKind::Integer, {0, 1, 2, -3, 4, 5, 6, 7}));
    zoo.properties.back().columns = 2;
    zoo.properties.push_back(testdata::property("file", zoo::PropertyKind::Categorical, {0, 1, 2, 3}));
    const auto saved = save(zoo, {3, 1});
    ASSERT_TRUE(saved) << saved.error().message;
    const std::string end(extension(GetParam()));
    const std::string third = "_._four GRUs-3" + end;
    const std::string first = "_._four GRUs-1" + end;
    EXPECT_THAT(*saved, ElementsAre(scratch / "out" / third, scratch / "out" / first, scratch / "out" / "labels.csv"));
    EXPECT_EQ(filesIn(scratch / "out").size(), 3U);
    EXPECT_EQ(readBytes(scratch / "out" / "labels.csv"),
              "file,optimiser,phase,run,\"score, % of \"\"all\"\"\",task_0,task_1\n" + third + ",,3,-10,-0.1,6,7\n"
                  + first + ",\"sgd, plain\",1.5,8,,2,-3\n");
    const auto opened = openTensorFile(scratch / "out" / first);
    ASSERT_TRUE(opened) << opened.error().message;
    std::vector<float> expected(zoo.architecture.parameterCount());
    ASSERT_TRUE(zoo.parameters->read(1, 1, expected));
    EXPECT_TRUE(testdata::sameBytes(parametersByName(**opened, zoo.architecture, "gru."), expected));
}

TEST_P(Save, CancelledLeavesNothingBehindAndOldFilesAsTheyWere)
{
    std::stop_source source;
    StopAfter progress(2, source);
    const std::vector<std::size_t> rows {0, 1, 2, 3};
    const auto stopped = saveNetworks(memoryZoo(), rows, scratch / "out", GetParam(), progress, source.get_token());
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, Errc::Cancelled);
    EXPECT_TRUE(filesIn(scratch.folder()).empty());

    ASSERT_TRUE(save(memoryZoo(), {0, 1}));
    const std::string before = readBytes(scratch / "out" / "labels.csv");
    EXPECT_EQ(save(memoryZoo(), rows, source.get_token()).error().code, Errc::Cancelled);
    EXPECT_EQ(readBytes(scratch / "out" / "labels.csv"), before);
    EXPECT_EQ(filesIn(scratch / "out").size(), 3U);
}

TEST_P(Save, AFullDiskLeavesNoFolder)
{
    const auto saved = withSmallDisk(500, [&] { return save(memoryZoo(), {0, 1}); });
    testdata::expectSentence(saved, "cannot write");
    EXPECT_TRUE(filesIn(scratch.folder()).empty());
}

TEST_P(Save, RefusesRowsThatAreNotThere)
{
    testdata::expectSentence(save(memoryZoo(), {0, 4}), "network 4 is not in the zoo, which has 4");
    testdata::expectSentence(save(memoryZoo(), {1, 0, 1}), "network 1 is to be saved twice");
    EXPECT_TRUE(filesIn(scratch.folder()).empty());
    scratch.write("out", "a file");
    testdata::expectSentence(save(memoryZoo(), {0}), "out");
}

TEST(SaveSafetensors, PadsItsHeaderToEightBytes)
{
    const Scratch scratch;
    for (const int inputs : {1, 12, 123, 1234}) {
        const zoo::Architecture architecture {zoo::Cell::RnnRelu, inputs, 2, 1, 1, true};
        ASSERT_TRUE(saveNetwork(architecture, numbers(architecture.parameterCount()), scratch / "a.safetensors",
                                SaveFormat::Safetensors));
        const std::string bytes = readBytes(scratch / "a.safetensors");
        std::uint64_t length = 0;
        std::memcpy(&length, bytes.data(), sizeof(length));
        EXPECT_EQ(length % 8, 0U);
        EXPECT_EQ(bytes.size(), 8 + length + 4 * architecture.parameterCount());
        EXPECT_THAT(bytes.substr(8, length), HasSubstr(fmt::format(R"("cell":"rnn_relu","input_size":"{}")", inputs)));
    }
}

} // namespace rnnscope::weights
