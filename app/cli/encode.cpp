#include "app/cli/encode.h"

#include "core/base/threads.h"
#include "core/prediction/trust.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>

namespace rnnscope::cli {

namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// "rows 3, 5"; of networks that came from weight files "row 3 (net.pt)".
std::string rowList(const zoo::Zoo& zoo, const std::vector<std::size_t>& rows)
{
    constexpr std::size_t kMost = 10;
    const zoo::Property* file = zoo.property("file");
    std::vector<std::string> named;
    for (std::size_t i = 0; i < std::min(kMost, rows.size()); ++i)
        named.push_back(file == nullptr ? fmt::format("{}", rows[i])
                                        : fmt::format("{} ({})", rows[i], zoo::format(*file, rows[i])));
    const std::string more = rows.size() > kMost ? fmt::format(" and {} more", rows.size() - kMost) : "";
    return fmt::format("{} {}{}", rows.size() == 1 ? "row" : "rows", fmt::join(named, ", "), more);
}

std::string failedText(const zoo::Zoo& zoo, const std::vector<std::size_t>& rows)
{
    return fmt::format("{} of {} networks in {} could not be embedded because weights are not finite: {}", rows.size(),
                       zoo.size, zoo.path.string(), rowList(zoo, rows));
}

} // namespace

Result<Encoded> encodeAll(engine::Encoder& encoder, const zoo::Zoo& zoo, const EncodeRequest& request, Context& context)
{
    Encoded all {Matrix(zoo.size, static_cast<std::size_t>(encoder.config().embeddingSize)), {}, 0.0, {}};
    double elsewhere = 0.0; // seconds
    const auto take = [&](engine::EncodedBlock&& block) -> Result<void> {
        const auto start = Clock::now();
        const auto offset = static_cast<std::ptrdiff_t>(block.first * all.embedding.columns);
        std::copy(block.embedding.values.begin(), block.embedding.values.end(), all.embedding.values.begin() + offset);
        all.precision = block.precision;
        all.failed.insert(all.failed.end(), block.failed.begin(), block.failed.end());
        if (!all.failed.empty() && request.onFailed == OnFailedRows::Stop)
            return fail(Errc::BadValue, failedText(zoo, all.failed));
        auto taken = request.sink ? request.sink(block) : Result<void> {};
        elsewhere += secondsSince(start);
        return taken;
    };
    engine::EncodeOptions options;
    options.traces = request.traces;
    options.precision = request.precision;
    const auto start = Clock::now();
    const auto done = encoder.encode(zoo, options, take, context.progress, context.interrupt.token());
    all.seconds = secondsSince(start) - elsewhere;
    if (!done)
        return forward(done);
    if (zoo.size > 0 && all.failed.size() == zoo.size)
        return fail(Errc::BadValue, failedText(zoo, all.failed));
    if (!all.failed.empty())
        context.progress.note(failedText(zoo, all.failed));
    return all;
}

Result<Deviation> deviationFromFloat32(engine::Encoder& encoder, const zoo::Zoo& zoo, const Matrix& embedding,
                                       Context& context)
{
    constexpr std::size_t kStretches = 8;
    constexpr std::size_t kRows = 8; // of a stretch
    Deviation deviation;
    double sum = 0.0;
    const auto compare = [&](engine::EncodedBlock&& block) -> Result<void> {
        for (std::size_t i = 0; i < block.embedding.rows; ++i) {
            double square = 0.0;
            for (std::size_t j = 0; j < embedding.columns; ++j)
                square += std::pow(double {block.embedding.row(i)[j]} - double {embedding.row(block.first + i)[j]}, 2);
            if (!std::isfinite(square))
                continue; // a failed row
            ++deviation.networks;
            sum += std::sqrt(square);
            deviation.largest = std::max(deviation.largest, std::sqrt(square));
        }
        return {};
    };
    const std::size_t apart = std::max(kRows, (zoo.size + kStretches - 1) / kStretches);
    for (std::size_t first = 0; first < zoo.size; first += apart) {
        NoProgress quiet;
        const engine::EncodeOptions some {.first = first, .count = kRows};
        if (auto done = encoder.encode(zoo, some, compare, quiet, context.interrupt.token()); !done)
            return forward(done);
    }
    deviation.mean = deviation.networks > 0 ? sum / static_cast<double>(deviation.networks) : 0.0;
    return deviation;
}

Result<Predicted> predictAll(const zoo::Checkpoint& checkpoint, const Matrix& embedding, double level, Context& context)
{
    Predicted predicted;
    std::vector<std::string> uncalibrated;
    for (const zoo::Head& head : checkpoint.heads) {
        auto prediction = prediction::predict(head, embedding, level);
        if (!prediction)
            return tl::make_unexpected(naming(checkpoint.path.string(), prediction.error()));
        if (!prediction->calibrated())
            uncalibrated.push_back(head.property);
        predicted.heads.push_back(*std::move(prediction));
    }
    if (checkpoint.heads.empty())
        return predicted;
    if (!uncalibrated.empty())
        context.progress.note(fmt::format("not calibrated, so without {}: {}",
                                          uncalibrated.size() == 1 ? "an interval" : "intervals",
                                          fmt::join(uncalibrated, ", ")));
    const auto trust = prediction::Trust::fromCheckpoint(checkpoint);
    if (!trust) {
        context.progress.note("no trust: " + trust.error().message);
        return predicted;
    }
    auto percentiles = trust->percentiles(embedding, availableCores());
    if (!percentiles)
        return tl::make_unexpected(naming(checkpoint.path.string(), percentiles.error()));
    predicted.trust = *std::move(percentiles);
    return predicted;
}

void addLevel(CLI::App& command, double& level)
{
    command.add_option("--level", level, "how often intervals and sets should hold the truth, e.g. 0.9")
        ->check(CLI::Validator(
            [](const std::string& text) {
                double value = 0.0;
                const bool between = CLI::detail::lexical_cast(text, value) && value > 0.0 && value < 1.0;
                return between ? std::string() : fmt::format("{} is not between 0 and 1", text);
            },
            ""))
        ->capture_default_str()
        ->type_name("P");
}

Result<std::string> fingerprintOf(const zoo::Zoo& zoo)
{
    auto found = zoo::fingerprint(zoo);
    if (!found)
        return tl::make_unexpected(naming(zoo.path.string(), found.error()));
    return found;
}

} // namespace rnnscope::cli
