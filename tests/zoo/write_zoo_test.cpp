#include "core/zoo/array_source.h"
#include "zoo/zoo_files.h"

#include <csignal>
#include <stop_token>
#include <sys/resource.h>

namespace {

using namespace rnnscope;
using namespace rnnscope::testdata;
using zoo::fingerprint;
using zoo::openZoo;

class WriteZoo : public FolderTest
{
protected:
    fs::path path() const { return folder / "zoo.h5"; }
};

std::vector<float> rolloutsOf(const zoo::Zoo& zoo, std::size_t row, std::size_t count)
{
    const zoo::RolloutShape shape = zoo.rollouts->shape();
    std::vector<float> inputs(count * shape.inputValues());
    std::vector<float> logits(count * shape.logitValues());
    EXPECT_TRUE(zoo.rollouts->readInputs(row, 0, count, inputs));
    EXPECT_TRUE(zoo.rollouts->readLogits(row, 0, count, logits));
    inputs.insert(inputs.end(), logits.begin(), logits.end());
    return inputs;
}

TEST_F(WriteZoo, GoldenFoldersSurviveTheRoundTrip)
{
    for (const fs::path& source : goldenFolders()) {
        const auto before = openZoo(source).value();
        const auto written = write(*before, path());
        ASSERT_TRUE(written) << written.error().message;
        const auto after = openZoo(path());
        ASSERT_TRUE(after) << after.error().message;
        EXPECT_EQ((*after)->name, before->name);
        EXPECT_EQ((*after)->family, before->family);
        EXPECT_EQ((*after)->architecture, before->architecture);
        EXPECT_TRUE(sameBytes(parametersOf(**after), parametersOf(*before)));
        expectSameProperties((*after)->properties, before->properties);
        const std::size_t sequences = before->rollouts->shape().sequences;
        ASSERT_NE((*after)->rollouts, nullptr);
        for (std::size_t row = 0; row < before->size; ++row)
            EXPECT_TRUE(sameBytes(rolloutsOf(**after, row, sequences), rolloutsOf(*before, row, sequences)));
        EXPECT_EQ(fingerprint(**after).value(), fingerprint(*before).value());
    }
}

TEST_F(WriteZoo, KeepsEveryKindOfProperty)
{
    const zoo::Zoo before = memoryZoo();
    ASSERT_TRUE(write(before, path()));
    const auto after = openZoo(path());
    ASSERT_TRUE(after) << after.error().message;
    expectSameProperties((*after)->properties, before.properties);
    EXPECT_EQ((*after)->provenance, before.provenance);
    EXPECT_EQ((*after)->architecture, before.architecture);
    EXPECT_EQ(files(), 1U);
}

TEST_F(WriteZoo, KeepsManyLabelsAndLongTexts)
{
    zoo::Zoo before = memoryZoo();
    before.provenance.assign(100'000, 'x');
    before.properties[0].labels.clear();
    for (int i = 0; i < 6000; ++i)
        before.properties[0].labels.push_back("label " + std::to_string(i));
    before.properties[0].values = {5999, 0, 17, 4096};
    const auto written = write(before, path());
    ASSERT_TRUE(written) << written.error().message;
    const auto after = openZoo(path());
    ASSERT_TRUE(after) << after.error().message;
    expectSameProperties((*after)->properties, before.properties);
    EXPECT_EQ((*after)->provenance, before.provenance);
}

TEST_F(WriteZoo, HalfParametersAreTheNearestHalvesAndStayHalf)
{
    const zoo::Zoo before = memoryZoo();
    ASSERT_TRUE(write(before, path(), {.halfParameters = true}));
    const auto half = openZoo(path()).value();
    EXPECT_TRUE(half->parameters->isHalf());
    const auto exact = parametersOf(before);
    const auto rounded = parametersOf(*half);
    for (std::size_t i = 0; i < exact.size(); ++i)
        EXPECT_NEAR(rounded[i], exact[i], std::abs(exact[i]) * 0x1p-11F + 0x1p-25F);
    ASSERT_TRUE(write(*half, folder / "again.h5"));
    const auto again = openZoo(folder / "again.h5").value();
    EXPECT_TRUE(again->parameters->isHalf());
    EXPECT_TRUE(sameBytes(parametersOf(*again), rounded));
    EXPECT_EQ(fingerprint(*again).value(), fingerprint(*half).value());
    EXPECT_NE(fingerprint(*half).value(), fingerprint(before).value());
}

TEST_F(WriteZoo, KeepsOnlyTheRowsAskedFor)
{
    const zoo::Zoo before = memoryZoo();
    ASSERT_TRUE(write(before, path(), {.rows = {3, 0, 1}}));
    const auto after = openZoo(path()).value();
    ASSERT_EQ(after->size, 3U);
    EXPECT_EQ(after->property("run")->values, (std::vector<double> {-10, 7, 8}));
    const std::size_t columns = before.architecture.parameterCount();
    EXPECT_EQ(parametersOf(*after)[0], parametersOf(before)[3 * columns]);
    EXPECT_EQ(parametersOf(*after)[2 * columns], parametersOf(before)[columns]);
    expectSentence(write(before, path(), {.rows = {4}}), "no network 4");
}

TEST_F(WriteZoo, KeepsOnlyTheRolloutsAskedFor)
{
    const auto before = openZoo(sampleZoos() / kMnistFolder).value();
    ASSERT_TRUE(write(*before, path(), {.rolloutSequences = 2}));
    const auto after = openZoo(path()).value();
    EXPECT_EQ(after->rollouts->shape().sequences, 2U);
    EXPECT_TRUE(sameBytes(rolloutsOf(*after, 1, 2), rolloutsOf(*before, 1, 2)));
    ASSERT_TRUE(write(*before, path(), {.rolloutSequences = 0}));
    EXPECT_EQ(openZoo(path()).value()->rollouts, nullptr);
}

TEST_F(WriteZoo, AnOpenZooMayBeReplacedByItself)
{
    ASSERT_TRUE(write(memoryZoo(), path()));
    const auto first = openZoo(path()).value();
    ASSERT_TRUE(write(*first, path(), {.rows = {0}}));
    EXPECT_TRUE(sameBytes(parametersOf(*first), parametersOf(memoryZoo())));
    EXPECT_EQ(openZoo(path()).value()->size, 1U);
}

TEST_F(WriteZoo, CancelledWritingLeavesNoFile)
{
    std::stop_source source;
    source.request_stop();
    NoProgress progress;
    const auto written = zoo::writeZoo(memoryZoo(), path(), {}, progress, source.get_token());
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, Errc::Cancelled);
    EXPECT_EQ(files(), 0U);
}

TEST_F(WriteZoo, AFullDiskIsOneSentenceAndLeavesTheOldFile)
{
    writeBytes(path(), "old");
    rlimit before {};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    auto* handler = std::signal(SIGXFSZ, SIG_IGN);
    const auto source = openZoo(sampleZoos() / kFormalFolder).value();
    for (const rlim_t most : {0U, 1000U, 20'000U, 100'000U}) {
        const rlimit small {most, before.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &small);
        const auto written = write(*source, path());
        ::setrlimit(RLIMIT_FSIZE, &before);
        expectSentence(written, "cannot write");
        EXPECT_EQ(readBytes(path()), "old");
        EXPECT_EQ(files(), 1U);
    }
    std::signal(SIGXFSZ, handler);
}

TEST_F(WriteZoo, SaysWhatItCannotWrite)
{
    zoo::Zoo bad = memoryZoo();
    bad.properties[0].name = "a/b";
    expectSentence(write(bad, path()), "'a/b'");
    bad = memoryZoo();
    bad.properties[2].values.pop_back();
    expectSentence(write(bad, path()), "property 'run' has 3 rows");
    expectSentence(write(memoryZoo(), folder / "none" / "zoo.h5"), "does not exist");
    expectSentence(write(memoryZoo(), folder), "it is a folder");
    EXPECT_EQ(files(), 0U);
}

TEST_F(WriteZoo, FingerprintsTellContentApart)
{
    const zoo::Zoo one = memoryZoo();
    EXPECT_EQ(fingerprint(one).value(), fingerprint(memoryZoo()).value());
    EXPECT_EQ(fingerprint(one).value().size(), 16U);
    auto values = parametersOf(one);
    values.back() += 1.0F;
    zoo::Zoo other = memoryZoo();
    other.parameters = std::make_shared<MemoryParameters>(std::move(values), one.architecture.parameterCount(), false);
    EXPECT_NE(fingerprint(other).value(), fingerprint(one).value());
}

} // namespace
