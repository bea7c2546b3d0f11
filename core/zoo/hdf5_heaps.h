#pragma once

#include "core/base/file.h"

namespace rnnscope::zoo::hdf5 {

/// Walks every global heap collection of the file (where variable-length texts lie) and refuses one whose objects do
/// not fit into it: libhdf5 1.10 would read past its end. Looks at the whole file, at the speed of memory.
Result<void> checkGlobalHeaps(const fs::path& path);

} // namespace rnnscope::zoo::hdf5
