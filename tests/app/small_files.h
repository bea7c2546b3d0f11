#pragma once

#include "core/zoo/zoo.h"

#include <filesystem>
#include <string>

namespace rnnscope::test {

/// Three runs with two snapshots each of "LSTM 1×3, 6 in, 6 out", in the layout of the authors' folders, under
/// `parent`.
std::filesystem::path writeAuthorsFolder(const std::filesystem::path& parent);
inline constexpr std::size_t kNetworks = 6;

/// A flat encoder for networks of this shape with predictors of `accuracy` and of `charm`, which no zoo records. Run 0
/// was trained on and run 2 held out.
void writeFlatEncoder(const std::filesystem::path& path, const zoo::Zoo& zoo);

/// The same networks as an HDF5 zoo, `row` having a weight that is not a number.
void writeZooWithNan(const std::filesystem::path& path, const zoo::Zoo& zoo, std::size_t row);

void writeBytes(const std::filesystem::path& path, std::string_view bytes);
std::string readBytes(const std::filesystem::path& path);

} // namespace rnnscope::test
