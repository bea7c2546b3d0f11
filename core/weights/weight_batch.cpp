#include "core/weights/weight_batch.h"

#include "core/base/half.h"
#include "core/base/threads.h"
#include "core/weights/encoder_state.h"
#include "core/weights/identify.h"

#include <algorithm>
#include <bit>
#include <new>

namespace rnnscope::weights {

namespace {

static_assert(std::endian::native == std::endian::little, "loadHalf takes little-endian bytes");

class MemoryParameters final : public zoo::ParameterSource
{
public:
    explicit MemoryParameters(std::size_t columns)
        : m_columns(columns)
    {
    }

    void append(std::span<const float> values, bool half)
    {
        m_isHalf = half;
        if (half) {
            m_half.resize(m_half.size() + values.size());
            storeHalf(values, std::span(m_half).last(values.size()));
        } else {
            m_full.insert(m_full.end(), values.begin(), values.end());
        }
    }

    Result<void> read(std::size_t first, std::size_t count, std::span<float> out) const override
    {
        const std::size_t rows = (m_isHalf ? m_half.size() : m_full.size()) / m_columns;
        if (first > rows || count > rows - first || out.size() != count * m_columns)
            return fail(Errc::BadValue, fmt::format("rows {} to {} are not among the {}", first, first + count, rows));
        const std::size_t begin = first * m_columns;
        if (m_isHalf)
            loadHalf(std::as_bytes(std::span(m_half).subspan(begin, out.size())), out);
        else
            std::copy_n(m_full.begin() + static_cast<std::ptrdiff_t>(begin), out.size(), out.begin());
        return {};
    }
    bool isHalf() const override { return m_isHalf; }

private:
    std::size_t m_columns;
    bool m_isHalf = false;
    std::vector<float> m_full;
    std::vector<std::uint16_t> m_half;
};

void take(BatchFile& file, const Choices& choices)
{
    auto loaded = loadFile(file.path, choices);
    if (loaded)
        file.loaded = *std::move(loaded);
    else
        file.refused = loaded.error();
}

} // namespace

Result<std::vector<BatchFile>> listFiles(const std::vector<fs::path>& paths)
{
    std::vector<BatchFile> files;
    for (const fs::path& path : paths) {
        std::error_code status;
        if (!fs::exists(path, status))
            return fail(Errc::NotFound, fmt::format("{} does not exist", path.string()));
        if (!fs::is_directory(path, status)) {
            files.push_back({path, false, {}, {}});
            continue;
        }
        const auto found = weightFilesIn(path);
        if (!found)
            return forward(found);
        if (found->empty())
            return fail(Errc::NotFound, fmt::format("{} has no weight files in it", path.string()));
        for (const fs::path& file : *found)
            files.push_back({file, true, {}, {}});
    }
    return files;
}

Result<LoadedWeights> loadFile(const fs::path& path, const Choices& choices)
{
    try {
        const auto file = openTensorFile(path);
        if (!file)
            return forward(file);
        if (isEncoderState(**file))
            return fail(Errc::BadFormat,
                        fmt::format("{} holds the weights of an encoder, not a network: import-encoder reads it",
                                    path.string()));
        return loadWeights(**file, choices);
    } catch (const std::bad_alloc&) {
        return fail(Errc::Io, fmt::format("not enough memory for {}", path.string()));
    }
}

Result<void> loadFiles(std::vector<BatchFile>& files, const Choices& choices, int threads, Progress& progress,
                       std::stop_token stop)
{
    constexpr std::size_t kAtOnce = 64; // between two looks at `stop`
    progress.begin(files.size() == 1 ? "reading 1 weight file" : fmt::format("reading {} weight files", files.size()),
                   files.size());
    const int helpers = threads > 0 ? threads : availableCores();
    for (std::size_t first = 0; first < files.size(); first += kAtOnce) {
        if (stop.stop_requested())
            return cancelled("reading weight files");
        const std::size_t count = std::min(kAtOnce, files.size() - first);
        parallelFor(count, 1, helpers, [&](std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i)
                take(files[first + i], choices);
        });
        progress.update(first + count);
    }
    return {};
}

std::shared_ptr<const zoo::ParameterSource> keepParameters(const std::vector<const LoadedWeights*>& networks,
                                                           std::size_t columns, bool half)
{
    auto kept = std::make_shared<MemoryParameters>(columns);
    for (const LoadedWeights* network : networks)
        kept->append(network->parameters, half);
    return kept;
}

} // namespace rnnscope::weights
