#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/engine/engine.h"
#include "core/evaluation/estimate.h"
#include "core/zoo/checkpoint.h"
#include "core/zoo/zoo.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

/// What encoders are worth on a zoo: the paper's comparison, with what a guess without learning would reach beside it.
namespace rnnscope::evaluation {

struct EvaluationOptions
{
    double level = 0.9; ///< of intervals and sets
    std::string criterion; ///< of the emulation loss; empty: what each checkpoint was trained for
    std::size_t sequences = 16; ///< recorded sequences of each network that measure the emulation loss
    std::size_t constantSteps
        = 1500; ///< of the constant-embedding baseline where a checkpoint does not hold it; 0: none
    std::size_t resplits = 50; ///< random re-splits of the tasks that measure the coverage; 0: none
    bool rawBaselines = true; ///< statistics and PCA of the weights, without any training of an encoder
    std::size_t samples = 1000; ///< strings drawn from each network to measure its accuracy; 0: not measured
    std::optional<std::filesystem::path> mnist; ///< folder with the digits; without it MNIST networks are not measured
    std::uint64_t seed = 1;
    int threads = 0; ///< 0: every core
    engine::DeviceChoice device;
};

/// Networks that were evaluated together.
enum class Part {
    Training,
    Validation, ///< selection and calibration tasks; coverage: selection tasks only
    Ood,
    Unseen, ///< all networks of a zoo that the encoder was not trained on
    Resplits ///< the left-out tasks of random re-splits, heads trained anew each time
};

/// "training", "validation", "ood", "unseen", "re-splits".
std::string_view name(Part part);

/// One number of the table.
struct Entry
{
    std::string method; ///< "interactive_probing", "raw statistics", …
    std::string property; ///< "emulation", a property's name, or "trust"
    std::string metric; ///< "total_variation", "exact_accuracy", …, "coverage", "auroc"
    std::string unit;
    Part part = Part::Validation;
    Estimate value; ///< over the checkpoints of one method that differ in their seeds only
    double baseline = 0.0; ///< best constant guess, or the emulator with a constant embedding; NaN: there is none
    std::size_t networks = 0;
};

struct Evaluation
{
    std::string zoo; ///< path
    double level = 0.9;
    std::vector<Entry> entries; ///< in order of property, metric, method, part
    std::vector<Entry> measured; ///< accuracy (and the like) against what running the networks gives
    std::vector<std::string> notes; ///< what could not be done, and why
};

using Checkpoints = std::vector<std::shared_ptr<const zoo::Checkpoint>>;

/// Every checkpoint must fit the zoo. Checkpoints with one config are seeds of one method. Heads that a checkpoint
/// lacks are trained on the zoo's own split.
Result<Evaluation> evaluate(engine::Engine& engine, const std::shared_ptr<const zoo::Zoo>& zoo,
                            const Checkpoints& checkpoints, const EvaluationOptions& options, Progress& progress,
                            std::stop_token stop);

} // namespace rnnscope::evaluation
