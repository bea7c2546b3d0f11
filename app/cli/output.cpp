#include "app/cli/output.h"

#include "core/base/printable.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace rnnscope::cli {

namespace {

/// Now, or what SOURCE_DATE_EPOCH says where files must come out the same bit for bit.
std::string utcTime()
{
    const char* fixed = std::getenv("SOURCE_DATE_EPOCH");
    const std::time_t now = fixed != nullptr ? static_cast<std::time_t>(std::strtoll(fixed, nullptr, 10))
                                             : std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    std::tm parts {};
    gmtime_r(&now, &parts);
    char text[sizeof "2024-01-01T00:00:00Z"] = {};
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text;
}

void printLine(std::string_view kind, std::string_view message)
{
    constexpr std::size_t kLongest = 10'000;
    std::string plain(message);
    std::replace_if(
        plain.begin(), plain.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
    std::string line = fmt::format("rnnscope-cli: {}: {}\n", kind, printable(plain, kLongest));
    if (::isatty(STDERR_FILENO) == 1)
        line.insert(0, "\r\033[K"); // over a progress bar
    std::fwrite(line.data(), 1, line.size(), stderr);
    std::fflush(stderr);
}

} // namespace

void printError(std::string_view message)
{
    printLine("error", message);
}

void printNote(std::string_view message)
{
    printLine("note", message);
}

void print(std::string_view text)
{
    std::fwrite(text.data(), 1, text.size(), stdout);
}

void printJson(const nlohmann::json& json)
{
    print(json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

nlohmann::json number(double value)
{
    return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json();
}

Result<void> checkOutput(const fs::path& output, const std::vector<fs::path>& inputs)
{
    std::error_code status;
    if (output.empty())
        return fail(Errc::BadValue, "cannot write the output: its name is empty");
    if (fs::is_directory(output, status))
        return fail(Errc::Io, fmt::format("cannot write {}: it is a folder", output.string()));
    if (fs::exists(output, status) && !fs::is_regular_file(output, status))
        return fail(Errc::Io, fmt::format("cannot write {}: it is not a regular file", output.string()));
    const fs::path folder = output.has_parent_path() ? output.parent_path() : fs::path(".");
    if (!fs::is_directory(folder, status))
        return fail(Errc::Io,
                    fmt::format("cannot write {}: the folder {} does not exist", output.string(), folder.string()));
    if (::access(folder.c_str(), W_OK) != 0)
        return fail(Errc::Io,
                    fmt::format("cannot write {}: no permission to write to {}", output.string(), folder.string()));
    for (const fs::path& input : inputs)
        if (fs::equivalent(output, input, status))
            return fail(Errc::Io, fmt::format("cannot write {}: it is the file that is being read", output.string()));
    return {};
}

std::string provenance(std::string_view commandLine, std::optional<std::uint64_t> seed, std::string_view source,
                       std::string_view origin)
{
    nlohmann::json json {
        {"program", "rnnscope-cli"}, {"version", RNNSCOPE_VERSION}, {"command_line", commandLine}, {"time", utcTime()}};
    if (seed)
        json["seed"] = *seed;
    const auto parsed = nlohmann::json::parse(source, nullptr, false);
    if (!parsed.is_discarded())
        json["source"] = parsed;
    if (!origin.empty())
        json["origin"] = origin;
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

} // namespace rnnscope::cli
