#pragma once

#include "core/engine/engine.h"

#include <memory>

namespace rnnscope::nn {

/// The engine on LibTorch. Uses all cores of the process until setThreads() says otherwise.
std::unique_ptr<engine::Engine> makeTorchEngine();

} // namespace rnnscope::nn
