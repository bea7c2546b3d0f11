#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace rnnscope::zoo {

/// What stands before the numbers of a .npy file, formats 1 to 3.
struct NpyHeader
{
    std::string descr; ///< "<f4"; "[" for the fields of a structured array
    bool fortranOrder = false;
    std::vector<std::size_t> shape;
    std::size_t end = 0; ///< where the numbers begin, bytes
};

/// Fills `out` with the bytes from `offset` on.
using ReadBytes = std::function<Result<void>(std::size_t offset, std::span<std::byte> out)>;

/// The header of a file or an archive's part of `size` bytes, at most `longest` bytes long. Messages name `where`.
Result<NpyHeader> readNpyHeader(const std::string& where, std::size_t size, std::size_t longest, const ReadBytes& read);

} // namespace rnnscope::zoo
