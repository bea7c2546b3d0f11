#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/rnn/rnn.h"
#include "core/zoo/zoo.h"

#include <cstddef>
#include <functional>
#include <span>
#include <stop_token>
#include <string>

namespace rnnscope::tasks {

rnn::Shape shapeOf(const zoo::Architecture& architecture);

struct RunOptions
{
    std::string what; ///< "measuring the accuracy", as the progress calls it
    int threads = 1;
};

/// Calls `use(i, network)` for the network in row rows[i] of the zoo, for all i, several at a time on up to
/// `options.threads` threads. Networks with weights that are not finite are left out. `use` returns early when `stop`
/// is requested.
Result<void> forEachNetwork(const zoo::Zoo& zoo, std::span<const std::size_t> rows, const RunOptions& options,
                            Progress& progress, std::stop_token stop,
                            const std::function<void(std::size_t i, const rnn::Rnn& network)>& use);

} // namespace rnnscope::tasks
