#pragma once

#include "core/base/file.h"
#include "core/base/result.h"
#include "core/base/text_table.h"

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rnnscope::cli {

/// "rnnscope-cli: error: …" on standard error, one line whatever the message holds.
void printError(std::string_view message);
/// "rnnscope-cli: note: …" on standard error, likewise.
void printNote(std::string_view message);
/// Results, on standard output.
void print(std::string_view text);
/// One object, one line; NaN becomes null.
void printJson(const nlohmann::json& json);
/// NaN and infinities become null, which JSON can hold.
nlohmann::json number(double value);

/// Can `output` be written? Asked before long work starts. Refuses folders and the files that are being read.
Result<void> checkOutput(const fs::path& output, const std::vector<fs::path>& inputs);

/// JSON text for an output's `provenance`: program, version, command line, UTC time, seed when one was used, the
/// provenance of what was read, and the fingerprint of the zoo whose runs these are (zoo::originOf).
std::string provenance(std::string_view commandLine, std::optional<std::uint64_t> seed = {},
                       std::string_view source = {}, std::string_view origin = {});

using Table = TextTable;

} // namespace rnnscope::cli
