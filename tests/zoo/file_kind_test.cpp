#include "core/zoo/checkpoint.h"
#include "core/zoo/file_kind.h"
#include "zoo/zoo_files.h"

#include <hdf5.h>

#include <sys/stat.h>

namespace {

using namespace rnnscope;
using namespace rnnscope::testdata;
using zoo::FileKind;
using zoo::fileKind;

class FileKindTest : public FolderTest
{
protected:
    fs::path file(std::string_view bytes) const
    {
        writeBytes(folder / "a.h5", bytes);
        return folder / "a.h5";
    }
};

TEST_F(FileKindTest, GoesByTheContentAndNotTheName)
{
    EXPECT_EQ(fileKind(sampleZoos() / kFormalFolder).value(), FileKind::AuthorsFolder);
    ASSERT_TRUE(write(memoryZoo(), folder / "picture.png"));
    EXPECT_EQ(fileKind(folder / "picture.png").value(), FileKind::Zoo);
    zoo::Checkpoint checkpoint;
    checkpoint.config = zoo::paperConfig(zoo::EncoderKind::Flat, memoryZoo().architecture, zoo::TaskFamily::Custom);
    ASSERT_TRUE(zoo::writeCheckpoint(checkpoint, folder / "zoo"));
    EXPECT_EQ(fileKind(folder / "zoo").value(), FileKind::Checkpoint);
    expectSentence(zoo::openZoo(folder / "zoo"), "is an encoder checkpoint, not a zoo");
    expectSentence(zoo::openCheckpoint(folder / "picture.png"), "is a zoo, not an encoder checkpoint");
}

TEST_F(FileKindTest, SaysWhatItIsInstead)
{
    expectSentence(fileKind(file("")), "is empty (0 bytes)");
    expectSentence(fileKind(file("\x89PNG\r\n\x1a\n.....")), "is a PNG image, not a zoo or an encoder checkpoint");
    expectSentence(fileKind(file("PK\x03\x04....")), "ZIP archive or PyTorch file");
    expectSentence(fileKind(file("{\"a\": 1}\n")), "is a text file");
    expectSentence(fileKind(file(std::string("\x00\x01\x02", 3))), "is not a zoo or an encoder checkpoint");
    expectSentence(fileKind(sampleZoos() / kFormalFolder / "tasks.npy"), "open the folder it lies in");
    expectSentence(fileKind(folder / "none"), "does not exist");
    expectSentence(fileKind("/dev/null"), "neither a file nor a folder");
}

TEST_F(FileKindTest, SaysWhatIsWrongWithFolders)
{
    expectSentence(fileKind(folder), "is an empty folder");
    file("something");
    expectSentence(fileKind(folder), "without parameters.npy");
}

TEST_F(FileKindTest, DoesNotWaitForPipes)
{
    ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
    expectSentence(fileKind(folder / "pipe"), "neither a file nor a folder");
}

TEST_F(FileKindTest, KnowsOtherHdf5Files)
{
    H5Fclose(H5Fcreate((folder / "other.h5").c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
    expectSentence(fileKind(folder / "other.h5"), "is an HDF5 file, not a zoo");
}

TEST_F(FileKindTest, CutHdf5FilesAreOneSentence)
{
    ASSERT_TRUE(write(memoryZoo(), folder / "zoo.h5"));
    const std::string good = readBytes(folder / "zoo.h5");
    expectSentence(fileKind(file(good.substr(0, 20))), "cut short");
    expectSentence(fileKind(file(good.substr(0, good.size() - 1))), "cut short");
}

} // namespace
