#pragma once

#include "core/engine/engine.h"

#include <filesystem>

namespace rnnscope::engine {

/// The folder of the running program.
Result<std::filesystem::path> programFolder();

/// Whether the system has an NVIDIA GPU, told without loading anything.
bool hasGpu();

/// Where loadEngine() looks, in this order: beside the program, in ../lib; for CUDA first when there is a GPU.
std::vector<std::filesystem::path> engineCandidates(const std::filesystem::path& programFolder, bool gpu);

/// Changes whenever another module, or another build of it, would be loaded by loadEngine(): 16 hexadecimal digits.
std::string engineStamp();

/// Loads the shared module at `path`, for good: ATen's singletons do not survive dlclose.
Result<std::shared_ptr<Engine>> loadEngineFrom(const std::filesystem::path& path);

} // namespace rnnscope::engine
