#pragma once

#include <cstdint>

namespace rnnscope {

/// Bytes of memory of this machine; 0 where the system does not say.
std::uint64_t physicalMemory();

} // namespace rnnscope
