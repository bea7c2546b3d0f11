#pragma once

#include <cstdint>
#include <mutex>

namespace rnnscope::nn {

/// While one lives, this thread alone draws from Torch's own generator, which starts at `seed`: initial weights come
/// from there. One at a time; they do not nest.
class SeededTorch
{
public:
    explicit SeededTorch(std::uint64_t seed);

private:
    std::unique_lock<std::mutex> m_lock;
};

} // namespace rnnscope::nn
