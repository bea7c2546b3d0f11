#pragma once

#include "core/zoo/architecture.h"

#include <nlohmann/json_fwd.hpp>
#include <string_view>
#include <vector>

namespace rnnscope::zoo {

enum class EncoderKind {
    LayerwiseStatistics,
    Flat,
    ParameterTransformer,
    DwsNet,
    NoninteractiveProbing,
    InteractiveProbing,
};

/// "layerwise_statistics", …, "interactive_probing", as in checkpoints and on the command line.
std::string_view name(EncoderKind kind);
/// "Interactive probing", for people.
std::string_view title(EncoderKind kind);
Result<EncoderKind> encoderKindFromName(std::string_view name);
std::vector<EncoderKind> allEncoderKinds();

/// Every hyperparameter of an encoder; defaults are the paper's. Keys of the checkpoint's JSON: formats.md.
struct EncoderConfig
{
    EncoderKind kind = EncoderKind::InteractiveProbing;
    Architecture rnn; ///< the networks it was made for
    TaskFamily family = TaskFamily::Custom;
    int embeddingSize = 16; ///< D
    bool normalize = true; ///< embedding = raw / Euclidean norm

    // probing encoders
    int probingLength = 22; ///< T; 50 for MNIST
    int parallelSequences = 1; ///< Q
    Cell coreCell = Cell::Lstm; ///< lstm or gru
    int coreHiddenSize = 256;
    int coreLayers = 2;
    bool residual = true;
    int mlpHiddenSize = 128; ///< also the probe encoding size E
    int mlpLayers = 1;
    bool softmaxProbes = true; ///< else sigmoid
    double interactiveWeight = 1.0; ///< non-interactive: 0
    double staticWeight = 0.0; ///< non-interactive: 1
    double dropout = 0.0;
    bool openGates = false;

    // weight encoders
    bool perTensor = true; ///< statistics
    std::vector<double> quantiles {0.0, 0.25, 0.5, 0.75, 1.0}; ///< statistics
    std::vector<int> mlpHiddenSizes; ///< statistics, flat, DWSNet
    int modelSize = 128; ///< transformer
    int transformerLayers = 6;
    int transformerHeads = 2;
    std::vector<int> channels {48, 48, 48, 48}; ///< DWSNet

    bool probing() const
    {
        return kind == EncoderKind::NoninteractiveProbing || kind == EncoderKind::InteractiveProbing;
    }
};

/// The paper's configuration for networks of this shape.
EncoderConfig paperConfig(EncoderKind kind, const Architecture& rnn, TaskFamily family);
/// For laptops and the demo: encoders.md, preset `compact`.
EncoderConfig compactConfig(EncoderKind kind, const Architecture& rnn, TaskFamily family);

/// The checkpoint's `config` attribute.
nlohmann::json toJson(const EncoderConfig& config);
/// Missing keys take the paper's value; wrong types and sizes out of range are BadFormat naming the key.
Result<EncoderConfig> encoderConfigFromJson(EncoderKind kind, const nlohmann::json& json);

/// Can this encoder read such networks? Probing encoders ask for the same input and output size, the others for the
/// whole shape. The error is a sentence for the user that says what was expected and found.
Result<void> checkFits(const EncoderConfig& config, const Architecture& rnn);

} // namespace rnnscope::zoo
