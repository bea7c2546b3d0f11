#pragma once

#include "core/weights/number_format.h"

namespace rnnscope::weights {

/// A NumPy array in a file or in a part of an archive.
struct NpyArray
{
    TensorInfo info;
    NumberFormat format;
    bool fortranOrder = false; ///< the first index runs fastest
    std::size_t begin = 0; ///< of the numbers, in bytes
    std::size_t end = 0;
};

/// Of `size` bytes; refuses Python objects (pickles), structures, and shapes beyond the bytes there are. Other entries
/// that are no numbers (text, dates, complex) get Dtype::Other. Messages name `where`.
Result<NpyArray> openNpyArray(const std::string& where, std::string name, std::size_t size, const ReadBytes& read);

/// Row-major, whatever the file's order; `out` has room for all.
Result<void> readNpyArray(const NpyArray& array, const ReadBytes& read, std::span<float> out);

} // namespace rnnscope::weights
