#include "core/nn/shards.h"

#include "core/nn/single_threaded.h"

#include <algorithm>
#include <exception>
#include <system_error>
#include <thread>
#include <vector>

namespace rnnscope::nn {

void forShards(std::int64_t examples, int threads, const ShardWork& work)
{
    if (examples <= 0)
        return;
    const auto count = std::clamp<std::int64_t>(threads, 1, examples);
    std::vector<std::exception_ptr> errors(static_cast<std::size_t>(count));
    const auto run = [&](std::int64_t index) {
        try {
            SingleThreaded::setThisThread();
            const std::int64_t first = examples * index / count;
            work(first, examples * (index + 1) / count - first, static_cast<int>(index));
        } catch (...) {
            errors[static_cast<std::size_t>(index)] = std::current_exception();
        }
    };
    const SingleThreaded products;
    {
        std::vector<std::jthread> helpers;
        std::int64_t started = 1;
        try {
            for (; started < count; ++started)
                helpers.emplace_back(run, started);
        } catch (const std::system_error&) { // no more threads: this one does the rest
        }
        run(0);
        for (std::int64_t index = started; index < count; ++index)
            run(index);
    }
    for (const std::exception_ptr& error : errors)
        if (error)
            std::rethrow_exception(error);
}

} // namespace rnnscope::nn
