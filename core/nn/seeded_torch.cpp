#include "core/nn/seeded_torch.h"

#include <ATen/Context.h>

namespace rnnscope::nn {

namespace {

std::mutex g_drawing;

} // namespace

SeededTorch::SeededTorch(std::uint64_t seed)
    : m_lock(g_drawing)
{
    at::manual_seed(seed);
}

} // namespace rnnscope::nn
