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

/// One trained predictor: MLP embedding [D] -> outputs, evaluated by core/prediction.
/// Tensors "0.weight", "0.bias", "2.weight", … : Linear, ReLU, Linear, …
/// Outputs: real and integer-as-real: 1 per column (standardised); circular: (sin, cos) per column; categorical and
/// integer: one logit per class, columns one after the other.
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

/// Loss curves; NaN where not measured at that step.
struct TrainingRecord
{
    std::vector<double> step;
    std::vector<double> trainLoss;
    std::vector<double> validationLoss;
    std::vector<double> oodLoss;
    Splits splits;
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

    std::string title() const; ///< "Interactive probing · checkpoint-name"
};

/// Tensors with NaN or infinite values are BadValue.
Result<std::shared_ptr<const Checkpoint>> openCheckpoint(const std::filesystem::path& path);

struct WriteCheckpointOptions
{
    bool half = false; ///< tensors as float16
};

/// Replaces an existing file atomically. Layout beyond what formats.md fixes:
///   root attribute `emulator_config`: JSON {hidden_size, num_layers, only_condition_bos}, with /emulator_state only
///   /heads/<property>: attributes kind, unit, period (circular), labels (categorical, texts); datasets mean, scale
///     (real), classes_0 … classes_{K-1} (ascending values), all float64; group state with the MLP's tensors
///   /training: besides the curves train, validation, calibration, ood, int64 run ids
///   /reference/embedding: [N, D] float32
Result<void> writeCheckpoint(const Checkpoint& checkpoint, const std::filesystem::path& path,
                             const WriteCheckpointOptions& options = {});

/// 16 hexadecimal digits: XXH64 of the encoder's kind, config and tensors; heads, emulator and losses do not count.
std::string fingerprint(const Checkpoint& checkpoint);

/// Split of the network with this run id. Unknown unless the zoo is the one the checkpoint was trained on.
Split splitOf(const Checkpoint& checkpoint, std::string_view zooFingerprint, std::int64_t run);

} // namespace rnnscope::zoo
