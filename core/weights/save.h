#pragma once

#include "core/base/file.h"
#include "core/base/progress.h"
#include "core/zoo/zoo.h"

#include <span>
#include <stop_token>

namespace rnnscope::weights {

enum class SaveFormat { Safetensors, Npz };

/// ".safetensors", ".npz"
std::string_view extension(SaveFormat format);

/// One network with PyTorch's names (lstm.weight_ih_l0 … linear.bias; gru., rnn.), float32. `parameters` [P]. An
/// existing file is replaced atomically.
Result<void> saveNetwork(const zoo::Architecture& architecture, std::span<const float> parameters, const fs::path& path,
                         SaveFormat format);

/// Networks `rows` of a zoo as files of `folder` (made when it does not exist), "<zoo>-<row>.safetensors", with their
/// properties in labels.csv, so that the folder opens again as a zoo. Returns the files written. Cancelled leaves none.
Result<std::vector<fs::path>> saveNetworks(const zoo::Zoo& zoo, std::span<const std::size_t> rows,
                                           const fs::path& folder, SaveFormat format, Progress& progress,
                                           std::stop_token stop);

} // namespace rnnscope::weights
