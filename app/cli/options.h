#pragma once

#include "core/engine/engine.h"

#include <memory>
#include <string>
#include <vector>

namespace CLI {
class App;
class Validator;
class Option;
} // namespace CLI

namespace rnnscope::cli {

/// Names of the emulation losses.
inline const std::vector<std::string> kCriteria {"total_variation", "kl", "kl_reverse", "js_div", "ce", "cosine", "l2"};

/// Where the work is done: --device and --threads.
struct DeviceOptions
{
    engine::DeviceChoice device;
    int threads = 0; ///< 0: every core of the process
};

void addDevice(CLI::App& command, DeviceOptions& options);
void addJson(CLI::App& command, bool& json);
/// For options that are kept in unsigned integers: CLI11 would wrap -1 and cut what is too large.
CLI::Validator wholeNumber();
CLI::Option* addOutput(CLI::App& command, std::string& path, const std::string& description);

/// Opens an encoder checkpoint; says what the file is when it is something else.
Result<std::shared_ptr<const zoo::Checkpoint>> openEncoderInput(const std::string& path);

/// ShapeMismatch naming both files unless the encoder can read these networks.
Result<void> checkFits(const zoo::Checkpoint& checkpoint, const zoo::Zoo& zoo);

Result<std::shared_ptr<engine::Engine>> loadEngine(const DeviceOptions& options);

/// The encoder keeps code of the engine, so the two stay together.
struct LoadedEncoder
{
    std::shared_ptr<engine::Engine> engine;
    std::unique_ptr<engine::Encoder> encoder;
};
Result<LoadedEncoder> loadEncoder(const zoo::Checkpoint& checkpoint, const DeviceOptions& options);

/// "which.h5: what is wrong", unless the message names the file already.
Error naming(const std::string& path, Error error);

} // namespace rnnscope::cli
