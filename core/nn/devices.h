#pragma once

#include "core/base/result.h"
#include "core/engine/engine.h"

#include <c10/core/Device.h>

#include <exception>

namespace rnnscope::nn {

/// Auto takes the first CUDA device when LibTorch sees one, else the CPU. An explicit device that is not there is an
/// error that says what is.
Result<c10::Device> resolveDevice(engine::DeviceChoice choice);

engine::DeviceInfo describe(const c10::Device& device);

/// LibTorch's own word that memory ran out, on any device.
bool isOutOfMemory(const std::exception& error);

/// What LibTorch said, without its stack of frames.
std::string firstLine(const std::exception& error);

} // namespace rnnscope::nn
