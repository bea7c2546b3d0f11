#pragma once

#include "core/zoo/array_source.h"

namespace rnnscope::zoo {

/// A NumPy array file, formats 1 to 3, its header checked against the file's size. Little-endian numbers (f2 f4 f8,
/// i1 to i8, u1 to u8, b1) in C order; others are refused with a sentence.
Result<std::shared_ptr<const RawArray>> openNpy(const fs::path& path);

} // namespace rnnscope::zoo
