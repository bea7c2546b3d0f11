#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>

/// Random numbers that depend on a key and a counter only: the same on every machine, for any number of threads and in
/// any order of asking. SplitMix64 (Steele, Lea, Flood 2014). The distributions of std:: differ between libraries.
namespace rnnscope {

/// The finaliser of SplitMix64.
constexpr std::uint64_t mixed(std::uint64_t x)
{
    x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31U);
}

constexpr std::uint64_t derived(std::uint64_t key, std::uint64_t counter)
{
    constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15U;
    return mixed(key + kGolden * (counter + 1));
}

/// The key of one purpose: what it is for, whose it is, … one after the other.
constexpr std::uint64_t keyOf(std::uint64_t seed, std::initializer_list<std::uint64_t> path)
{
    std::uint64_t key = mixed(seed);
    for (const std::uint64_t word : path)
        key = derived(key, word);
    return key;
}

/// 0 <= x < 1
constexpr double uniform(std::uint64_t key, std::uint64_t counter)
{
    constexpr double kUnit = 0x1.0p-53;
    return static_cast<double>(derived(key, counter) >> 11U) * kUnit;
}

/// One number after the other.
class RandomStream
{
public:
    explicit constexpr RandomStream(std::uint64_t key)
        : m_key(key)
    {
    }
    constexpr double next() { return uniform(m_key, m_counter++); }
    /// 0 to n - 1; n far below 2^53.
    constexpr std::size_t below(std::size_t n) { return static_cast<std::size_t>(next() * static_cast<double>(n)); }

private:
    std::uint64_t m_key;
    std::uint64_t m_counter = 0;
};

} // namespace rnnscope
