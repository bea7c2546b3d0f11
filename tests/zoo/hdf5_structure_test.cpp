#include "core/zoo/hdf5_bytes.h"
#include "core/zoo/hdf5_dataset.h"
#include "core/zoo/hdf5_structure.h"
#include "zoo/raw_hdf5.h"
#include "zoo/zoo_files.h"

#include <array>
#include <gmock/gmock.h>

namespace {

using namespace rnnscope;
using namespace rnnscope::testdata;
using testing::HasSubstr;

/// Opens the file and everything in it; the first error's message, or nothing.
std::string errorOf(const fs::path& path)
{
    const auto opened = zoo::hdf5::guarded(path, [&] {
        const auto file = zoo::hdf5::Node::openFile(path);
        for (const std::string& name : file.members())
            file.openObject(name);
    });
    return opened ? std::string() : opened.error().message;
}

class Hdf5Structure : public FolderTest
{
protected:
    fs::path path() const { return folder / "a.h5"; }

    /// A file with what old layouts are made of.
    std::string oldFile() const
    {
        const auto values = smallParameters(4);
        {
            const Handle file = smallZooFile(path());
            const std::vector<hsize_t> shape {4, kSmallColumns};
            dataset(file.get(), "plain", H5T_IEEE_F32LE, shape, H5T_NATIVE_FLOAT, values.data());
            dataset(file.get(), "compact", H5T_IEEE_F32LE, {8}, H5T_NATIVE_FLOAT, values.data(), {.compact = true});
            dataset(file.get(), "chunked", H5T_IEEE_F32LE, shape, H5T_NATIVE_FLOAT, values.data(), {.chunk = {1, 7}});
            dataset(file.get(), "packed", H5T_IEEE_F32LE, shape, H5T_NATIVE_FLOAT, values.data(),
                    {.chunk = {2, 7}, .deflate = 3});
            for (int i = 0; i < 40; ++i)
                makeGroup(file.get(), ("group" + std::to_string(i)).c_str());
        }
        return readBytes(path());
    }
    std::string errorOfBytes(std::string_view bytes) const
    {
        writeBytes(path(), bytes);
        return errorOf(path());
    }
    /// The file with `with` in the place of what stands `offset` bytes behind the first `mark`.
    std::string changed(std::string_view mark, std::size_t offset, std::string_view with) const
    {
        std::string bytes = oldFile();
        const std::size_t at = bytes.find(mark);
        EXPECT_NE(at, std::string::npos) << mark;
        return errorOfBytes(bytes.replace(at + offset, with.size(), with));
    }
};

const std::string kMinus(8, '\xff');

} // namespace

TEST(Lookup3, MatchesItsAuthorsExamples)
{
    EXPECT_EQ(zoo::hdf5::lookup3(""), 0xdeadbeefU);
    EXPECT_EQ(zoo::hdf5::lookup3("Four score and seven years ago"), 0x17770551U);
}

TEST_F(Hdf5Structure, AcceptsOldLayouts)
{
    EXPECT_EQ(errorOfBytes(oldFile()), "");
}

/// Superblock 3, headers with checksums, links and attributes in heaps, every kind of chunk index.
TEST_F(Hdf5Structure, AcceptsNewLayouts)
{
    {
        const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "access");
        H5Pset_libver_bounds(access.get(), H5F_LIBVER_LATEST, H5F_LIBVER_LATEST);
        const Handle file(H5Fcreate(path().c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access.get()), H5Fclose, "file");
        const auto values = smallParameters(4);
        const std::vector<hsize_t> shape {4, kSmallColumns};
        const auto add = [&](const char* name, const Layout& layout) {
            return dataset(file.get(), name, H5T_IEEE_F32LE, shape, H5T_NATIVE_FLOAT, values.data(), layout);
        };
        const Handle plain = add("plain", {});
        add("single", {.chunk = shape});
        add("single packed", {.chunk = shape, .deflate = 3});
        add("fixed", {.chunk = {1, 7}});
        add("fixed packed", {.chunk = {1, 7}, .deflate = 3});
        for (int i = 0; i < 40; ++i)
            numberAttribute<int>(plain.get(), ("number" + std::to_string(i)).c_str(), H5T_NATIVE_INT, i);
        for (int i = 0; i < 40; ++i)
            makeGroup(file.get(), ("group" + std::to_string(i)).c_str());
    }
    EXPECT_EQ(errorOf(path()), "");
}

TEST_F(Hdf5Structure, RefusesWhatLiesBeyondTheEnd)
{
    EXPECT_THAT(changed("HEAP", 24, "\xff\xff\xff"), HasSubstr("a.h5 is a damaged HDF5 file: "));
    EXPECT_THAT(changed("TREE", 32, kMinus.substr(0, 7)), HasSubstr("lies beyond its end"));
}

TEST_F(Hdf5Structure, RefusesFreePlacesThatGoRoundInCircles)
{
    std::string bytes = oldFile();
    const std::size_t heap = bytes.find("HEAP");
    const auto number = [&](std::size_t at) {
        std::uint64_t value = 0;
        std::memcpy(&value, bytes.data() + at, 8);
        return value;
    };
    const std::uint64_t free = number(heap + 16);
    const std::uint64_t data = number(heap + 24);
    ASSERT_GT(free, 1U) << "the library left no free place";
    std::memcpy(bytes.data() + data + free, &free, 8); // the next place is itself
    EXPECT_THAT(errorOfBytes(bytes), HasSubstr("free places"));
}

TEST_F(Hdf5Structure, RefusesNamesWithoutAnEnd)
{
    EXPECT_THAT(changed("SNOD", 8, "\xff\xff\xff"), HasSubstr("a name in a group has no end"));
}

TEST_F(Hdf5Structure, RefusesChunksOfAnotherSize)
{
    std::string bytes = oldFile();
    const std::string leaf("TREE\x01", 5);
    const std::size_t at = bytes.find(leaf);
    ASSERT_NE(at, std::string::npos);
    bytes[at + 24] = static_cast<char>(bytes[at + 24] + 1); // bytes of the first chunk
    EXPECT_THAT(errorOfBytes(bytes), HasSubstr("a chunk of"));
}

TEST_F(Hdf5Structure, NoticesWrongChecksums)
{
    {
        const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "access");
        H5Pset_libver_bounds(access.get(), H5F_LIBVER_LATEST, H5F_LIBVER_LATEST);
        const Handle file(H5Fcreate(path().c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access.get()), H5Fclose, "file");
        makeGroup(file.get(), "group");
    }
    std::string bytes = readBytes(path());
    const std::size_t name = bytes.find("group");
    ASSERT_NE(name, std::string::npos);
    bytes[name] = 'h';
    EXPECT_THAT(errorOfBytes(bytes), HasSubstr("checksum"));
}

/// One byte after the other, set to 0, to 255 or to one more.
TEST_F(Hdf5Structure, SurvivesEveryByte)
{
    const std::string good = oldFile();
    for (std::size_t at = 0; at < good.size(); at += at < 1024 ? 1 : 37) {
        const std::array<char, 3> values {'\0', '\xff', static_cast<char>(good[at] + 1)};
        std::string bytes = good;
        bytes[at] = values.at(at % values.size());
        const std::string error = errorOfBytes(bytes);
        EXPECT_TRUE(error.empty() || error.find("a.h5") != std::string::npos) << at << ": " << error;
    }
}
