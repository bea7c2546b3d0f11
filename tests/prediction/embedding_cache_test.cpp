#include "core/prediction/embedding_cache.h"
#include "zoo/zoo_files.h"

#include <chrono>
#include <gmock/gmock.h>

namespace {

using namespace rnnscope;
using namespace rnnscope::testdata;
using prediction::EmbeddingCache;

const EmbeddingCache::Key kKey {.zoo = "00000000000000aa", .checkpoint = "00000000000000bb"};

class EmbeddingCacheTest : public FolderTest
{
protected:
    EmbeddingCache cache(const std::string& maker = "1") const { return {folder / "cache", maker}; }
    fs::path onlyFile() const
    {
        std::vector<fs::path> files;
        for (const auto& entry : fs::directory_iterator(folder / "cache"))
            files.push_back(entry.path());
        EXPECT_EQ(files.size(), 1U);
        return files.empty() ? fs::path() : files.front();
    }
    static EmbeddingCache::Entry entry(std::size_t rows = 3)
    {
        EmbeddingCache::Entry made {.embedding = Matrix(rows, 2), .failed = {1}};
        for (std::size_t i = 0; i < made.embedding.values.size(); ++i)
            made.embedding.values[i] = i / 2 == 1 ? NAN : 0.1F * static_cast<float>(i);
        return made;
    }
    /// Bit by bit: NaN is NaN.
    static void expectSame(const std::optional<EmbeddingCache::Entry>& found, const EmbeddingCache::Entry& kept)
    {
        ASSERT_TRUE(found);
        EXPECT_EQ(found->failed, kept.failed);
        ASSERT_EQ(found->embedding.values.size(), kept.embedding.values.size());
        EXPECT_EQ(std::memcmp(found->embedding.values.data(), kept.embedding.values.data(),
                              kept.embedding.values.size() * sizeof(float)),
                  0);
    }
};

TEST_F(EmbeddingCacheTest, FindsWhatAnotherProgramHasKept)
{
    EXPECT_FALSE(cache().knows(kKey.checkpoint)) << "there is no folder yet";
    ASSERT_TRUE(cache().keep(kKey, entry()));
    EXPECT_TRUE(cache().knows(kKey.checkpoint));
    expectSame(cache().find(kKey, 3, 2), entry());
}

TEST_F(EmbeddingCacheTest, DoesNotFindOtherContentOrAnotherMaker)
{
    ASSERT_TRUE(cache().keep(kKey, entry()));
    EXPECT_FALSE(cache().find({.zoo = kKey.checkpoint, .checkpoint = kKey.checkpoint}, 3, 2));
    EXPECT_FALSE(cache().find({.zoo = kKey.zoo, .checkpoint = kKey.zoo}, 3, 2));
    EXPECT_FALSE(cache().knows(kKey.zoo));
    EXPECT_FALSE(cache("2").find(kKey, 3, 2));
    EXPECT_FALSE(cache("2").knows(kKey.checkpoint));
    expectSame(cache().find(kKey, 3, 2), entry());
}

TEST_F(EmbeddingCacheTest, RemovesWhatIsDamagedWhicheverByteItIs)
{
    ASSERT_TRUE(cache().keep(kKey, entry()));
    const fs::path path = onlyFile();
    const auto whole = readText(path).value();
    for (std::size_t at = 0; at < whole.size(); at += 7) {
        auto bytes = whole;
        bytes[at] = static_cast<char>(bytes[at] ^ 0x15);
        std::ofstream(path, std::ios::binary) << bytes;
        if (const auto found = cache().find(kKey, 3, 2); found) // a byte that nobody reads
            expectSame(found, entry());
        else
            EXPECT_FALSE(fs::exists(path));
    }
    std::ofstream(path, std::ios::binary) << whole.substr(0, whole.size() / 2);
    EXPECT_FALSE(cache().find(kKey, 3, 2));
    ASSERT_TRUE(cache().keep(kKey, entry()));
    expectSame(cache().find(kKey, 3, 2), entry());
}

TEST_F(EmbeddingCacheTest, RefusesAnotherSize)
{
    ASSERT_TRUE(cache().keep(kKey, entry()));
    EXPECT_FALSE(cache().find(kKey, 2, 2));
}

TEST_F(EmbeddingCacheTest, WhatWasNotUsedForLongestGoesFirst)
{
    const auto key = [](int i) { return EmbeddingCache::Key {.zoo = std::to_string(i), .checkpoint = "b"}; };
    const auto kept = entry(1000); // 14 kB on disk
    const EmbeddingCache small(folder / "cache", "1", 50'000);
    const auto now = fs::file_time_type::clock::now();
    for (int i = 0; i < 3; ++i) {
        ASSERT_TRUE(small.keep(key(i), kept));
        for (const auto& file : fs::directory_iterator(folder / "cache"))
            if (file.path().filename().string().ends_with(std::to_string(i) + ".embedding"))
                fs::last_write_time(file.path(), now - std::chrono::hours(10 - i));
    }
    ASSERT_TRUE(small.find(key(0), 1000, 2)); // and so it has just been used
    for (int i = 3; i < 5; ++i)
        ASSERT_TRUE(small.keep(key(i), kept));
    EXPECT_TRUE(small.find(key(0), 1000, 2));
    EXPECT_FALSE(small.find(key(1), 1000, 2));
    EXPECT_TRUE(small.find(key(4), 1000, 2));
}

TEST_F(EmbeddingCacheTest, AFolderThatCannotBeMadeIsAnError)
{
    std::ofstream(folder / "file") << "no folder";
    const EmbeddingCache nowhere(folder / "file" / "cache", "1");
    EXPECT_FALSE(nowhere.keep(kKey, entry()));
    EXPECT_FALSE(nowhere.find(kKey, 3, 2));
}

} // namespace
