#include "core/tasks/run_networks.h"

#include "core/base/threads.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>
#include <thread>

namespace rnnscope::tasks {

namespace {

rnn::Cell cellOf(zoo::Cell cell)
{
    switch (cell) {
    case zoo::Cell::Lstm:
        return rnn::Cell::Lstm;
    case zoo::Cell::Gru:
        return rnn::Cell::Gru;
    case zoo::Cell::RnnTanh:
        return rnn::Cell::RnnTanh;
    case zoo::Cell::RnnRelu:
        return rnn::Cell::RnnRelu;
    }
    return rnn::Cell::Lstm;
}

Result<void> checkRows(const zoo::Zoo& zoo, std::span<const std::size_t> rows)
{
    const auto beyond = std::find_if(rows.begin(), rows.end(), [&](std::size_t row) { return row >= zoo.size; });
    if (beyond != rows.end())
        return fail(Errc::BadValue, fmt::format("{} has {} networks, there is no row {}", zoo.name, zoo.size, *beyond));
    return {};
}

/// The error of the earliest row, so that the message does not depend on the threads.
class FirstError
{
public:
    void add(std::size_t i, Error error)
    {
        const std::lock_guard lock(m_mutex);
        if (i < m_index) {
            m_index = i;
            m_error = std::move(error);
        }
        m_any = true;
    }
    bool any() const { return m_any; }
    Error& error() { return m_error; }

private:
    std::atomic<bool> m_any = false;
    std::mutex m_mutex;
    std::size_t m_index = static_cast<std::size_t>(-1);
    Error m_error {};
};

} // namespace

rnn::Shape shapeOf(const zoo::Architecture& architecture)
{
    const auto size = [](int value) { return static_cast<std::size_t>(value); };
    return {.cell = cellOf(architecture.cell),
            .inputSize = size(architecture.inputSize),
            .hiddenSize = size(architecture.hiddenSize),
            .numLayers = size(architecture.numLayers),
            .outputSize = size(architecture.outputSize),
            .bias = architecture.bias};
}

Result<void> forEachNetwork(const zoo::Zoo& zoo, std::span<const std::size_t> rows, const RunOptions& options,
                            Progress& progress, std::stop_token stop,
                            const std::function<void(std::size_t i, const rnn::Rnn& network)>& use)
{
    if (const auto checked = checkRows(zoo, rows); !checked)
        return checked;
    const rnn::Shape shape = shapeOf(zoo.architecture);
    const auto caller = std::this_thread::get_id();
    std::atomic<std::size_t> done = 0;
    FirstError failed;
    const auto runOne = [&](std::size_t i) {
        std::vector<float> parameters(shape.parameterCount());
        if (auto read = zoo.parameters->read(rows[i], 1, parameters); !read)
            return failed.add(i, std::move(read.error()));
        if (std::all_of(parameters.begin(), parameters.end(), [](float value) { return std::isfinite(value); }))
            use(i, rnn::Rnn(shape, parameters));
        ++done;
        if (std::this_thread::get_id() == caller)
            progress.update(done);
    };
    progress.begin(fmt::format("{} of {} networks", options.what, rows.size()), rows.size());
    parallelFor(rows.size(), 1, options.threads, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end && !failed.any() && !stop.stop_requested(); ++i)
            runOne(i);
    });
    if (failed.any())
        return tl::make_unexpected(std::move(failed.error()));
    if (stop.stop_requested())
        return cancelled(options.what);
    progress.update(done);
    return {};
}

} // namespace rnnscope::tasks
