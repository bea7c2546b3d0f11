#pragma once

#include "core/zoo/hdf5_messages.h"

namespace rnnscope::zoo::hdf5 {

/// The messages of the object header at `address` (versions 1 and 2), those of its continuations included; checksums
/// are verified.
std::vector<Message> readHeader(FileBytes& bytes, std::uint64_t address);

} // namespace rnnscope::zoo::hdf5
