#pragma once

#include "core/base/mapped_file.h"
#include "core/zoo/hdf5.h"

#include <span>

/// Variable-length texts, read past the library: libhdf5 1.10 trusts every length and index it finds in a file's
/// global heaps and crashes on damaged ones.
namespace rnnscope::zoo::hdf5 {

/// Where a text lies in the file, as HDF5 stores it: 4 bytes of length, 8 of heap address, 4 of index.
inline constexpr std::size_t kTextReference = 16;

/// A memory type for H5Aread and H5Dread of variable-length text that delivers the references themselves.
Handle textReferenceType();

/// The texts that `references` point to. `base` is the offset of the HDF5 signature. Throws Failure naming `where`.
std::vector<std::string> resolveTexts(const MappedFile& file, std::size_t base, std::span<const std::byte> references,
                                      const std::string& where);

} // namespace rnnscope::zoo::hdf5
