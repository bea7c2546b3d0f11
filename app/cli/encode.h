#pragma once

#include "app/cli/command.h"
#include "app/cli/options.h"
#include "core/base/matrix.h"

namespace rnnscope::cli {

/// One row per network of the zoo.
struct Encoded
{
    Matrix raw; ///< [N, D]
    Matrix embedding; ///< [N, D]
    std::vector<std::size_t> failed;
    double seconds = 0.0; ///< wall time of reading and encoding
};

enum class OnFailedRows { Continue, Stop };

/// Embeds every network and names those with weights that are not finite in a note; BadValue when none is left, or at
/// the first under OnFailedRows::Stop. `traces` gets the blocks' traces in order of rows; null when not wanted.
using TraceSink = std::function<Result<void>(std::size_t first, const engine::Traces&)>;
Result<Encoded> encodeAll(engine::Encoder& encoder, const zoo::Zoo& zoo, OnFailedRows onFailed, const TraceSink& traces,
                          Context& context);

} // namespace rnnscope::cli
