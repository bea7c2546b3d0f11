#pragma once

#include "app/cli/command.h"
#include "app/cli/options.h"
#include "core/base/matrix.h"
#include "core/prediction/head.h"

namespace rnnscope::cli {

/// One row per network of the zoo.
struct Encoded
{
    Matrix embedding; ///< [N, D]
    std::vector<std::size_t> failed; ///< ascending
    double seconds = 0.0; ///< wall time of reading and encoding
    engine::Precision precision = engine::Precision::Float32; ///< of its products
};

enum class OnFailedRows { Continue, Stop };

struct EncodeRequest
{
    OnFailedRows onFailed = OnFailedRows::Continue; ///< Stop: BadValue at the first block with a failed row
    bool traces = false;
    engine::Precision precision = engine::Precision::Float32;
    /// Gets every block; its time does not count as encoding.
    std::function<Result<void>(const engine::EncodedBlock&)> sink;
};

/// Embeds every network and names in a note those with weights that are not finite; BadValue when none is left.
Result<Encoded> encodeAll(engine::Encoder& encoder, const zoo::Zoo& zoo, const EncodeRequest& request,
                          Context& context);

/// How far embeddings are from those computed in float32: Euclidean distances.
struct Deviation
{
    std::size_t networks = 0; ///< that were embedded twice
    double mean = 0.0;
    double largest = 0.0;
};

/// Embeds up to 64 networks, spread over the zoo, once more in float32.
Result<Deviation> deviationFromFloat32(engine::Encoder& encoder, const zoo::Zoo& zoo, const Matrix& embedding,
                                       Context& context);

/// What every head of the checkpoint says.
struct Predicted
{
    std::vector<prediction::Prediction> heads;
    std::vector<double> trust; ///< [N] percentiles; empty when the checkpoint does not say what it was trained on
};

/// Intervals and sets hold the truth with probability `level`. Heads that are not calibrated, and missing trust, are
/// notes.
Result<Predicted> predictAll(const zoo::Checkpoint& checkpoint, const Matrix& embedding, double level,
                             Context& context);

/// --level, 0.9 unless given.
void addLevel(CLI::App& command, double& level);

/// The zoo's fingerprint, with errors that name the zoo.
Result<std::string> fingerprintOf(const zoo::Zoo& zoo);

} // namespace rnnscope::cli
