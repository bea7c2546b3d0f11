#include "core/base/hash.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <fmt/format.h>

namespace rnnscope {

namespace {

static_assert(std::endian::native == std::endian::little);

constexpr std::uint64_t kPrime1 = 0x9e3779b185ebca87ULL;
constexpr std::uint64_t kPrime2 = 0xc2b2ae3d27d4eb4fULL;
constexpr std::uint64_t kPrime3 = 0x165667b19e3779f9ULL;
constexpr std::uint64_t kPrime4 = 0x85ebca77c2b2ae63ULL;
constexpr std::uint64_t kPrime5 = 0x27d4eb2f165667c5ULL;

template <typename T>
T load(const std::byte* data)
{
    T value;
    std::memcpy(&value, data, sizeof(value));
    return value;
}

std::uint64_t round(std::uint64_t lane, std::uint64_t input)
{
    return std::rotl(lane + input * kPrime2, 31) * kPrime1;
}

std::uint64_t mergeLane(std::uint64_t hash, std::uint64_t lane)
{
    return (hash ^ round(0, lane)) * kPrime1 + kPrime4;
}

} // namespace

const std::byte* Hash64::consumeStripes(const std::byte* data, std::size_t stripes)
{
    auto lanes = m_lanes;
    for (std::size_t i = 0; i < stripes; ++i, data += kStripe)
        for (std::size_t lane = 0; lane < lanes.size(); ++lane)
            lanes[lane] = round(lanes[lane], load<std::uint64_t>(data + 8 * lane));
    m_lanes = lanes;
    return data;
}

void Hash64::update(std::span<const std::byte> bytes)
{
    if (bytes.empty())
        return;
    const std::size_t pending = m_total % kStripe;
    m_total += bytes.size();
    if (pending != 0) {
        const std::size_t taken = std::min(bytes.size(), kStripe - pending);
        std::memcpy(m_pending.data() + pending, bytes.data(), taken);
        bytes = bytes.subspan(taken);
        if (pending + taken < kStripe)
            return;
        consumeStripes(m_pending.data(), 1);
    }
    consumeStripes(bytes.data(), bytes.size() / kStripe);
    bytes = bytes.subspan(bytes.size() / kStripe * kStripe);
    std::copy(bytes.begin(), bytes.end(), m_pending.begin());
}

void Hash64::update(std::string_view text)
{
    update(std::as_bytes(std::span(text)));
}

void Hash64::update(std::span<const float> values)
{
    update(std::as_bytes(values));
}

std::uint64_t Hash64::digest() const
{
    std::uint64_t hash = kPrime5;
    if (m_total >= kStripe) {
        hash = std::rotl(m_lanes[0], 1) + std::rotl(m_lanes[1], 7) + std::rotl(m_lanes[2], 12)
            + std::rotl(m_lanes[3], 18);
        for (const std::uint64_t lane : m_lanes)
            hash = mergeLane(hash, lane);
    }
    hash += m_total;
    const std::byte* data = m_pending.data();
    const std::byte* end = data + m_total % kStripe;
    for (; data + 8 <= end; data += 8)
        hash = std::rotl(hash ^ round(0, load<std::uint64_t>(data)), 27) * kPrime1 + kPrime4;
    if (data + 4 <= end) {
        hash = std::rotl(hash ^ (load<std::uint32_t>(data) * kPrime1), 23) * kPrime2 + kPrime3;
        data += 4;
    }
    for (; data < end; ++data)
        hash = std::rotl(hash ^ (static_cast<std::uint64_t>(*data) * kPrime5), 11) * kPrime1;
    hash = (hash ^ (hash >> 33U)) * kPrime2;
    hash = (hash ^ (hash >> 29U)) * kPrime3;
    return hash ^ (hash >> 32U);
}

std::string Hash64::hex() const
{
    return fmt::format("{:016x}", digest());
}

} // namespace rnnscope
