#pragma once

#include "core/base/file.h"
#include "core/zoo/architecture.h"

#include <span>

/// What writes one network to `file`, which does not exist yet; messages name `target`. Private to save.cpp.
namespace rnnscope::weights {

/// One parameter tensor under PyTorch's name.
struct SavedTensor
{
    std::string name; ///< "lstm.weight_ih_l0", "linear.bias"
    std::vector<std::size_t> shape; ///< one size for biases
    std::span<const float> values;
};

Result<void> writeSafetensors(const zoo::Architecture& architecture, std::span<const SavedTensor> tensors,
                              const fs::path& file, const fs::path& target);
/// Stored, not compressed, as numpy.savez does.
Result<void> writeNpz(std::span<const SavedTensor> tensors, const fs::path& file, const fs::path& target);

/// An error of writing with what the system says of it.
tl::unexpected<Error> cannotWrite(const fs::path& target, int reason);
Result<void> writeBytes(std::span<const std::string_view> pieces, const fs::path& file, const fs::path& target);

} // namespace rnnscope::weights
