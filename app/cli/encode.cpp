#include "app/cli/encode.h"

#include <algorithm>
#include <chrono>

namespace rnnscope::cli {

namespace {

void copyRows(const Matrix& block, std::size_t first, Matrix& all)
{
    const auto offset = static_cast<std::ptrdiff_t>(first * all.columns);
    std::copy(block.values.begin(), block.values.end(), all.values.begin() + offset);
}

std::string rowList(const std::vector<std::size_t>& rows)
{
    constexpr std::size_t kMost = 10;
    const std::vector<std::size_t> named(rows.begin(),
                                         rows.begin() + static_cast<std::ptrdiff_t>(std::min(kMost, rows.size())));
    const std::string more = rows.size() > kMost ? fmt::format(" and {} more", rows.size() - kMost) : "";
    return fmt::format("{} {}{}", rows.size() == 1 ? "row" : "rows", fmt::join(named, ", "), more);
}

std::string failedText(const zoo::Zoo& zoo, const std::vector<std::size_t>& rows)
{
    return fmt::format("{} of {} networks in {} could not be embedded because weights are not finite: {}", rows.size(),
                       zoo.size, zoo.path.string(), rowList(rows));
}

} // namespace

Result<Encoded> encodeAll(engine::Encoder& encoder, const zoo::Zoo& zoo, OnFailedRows onFailed, const TraceSink& traces,
                          Context& context)
{
    const auto dimension = static_cast<std::size_t>(encoder.config().embeddingSize);
    Encoded all {Matrix(zoo.size, dimension), Matrix(zoo.size, dimension), {}, 0.0};
    double elsewhere = 0.0; // seconds spent on writing traces
    using Clock = std::chrono::steady_clock;
    const auto since
        = [](Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); };
    const auto take = [&](engine::EncodedBlock&& block) -> Result<void> {
        copyRows(block.raw, block.first, all.raw);
        copyRows(block.embedding, block.first, all.embedding);
        all.failed.insert(all.failed.end(), block.failed.begin(), block.failed.end());
        if (!all.failed.empty() && onFailed == OnFailedRows::Stop)
            return fail(Errc::BadValue, failedText(zoo, all.failed));
        if (!traces)
            return {};
        const auto start = Clock::now();
        auto kept = traces(block.first, block.traces);
        elsewhere += since(start);
        return kept;
    };
    engine::EncodeOptions options;
    options.traces = static_cast<bool>(traces);
    const auto start = Clock::now();
    const auto done = encoder.encode(zoo, options, take, context.progress, context.interrupt.token());
    if (!done)
        return tl::make_unexpected(done.error().code == Errc::Cancelled ? done.error()
                                                                        : naming(zoo.path.string(), done.error()));
    all.seconds = since(start) - elsewhere;
    if (all.failed.size() == zoo.size && zoo.size > 0)
        return fail(Errc::BadValue, failedText(zoo, all.failed));
    if (!all.failed.empty())
        context.progress.note(failedText(zoo, all.failed));
    return all;
}

} // namespace rnnscope::cli
