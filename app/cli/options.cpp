#include "app/cli/options.h"

#include "core/base/printable.h"
#include "core/zoo/file_kind.h"

#include <CLI/CLI.hpp>
#include <charconv>
#include <limits>

namespace rnnscope::cli {

namespace {

std::string_view describe(zoo::FileKind kind)
{
    switch (kind) {
    case zoo::FileKind::Zoo:
        return "a zoo";
    case zoo::FileKind::AuthorsFolder:
        return "a zoo folder";
    case zoo::FileKind::Checkpoint:
        return "an encoder checkpoint";
    }
    return "something else";
}

} // namespace

void addDevice(CLI::App& command, DeviceOptions& options)
{
    const auto parse = [&options](const std::string& text) {
        const auto choice = engine::parseDevice(text);
        if (!choice)
            throw CLI::ValidationError("--device", choice.error().message);
        options.device = *choice;
    };
    command.add_option_function<std::string>("--device", parse, "where to compute: auto, cpu, cuda or cuda:N")
        ->type_name("DEVICE");
    command.add_option("--threads", options.threads, "threads on the CPU (default: every core)")
        ->check(CLI::Range(1, 1 << 12))
        ->type_name("N");
}

void addJson(CLI::App& command, bool& json)
{
    command.add_flag("--json", json, "print the result as JSON, one object a line");
}

CLI::Validator wholeNumber()
{
    CLI::Validator validator;
    validator.name("").description("");
    validator.operation([](std::string& text) {
        std::uint64_t value = 0;
        const char* const end = text.data() + text.size();
        const auto [read, error] = std::from_chars(text.data(), end, value);
        if (error == std::errc() && read == end)
            return std::string();
        return fmt::format("'{}' is no whole number from 0 to {}", printable(text),
                           std::numeric_limits<std::uint64_t>::max());
    });
    return validator;
}

CLI::Option* addOutput(CLI::App& command, std::string& path, const std::string& description)
{
    return command.add_option("-o,--out", path, description)->required()->type_name("FILE");
}

Result<std::shared_ptr<const zoo::Checkpoint>> openEncoderInput(const std::string& path)
{
    const auto kind = zoo::fileKind(path);
    if (!kind)
        return tl::make_unexpected(naming(path, kind.error()));
    if (*kind != zoo::FileKind::Checkpoint)
        return fail(Errc::BadFormat, fmt::format("{} is {}, expected an encoder checkpoint", path, describe(*kind)));
    auto opened = zoo::openCheckpoint(path);
    if (!opened)
        return tl::make_unexpected(naming(path, opened.error()));
    return opened;
}

Result<void> checkFits(const zoo::Checkpoint& checkpoint, const zoo::Zoo& zoo)
{
    const auto fits = zoo::checkFits(checkpoint.config, zoo.architecture);
    if (!fits)
        return fail(
            fits.error().code,
            fmt::format("{} does not fit {}: {}", checkpoint.path.string(), zoo.path.string(), fits.error().message));
    return {};
}

Result<std::shared_ptr<engine::Engine>> loadEngine(const DeviceOptions& options)
{
    auto engine = engine::loadEngine();
    if (engine)
        (*engine)->setThreads(options.threads);
    return engine;
}

Result<LoadedEncoder> loadEncoder(const zoo::Checkpoint& checkpoint, const DeviceOptions& options)
{
    auto engine = loadEngine(options);
    if (!engine)
        return forward(engine);
    auto encoder = (*engine)->makeEncoder(checkpoint, options.device);
    if (!encoder)
        return encoder.error().code == Errc::Device
            ? tl::make_unexpected(encoder.error())
            : tl::make_unexpected(naming(checkpoint.path.string(), encoder.error()));
    return LoadedEncoder {*std::move(engine), *std::move(encoder)};
}

Error naming(const std::string& path, Error error)
{
    if (error.message.find(path) == std::string::npos)
        error.message = fmt::format("{}: {}", path, error.message);
    return error;
}

} // namespace rnnscope::cli
