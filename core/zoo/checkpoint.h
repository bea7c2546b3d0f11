#pragma once

#include "core/base/matrix.h"
#include "core/base/result.h"
#include "core/zoo/encoder_config.h"
#include "core/zoo/property.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace rnnscope::zoo {

struct Zoo;

struct Tensor
{
    std::vector<std::int64_t> shape;
    std::vector<float> values; ///< row-major
};

/// Tensors by name, named as in the authors' published state_dict.
using State = std::map<std::string, Tensor>;

struct EmulatorConfig
{
    int hiddenSize = 256;
    int numLayers = 2;
    bool onlyConditionBos = true; ///< add the embedding to the first step only
};

/// Split conformal calibration of one head: how wrong it was on networks that were held out for this. What a score is,
/// core/prediction/conformal.h says.
struct Calibration
{
    std::vector<double> scores; ///< nonconformity, one per network
    std::vector<std::int64_t>
        groups; ///< as many: networks of one task (or run) share a number, they are not independent
};

/// One trained predictor: MLP embedding [D] -> outputs, evaluated by core/prediction.
/// Tensors "0.weight", "0.bias", "2.weight", … : Linear, ReLU, Linear, …
/// Outputs: real and integer-as-real: the standardised values of all columns, then (when there are twice as many
/// outputs) the logarithms of their spread; circular: (sin, cos) per column; categorical and integer: one logit per
/// class, columns one after the other.
struct Head
{
    std::string property;
    PropertyKind kind = PropertyKind::Real; ///< Real, Circular, or classes (Integer, Categorical)
    std::string unit = "1";
    double period = 0.0;
    std::vector<std::vector<double>> classes; ///< [K][C_k], ascending; classes kinds only
    std::vector<double> mean; ///< [K], real only: value = mean + scale * output
    std::vector<double> scale; ///< [K]
    std::vector<std::string> labels; ///< categorical, as in the zoo
    State state;
    Calibration calibration; ///< empty: not calibrated, so no intervals
    std::size_t columns() const; ///< K
};

/// Which runs an encoder was trained on, by run id.
struct Splits
{
    std::vector<std::int64_t> train;
    std::vector<std::int64_t> validation;
    std::vector<std::int64_t> calibration;
    std::vector<std::int64_t> ood;
};

enum class Split { Training = 0, Validation = 1, Calibration = 2, Ood = 3, Unknown = -1 };

constexpr const char* kDefaultCriterion = "total_variation";

/// Loss curves; NaN where not measured at that step.
struct TrainingRecord
{
    std::string criterion = kDefaultCriterion; ///< what the losses are, the constant-embedding baseline's, too
    std::vector<double> step;
    std::vector<double> trainLoss;
    std::vector<double> validationLoss;
    std::vector<double> oodLoss;
    Splits splits;
};

/// Where the encoder that was kept stands: the least validation loss or, without any, the least training loss.
std::optional<std::size_t> bestRow(const TrainingRecord& record);

/// Losses of the same emulator trained with one constant embedding for every network: what an encoder has to beat.
/// NaN where there is no such split.
struct ConstantBaseline
{
    std::size_t steps = 0;
    double train = 0.0;
    double validation = 0.0; ///< networks that select the checkpoint
    double calibration = 0.0;
    double ood = 0.0;
};

/// What an unfinished training run needs to go on as if it had never stopped.
struct ResumeState
{
    std::size_t step = 0; ///< optimiser steps made
    std::string options; ///< JSON of the engine's training options; a run goes on with the same ones only
    State encoder; ///< as it is now; the checkpoint's own is the best so far
    State emulator; ///< likewise; end to end the heads', "<index>.<tensor>"
    State moments; ///< of the optimiser, "<module>/<tensor>/first" and "…/second"
    double bestLoss = 0.0; ///< infinite before the first evaluation
    std::size_t bestStep = 0;
    std::size_t evaluationsSinceBest = 0;
    double lossSum = 0.0; ///< of the steps since the last evaluation
    std::size_t lossCount = 0;
};

struct Checkpoint
{
    std::filesystem::path path; ///< where it was read from; empty when made in memory
    EncoderConfig config;
    std::string provenance; ///< JSON text
    std::string zooFingerprint; ///< of the zoo it was trained on; may be empty
    State encoder;
    EmulatorConfig emulatorConfig;
    State emulator; ///< empty when absent
    std::vector<Head> heads;
    std::optional<TrainingRecord> training;
    Matrix referenceEmbedding; ///< [N, D] of the zoo it was trained on; empty when absent
    std::vector<Split> referenceSplits; ///< [N] or empty
    std::vector<std::int64_t> referenceRuns; ///< [N] or empty
    std::optional<ConstantBaseline> constant;
    std::optional<ResumeState> resume; ///< of an unfinished run

    std::string title() const; ///< "Interactive probing · checkpoint-name"
};

/// Tensors with NaN or infinite values are BadValue.
Result<std::shared_ptr<const Checkpoint>> openCheckpoint(const std::filesystem::path& path);

struct WriteCheckpointOptions
{
    bool half = false; ///< tensors and reference embeddings as float16, large ones deflated
};

/// Replaces an existing file atomically. Layout beyond what formats.md fixes:
///   root attribute `emulator_config`: JSON {hidden_size, num_layers, only_condition_bos}, with /emulator_state only
///   /heads/<property>: attributes kind, unit, period (circular), labels (categorical, texts); datasets mean, scale
///     (real), classes_0 … classes_{K-1} (ascending values), all float64; group state with the MLP's tensors; when
///     calibrated calibration_scores (float64, none negative) and calibration_groups (int64), as many
///   /training: attribute criterion (absent: total_variation); besides the curves train, validation, calibration, ood,
///   int64 run ids; of the constant-embedding
///     baseline the attributes constant_steps, constant_train_loss, constant_validation_loss,
///     constant_calibration_loss, constant_ood_loss (NaN where there is no such split)
///   /reference: embedding [N, D] float32; optional split [N] int8 and run [N] int64
///   /resume: of an unfinished run only: attributes step, options (JSON), best_loss, best_step,
///     evaluations_since_best, loss_sum, loss_count; groups encoder_state, emulator_state and moments/<module>/<tensor>
///     with first and second; always float32, since a run that goes on must not notice
Result<void> writeCheckpoint(const Checkpoint& checkpoint, const std::filesystem::path& path,
                             const WriteCheckpointOptions& options = {});

/// 16 hexadecimal digits: XXH64 of the encoder's kind, config and tensors; heads, emulator and losses do not count.
std::string fingerprint(const Checkpoint& checkpoint);

/// Split of the network with this run id. Unknown unless the zoo is the one the checkpoint was trained on.
Split splitOf(const Checkpoint& checkpoint, std::string_view zooFingerprint, std::int64_t run);

/// The fingerprint that `provenance` (JSON) gives as "origin": of the zoo whose runs, all or some of them, these are.
/// Empty where it does not.
std::string originOf(std::string_view provenance);

/// [N], by the `run` of every network; all Unknown where runs are not recorded. A part of the zoo that the checkpoint
/// was trained on, or a copy in another precision, says so by its origin.
std::vector<Split> splitsOf(const Checkpoint& checkpoint, const Zoo& zoo, std::string_view zooFingerprint);

} // namespace rnnscope::zoo
