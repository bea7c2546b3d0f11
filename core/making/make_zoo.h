#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/making/family.h"
#include "core/making/recipe.h"
#include "core/rnn/group_trainer.h"

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <stop_token>
#include <string>

namespace rnnscope::making {

struct MakeOptions
{
    std::filesystem::path output;
    int threads = 1;
    bool force = false; ///< replaces zoos and parts that were made with other options, and makes a complete zoo again
    std::string data {}; ///< names the digits
    nlohmann::json provenance = nlohmann::json::object(); ///< who makes it; recipe, threads and wall time are added
    /// Told after every finished run what a process that ends now leaves behind.
    std::function<void(const std::string&)> farewell {};
};

struct Made
{
    bool already = false; ///< the zoo was complete
    std::size_t networks = 0;
    std::size_t runs = 0; ///< trained now; the others were there
    std::size_t updates = 0; ///< made now
    double trainingSeconds = 0.0; ///< for them, with judging
    double seconds = 0.0; ///< wall time
    double firstAccuracy = 0.0; ///< mean over the networks of the first snapshot
    double lastAccuracy = 0.0; ///< of the last
};

/// Makes a zoo: trains the recipe's runs, keeps each finished one in ZOO.h5.parts and merges them at the end. Goes on
/// where an earlier call ended; parts that cannot be used are made again. The same recipe makes the same file but for
/// `provenance`, whatever the threads and the interruptions, on processors with the same instruction set. Refuses what
/// was made with other options.
Result<Made> makeZoo(const Recipe& recipe, const Family& family, const rnn::TrainerKind& trainers,
                     const MakeOptions& options, Progress& progress, std::stop_token stop);

} // namespace rnnscope::making
