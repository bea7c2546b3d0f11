#pragma once

#include "core/weights/pickle_value.h"

namespace rnnscope::weights {

/// Limits of one pickle. Whatever is beyond them is a fault.
inline constexpr std::size_t kMostPickleBytes = std::size_t {64} << 20U;
inline constexpr std::size_t kMostPickleOperations = std::size_t {16} << 20U;
inline constexpr std::size_t kMostPickleValues = std::size_t {4} << 20U; ///< also of its memo
inline constexpr std::size_t kLongestGlobal = 512; ///< characters of module and name

/// Reads the first pickle in the bytes, protocols 0 to 5, by what the opcodes say alone: nothing is imported, called or
/// looked up. Takes time and memory linear in the bytes. Extension codes and out-of-band buffers are faults. Never
/// throws; with a fault the globals named before it are there.
Pickle parsePickle(std::string_view bytes);

} // namespace rnnscope::weights
