#pragma once

#include "core/weights/tensor_file.h"
#include "core/zoo/npy_header.h"

#include <functional>

namespace rnnscope::weights {

/// How the numbers of a tensor stand in a file.
struct NumberFormat
{
    Dtype dtype = Dtype::Other;
    std::size_t bytes = 0; ///< per number; Other: as far as it is known
    bool isSigned = true; ///< integers
    bool bigEndian = false;
};

/// As many numbers as `out` has room for, rounded to float32. Floats and integers only.
void toFloats(const NumberFormat& format, std::span<const std::byte> bytes, std::span<float> out);

using zoo::ReadBytes;
ReadBytes bytesOf(std::shared_ptr<const MappedFile> file);

/// Reads `entries` numbers from `offset` on, a few megabytes at a time: `take(first, values)` gets them in the order of
/// the file.
Result<void> readNumbers(const NumberFormat& format, const ReadBytes& read, std::size_t offset, std::size_t entries,
                         const std::function<void(std::size_t first, std::span<const float> values)>& take);

/// "/data/a.npz: tensor lstm.weight_ih_l0"
std::string tensorOf(const fs::path& file, std::string_view tensor);
/// BadFormat when the numbers of a tensor are no floats or integers; BadValue when `out` is not as large as it.
Result<void> checkReadable(const TensorFile& file, std::size_t tensor, std::span<const float> out);

} // namespace rnnscope::weights
