#pragma once

#include "core/zoo/zoo.h"

namespace rnnscope::zoo {

/// formats.md, "RNN zoo, *.h5". Parameters and roll-outs stay in the file.
Result<std::shared_ptr<const Zoo>> openHdf5Zoo(const std::filesystem::path& path);

} // namespace rnnscope::zoo
