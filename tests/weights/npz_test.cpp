#include "core/weights/readers.h"
#include "weights/network_outputs.h"
#include "weights/weight_files.h"

#include <gmock/gmock.h>
#include <zip.h>

namespace rnnscope::weights {

using testing::ElementsAre;
using testing::HasSubstr;

namespace {

const zoo::Architecture kFormal {zoo::Cell::Lstm, 6, 32, 2, 6, true};

std::string bytesNpy(const std::string& descr, std::size_t size, const std::string& data)
{
    std::string header = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({},), }}\n", descr, size);
    std::string bytes("\x93NUMPY\x01\x00", 8);
    bytes.push_back(static_cast<char>(header.size()));
    bytes.push_back('\0');
    return bytes.append(header).append(data);
}

fs::path writeZip(const Scratch& scratch, const std::vector<std::pair<std::string, std::string>>& parts, int method)
{
    const fs::path path = scratch / "a.npz";
    fs::remove(path);
    int code = 0;
    zip_t* archive = zip_open(path.c_str(), ZIP_CREATE, &code);
    for (const auto& [name, bytes] : parts) {
        zip_source_t* source = zip_source_buffer(archive, bytes.data(), bytes.size(), 0);
        const auto index = zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_UTF_8);
        zip_set_file_compression(archive, static_cast<zip_uint64_t>(index), method, 0);
    }
    EXPECT_EQ(zip_close(archive), 0);
    return path;
}

} // namespace

TEST(Npz, FilesOfTheReferenceGiveTheirOutputs)
{
    for (const char* name :
         {"rnnfast.npz", "rnnfast_compressed.npz", "rnnfast_fortran_f8.npz", "rnnfast_bigendian.npz"}) {
        const auto opened = openTensorFile(dataFile(name));
        ASSERT_TRUE(opened) << opened.error().message;
        EXPECT_EQ((*opened)->format(), Format::Npz);
        EXPECT_EQ((*opened)->tensors().size(), 10U);
        EXPECT_THAT((*opened)->notes(), ElementsAre());
        const Recorded expected = recorded(dataFile("expected.h5"), name);
        const auto output = run(kFormal, parametersByName(**opened, kFormal, "lstm."), expected.input);
        EXPECT_LE(largestDifference(output, expected.output), 1e-5F) << name;
    }
}

TEST(Npz, ReadsLargeStoredAndDeflatedArrays)
{
    const Scratch scratch;
    constexpr std::size_t kCount = std::size_t {40} << 20U; // 80 MiB: beyond what is read at once
    std::string data(2 * kCount, '\0');
    for (std::size_t i = 0; i < kCount; ++i) {
        data[2 * i] = static_cast<char>(i * 2654435761U >> 24U);
        data[2 * i + 1] = static_cast<char>(i % 13);
    }
    for (const int method : {ZIP_CM_STORE, ZIP_CM_DEFLATE}) {
        const auto opened = openTensorFile(writeZip(scratch, {{"a.npy", bytesNpy("<u2", kCount, data)}}, method));
        ASSERT_TRUE(opened) << opened.error().message;
        const auto values = valuesOf(**opened, "a");
        for (std::size_t i = 0; i < kCount; i += 99'991)
            ASSERT_EQ(values[i],
                      static_cast<float>(static_cast<unsigned char>(data[2 * i])
                                         + 256 * static_cast<unsigned char>(data[2 * i + 1])));
    }
}

TEST(Npz, NamesArraysWithoutTheirSuffixAndCountsTheRest)
{
    const Scratch scratch;
    const auto array = bytesNpy("|i1", 2, "\x01\x02");
    const auto opened = openTensorFile(
        writeZip(scratch, {{"net.npy", array}, {"readme.txt", "text"}, {"deep/b.npy", array}}, ZIP_CM_STORE));
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_THAT(valuesOf(**opened, "net"), ElementsAre(1, 2));
    EXPECT_THAT(valuesOf(**opened, "deep/b"), ElementsAre(1, 2));
    EXPECT_THAT((*opened)->notes(), ElementsAre("a part of the archive that is no array was left out"));
}

TEST(Npz, NamesTheArrayThatIsRefused)
{
    const Scratch scratch;
    const auto message = [&](const std::string& bytes) {
        const auto good = bytesNpy("|i1", 1, "a");
        const auto opened = openTensorFile(writeZip(scratch, {{"good.npy", good}, {"bad.npy", bytes}}, ZIP_CM_DEFLATE));
        return opened ? "opened" : opened.error().message;
    };
    EXPECT_THAT(message(bytesNpy("|O", 1, "pickle")), HasSubstr("a.npz: array bad holds Python objects (a pickle)"));
    EXPECT_THAT(message(bytesNpy("<f4", 2, "1234567")), HasSubstr("array bad is cut short"));
    EXPECT_THAT(message("text"), HasSubstr("array bad is not a NumPy array file"));
    EXPECT_THAT(message(""), HasSubstr("array bad is empty (0 bytes)"));
    EXPECT_THAT(message(bytesNpy("<f4", std::size_t {1} << 58U, "")), HasSubstr("array bad: the shape"));
}

TEST(Npz, NoticesChangedNumbers)
{
    const Scratch scratch;
    std::string bytes = readBytes(writeZip(scratch, {{"a.npy", bytesNpy("<f4", 2, "12345678")}}, ZIP_CM_STORE));
    bytes[bytes.find("12345678")] = '9';
    const auto opened = openTensorFile(scratch.write("b.npz", bytes));
    ASSERT_TRUE(opened) << opened.error().message;
    std::vector<float> values(2);
    EXPECT_THAT((*opened)->read(0, values).error().message, HasSubstr("checksum"));
}

} // namespace rnnscope::weights
