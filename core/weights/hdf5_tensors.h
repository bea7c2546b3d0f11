#pragma once

#include "core/weights/tensor_file.h"

#include <memory>
#include <optional>

namespace rnnscope::weights {

struct KerasConfig;

/// Opens the tensors of an HDF5 file, or of one in an archive: `config` is then what the archive says of the model and
/// makes the format KerasArchive.
Result<std::shared_ptr<const TensorFile>> openHdf5Tensors(const std::shared_ptr<const MappedFile>& file,
                                                          const std::optional<KerasConfig>& config);

} // namespace rnnscope::weights
