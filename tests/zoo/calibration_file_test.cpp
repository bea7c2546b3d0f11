#include "core/zoo/checkpoint.h"
#include "zoo/raw_hdf5.h"
#include "zoo/zoo_files.h"

#include <limits>

namespace {

using namespace rnnscope;
using namespace rnnscope::testdata;

zoo::Checkpoint calibrated()
{
    zoo::Checkpoint made;
    made.config
        = zoo::compactConfig(zoo::EncoderKind::Flat, {zoo::Cell::Lstm, 6, 32, 2, 6}, zoo::TaskFamily::FormalLanguage);
    made.encoder = {{"bos", {{1}, {1.0F}}}};
    made.heads.resize(2);
    made.heads[0].property = "accuracy";
    made.heads[0].mean = {0.5};
    made.heads[0].scale = {0.1};
    made.heads[0].state = {{"0.weight", {{2, 1}, {1.0F, 2.0F}}}, {"0.bias", {{2}, {0.0F, 0.0F}}}};
    made.heads[0].calibration = {{0.25, 0.0, std::numeric_limits<double>::infinity()}, {-3, 7, 7}};
    made.heads[1] = made.heads[0];
    made.heads[1].property = "charm";
    made.heads[1].calibration = {};
    return made;
}

class CalibrationFile : public FolderTest
{
protected:
    fs::path path() const { return folder / "small.h5"; }

    template <typename Change>
    void expectRefused(Change change, const std::string& part) const
    {
        ASSERT_TRUE(writeCheckpoint(calibrated(), path()));
        {
            const Handle file(H5Fopen(path().c_str(), H5F_ACC_RDWR, H5P_DEFAULT), H5Fclose, "file");
            change(file.get());
        }
        expectSentence(zoo::openCheckpoint(path()), part);
    }
};

void replaceScores(hid_t file, const std::vector<double>& scores)
{
    H5Ldelete(file, "heads/accuracy/calibration_scores", H5P_DEFAULT);
    dataset(file, "heads/accuracy/calibration_scores", H5T_IEEE_F64LE, {scores.size()}, H5T_NATIVE_DOUBLE,
            scores.data());
}

TEST_F(CalibrationFile, SurvivesTheRoundTrip)
{
    const auto before = calibrated();
    const auto written = writeCheckpoint(before, path());
    ASSERT_TRUE(written) << written.error().message;
    const auto after = zoo::openCheckpoint(path());
    ASSERT_TRUE(after) << after.error().message;
    ASSERT_EQ((*after)->heads.size(), 2U);
    for (std::size_t i = 0; i < 2; ++i) {
        EXPECT_EQ((*after)->heads[i].calibration.scores, before.heads[i].calibration.scores);
        EXPECT_EQ((*after)->heads[i].calibration.groups, before.heads[i].calibration.groups);
    }
}

TEST_F(CalibrationFile, NamesTheHeadWhoseScoresCannotBeUsed)
{
    expectRefused(
        [](hid_t file) {
            replaceScores(file, {0.1, -0.5, 0.2});
        },
        "has the calibration score");
    expectRefused(
        [](hid_t file) {
            replaceScores(file, {0.1, NAN, 0.2});
        },
        "has the calibration score");
    expectRefused([](hid_t file) { replaceScores(file, {0.1, 0.2}); }, "2 calibration scores of 3 networks");
    expectRefused([](hid_t file) { H5Ldelete(file, "heads/accuracy/calibration_groups", H5P_DEFAULT); },
                  "3 calibration scores of 0 networks");
    expectRefused([](hid_t file) { H5Ldelete(file, "heads/accuracy/calibration_scores", H5P_DEFAULT); },
                  "0 calibration scores of 3 networks");
    auto bad = calibrated();
    bad.heads[0].calibration.groups.pop_back();
    expectSentence(writeCheckpoint(bad, path()), "the head for accuracy");
}

} // namespace
