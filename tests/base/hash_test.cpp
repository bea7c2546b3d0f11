#include "core/base/hash.h"

#include <gtest/gtest.h>

namespace {

using rnnscope::Hash64;

std::string hashOf(std::string_view text)
{
    Hash64 hash;
    hash.update(text);
    return hash.hex();
}

// Values published with xxHash and its bindings.
TEST(Hash64, GivesXxh64)
{
    EXPECT_EQ(hashOf(""), "ef46db3751d8e999");
    EXPECT_EQ(hashOf("a"), "d24ec4f1a98c6e5b");
    EXPECT_EQ(hashOf("abc"), "44bc2cf5ad770999");
    EXPECT_EQ(hashOf("Nobody inspects the spammish repetition"), "fbcea83c8a378bf1");
}

TEST(Hash64, DoesNotDependOnThePieces)
{
    std::string text;
    for (int i = 0; i < 500; ++i)
        text.push_back(static_cast<char>(i * 37));
    for (const std::size_t piece : {1U, 7U, 31U, 32U, 33U, 100U}) {
        Hash64 hash;
        for (std::size_t at = 0; at < text.size(); at += piece)
            hash.update(std::string_view(text).substr(at, piece));
        EXPECT_EQ(hash.hex(), hashOf(text)) << piece;
    }
}

} // namespace
