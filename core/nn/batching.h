#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/nn/devices.h"

#include <algorithm>
#include <cstddef>
#include <exception>

namespace rnnscope::nn {

/// Runs `attempt(first, count)` over [first, last) in batches. When memory runs out the batch is halved; when one
/// network alone does not fit, `fallBack()` may move the work elsewhere (true) and the first batch size is tried again;
/// for that, too, there may be too little memory.
/// Everything that happened is said by progress.note().
template <typename Attempt, typename FallBack>
Result<void> runInBatches(std::size_t first, std::size_t last, std::size_t batch, Progress& progress, Attempt attempt,
                          FallBack fallBack)
{
    const std::size_t wanted = std::max<std::size_t>(1, batch);
    batch = wanted;
    const auto moved = [&] {
        try {
            return fallBack();
        } catch (const std::exception&) {
            return false;
        }
    };
    while (first < last) {
        const std::size_t count = std::min(batch, last - first);
        try {
            if (auto done = attempt(first, count); !done)
                return done;
            first += count;
        } catch (const std::exception& error) {
            if (!isOutOfMemory(error))
                return fail(Errc::BadValue, "the encoder failed: " + firstLine(error), error.what());
            if (count > 1) {
                batch = (count + 1) / 2;
                progress.note(fmt::format("out of memory with {} networks at once, going on with {}", count, batch));
            } else if (moved()) {
                batch = wanted;
                progress.note("the device has too little memory for one network, going on with the CPU");
            } else {
                return fail(Errc::Device, "there is not enough memory to embed a single network", error.what());
            }
        }
    }
    return {};
}

/// Calls work(first, count) over [0, total) in slices. When memory runs out the slice is halved, for good; what does
/// not fit alone throws, as everything else does.
template <typename Work>
void inSlices(std::size_t total, std::size_t& slice, Work work)
{
    for (std::size_t first = 0; first < total;) {
        const std::size_t count = std::min(slice, total - first);
        try {
            work(first, count);
            first += count;
        } catch (const std::exception& error) {
            if (count == 1 || !isOutOfMemory(error))
                throw;
            slice = (count + 1) / 2;
        }
    }
}

} // namespace rnnscope::nn
