#include "core/weights/zip_archive.h"
#include "weights/weight_files.h"

#include <gmock/gmock.h>
#include <zip.h>

namespace rnnscope::weights {

using testing::HasSubstr;

namespace {

struct Part
{
    std::string name;
    std::string bytes;
    bool deflate = false;
};

fs::path writeZip(const Scratch& scratch, const std::vector<Part>& parts)
{
    const fs::path path = scratch / "a.zip";
    int code = 0;
    zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
    for (const Part& part : parts) {
        zip_source_t* source = zip_source_buffer(archive, part.bytes.data(), part.bytes.size(), 0);
        const auto index = zip_file_add(archive, part.name.c_str(), source, ZIP_FL_ENC_UTF_8);
        zip_set_file_compression(archive, static_cast<zip_uint64_t>(index),
                                 part.deflate ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0);
    }
    EXPECT_EQ(zip_close(archive), 0);
    return path;
}

Result<std::shared_ptr<const ZipArchive>> openZip(const fs::path& path)
{
    return ZipArchive::open(MappedFile::open(path).value());
}

std::string digits(std::size_t count)
{
    std::string text;
    while (text.size() < count)
        text += std::to_string(text.size());
    text.resize(count);
    return text;
}

} // namespace

TEST(ZipArchive, ReadsStoredAndDeflatedParts)
{
    const Scratch scratch;
    const std::string text = digits(100'000);
    const auto archive = openZip(writeZip(scratch, {{"a/0", text}, {"a/1", text, true}}));
    ASSERT_TRUE(archive) << archive.error().message;
    for (const auto& entry : (*archive)->entries()) {
        EXPECT_EQ((*archive)->readAll(entry, text.size()).value(), text) << entry.name;
        std::string middle(1000, ' ');
        ASSERT_TRUE((*archive)->read(entry, 40'123, std::as_writable_bytes(std::span(middle))));
        EXPECT_EQ(middle, text.substr(40'123, 1000)) << entry.name;
    }
    EXPECT_TRUE((*archive)->find("a/0")->stored);
    EXPECT_FALSE((*archive)->find("a/1")->stored);
    EXPECT_EQ((*archive)->find("a/2"), nullptr);
}

TEST(ZipArchive, RefusesMoreThanAPartHolds)
{
    const Scratch scratch;
    const auto archive = openZip(writeZip(scratch, {{"a", "1234"}}));
    const auto& entry = (*archive)->entries().front();
    std::string room(4, ' ');
    EXPECT_FALSE((*archive)->read(entry, 1, std::as_writable_bytes(std::span(room))));
    EXPECT_FALSE((*archive)->read(entry, static_cast<std::size_t>(-1), std::as_writable_bytes(std::span(room))));
    EXPECT_THAT((*archive)->readAll(entry, 3).error().message, HasSubstr("has 4 bytes, expected at most 3"));
}

TEST(ZipArchive, RefusesBombs)
{
    const Scratch scratch;
    const auto archive = openZip(writeZip(scratch, {{"bomb", std::string(10'000'000, '\0'), true}}));
    ASSERT_FALSE(archive);
    EXPECT_THAT(archive.error().message, HasSubstr("over a thousand times"));
}

TEST(ZipArchive, NoticesChangedBytes)
{
    const Scratch scratch;
    const fs::path path = writeZip(scratch, {{"a", digits(5000)}});
    std::string bytes = readBytes(path);
    bytes[bytes.find("1234")] = '9';
    const auto archive = openZip(scratch.write("b.zip", bytes));
    ASSERT_TRUE(archive);
    EXPECT_FALSE((*archive)->readAll((*archive)->entries().front(), 5000));
}

TEST(ZipArchive, RefusesArchivesThatAreCutShort)
{
    const Scratch scratch;
    const std::string bytes = readBytes(writeZip(scratch, {{"a", digits(5000)}, {"b", digits(100), true}}));
    for (std::size_t size = 0; size < bytes.size(); size += 101)
        EXPECT_FALSE(openZip(scratch.write("cut.zip", bytes.substr(0, size)))) << size;
}

} // namespace rnnscope::weights
