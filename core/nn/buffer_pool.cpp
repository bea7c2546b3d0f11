#include "core/nn/buffer_pool.h"

#include <ATen/ops/from_blob.h>

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <new>
#include <vector>

namespace rnnscope::nn {

namespace {

constexpr std::align_val_t kCacheLine {64};

} // namespace

/// Blocks that nobody uses.
struct BufferPool::Blocks
{
    struct Free
    {
        void operator()(std::byte* bytes) const { ::operator delete[](bytes, kCacheLine); }
    };

    struct Block
    {
        std::unique_ptr<std::byte[], Free> bytes;
        std::size_t size = 0;
    };

    std::mutex mutex;
    std::vector<Block> unused;

    Block take(std::size_t size)
    {
        {
            const std::lock_guard lock(mutex);
            const auto same = [&](const Block& block) { return block.size == size; };
            const auto found = std::find_if(unused.rbegin(), unused.rend(), same);
            if (found != unused.rend()) {
                Block block = std::move(*found);
                unused.erase(std::next(found).base());
                return block;
            }
        }
        return {std::unique_ptr<std::byte[], Free>(new (kCacheLine) std::byte[size]), size};
    }

    void giveBack(Block block)
    {
        constexpr std::size_t kMost = 256; // steps of ever new shapes must not fill the memory
        const std::lock_guard lock(mutex);
        if (unused.size() >= kMost)
            unused.erase(unused.begin());
        unused.push_back(std::move(block));
    }
};

BufferPool::BufferPool()
    : m_blocks(std::make_shared<Blocks>())
{
}

std::shared_ptr<float> BufferPool::take(std::size_t count)
{
    const auto block = std::make_shared<Blocks::Block>(m_blocks->take(std::max<std::size_t>(1, count) * sizeof(float)));
    // Floats begin to live where bytes were: std::byte may hold them.
    return {reinterpret_cast<float*>(block->bytes.get()),
            [block, blocks = m_blocks](float*) { blocks->giveBack(std::move(*block)); }};
}

void BufferPool::clear()
{
    const std::lock_guard lock(m_blocks->mutex);
    m_blocks->unused.clear();
}

at::Tensor BufferPool::take(at::IntArrayRef shape)
{
    std::size_t count = 1;
    for (const std::int64_t size : shape)
        count *= static_cast<std::size_t>(size);
    const std::shared_ptr<float> floats = take(count);
    return at::from_blob(
        floats.get(), shape, [floats](void*) {}, at::TensorOptions(at::kFloat));
}

} // namespace rnnscope::nn
