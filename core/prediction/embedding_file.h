#pragma once

#include "core/base/matrix.h"
#include "core/base/result.h"
#include "core/prediction/head.h"
#include "core/zoo/checkpoint.h"
#include "core/zoo/zoo.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace rnnscope::prediction {

/// What was embedded by what.
struct EmbeddingSource
{
    std::shared_ptr<const zoo::Zoo> zoo;
    std::shared_ptr<const zoo::Checkpoint> checkpoint;
    std::string zooFingerprint;
    std::string checkpointFingerprint;
};

/// Probes and answers of a stretch of n networks; `steps` 0 when there are none.
struct TraceView
{
    std::size_t steps = 0; ///< T
    std::size_t parallel = 0; ///< Q
    std::size_t inputSize = 0; ///< I
    std::size_t outputSize = 0; ///< O
    std::span<const float> inputs; ///< [n, T, Q, I]
    std::span<const float> outputs; ///< [n, T, Q, O]
};

/// What is known once every network is embedded. Empty parts are left out of the file.
struct EmbeddingSummary
{
    Matrix projection; ///< [N, 2]
    std::string projectionName = "pca"; ///< "pca", "umap" or "tsne"
    std::vector<Prediction> predictions; ///< one per head, N rows each
    std::vector<double> trust; ///< [N] percentiles, trust.h
    std::vector<zoo::Split> splits; ///< [N]
    std::vector<std::size_t> failed; ///< rows that could not be encoded
    std::string device; ///< empty: not known, nor how long it took
    double seconds = 0.0; ///< reading and encoding
    std::string precision; ///< of the encoder's products, where it was not float32; HDF5 only
    std::vector<std::string> names; ///< [N] what the networks are called. HDF5 only, as are those below
    std::vector<std::string> zoos; ///< [N] the zoo of each, where there are several
    std::vector<std::uint8_t> selected; ///< [N] 1: chosen by the user
    std::vector<std::uint8_t> shown; ///< [N] 1: not hidden by a filter
};

/// Writes the file of formats.md, "Embedding": CSV when the name ends in .csv, else HDF5. Traces go to disk block by
/// block and are left out of CSV. Rows that are never appended are NaN. An existing file is replaced by finish();
/// without it nothing stays.
class EmbeddingWriter
{
public:
    static Result<EmbeddingWriter> open(const std::filesystem::path& path, EmbeddingSource source);
    EmbeddingWriter(EmbeddingWriter&&) noexcept;
    EmbeddingWriter& operator=(EmbeddingWriter&&) noexcept;
    ~EmbeddingWriter();

    /// Networks [first, first + embedding.rows). `raw` and `embedding` [n, D]; `raw` empty for all: not known.
    Result<void> append(std::size_t first, const Matrix& raw, const Matrix& embedding, const TraceView& traces = {});
    Result<void> finish(const EmbeddingSummary& summary);

private:
    struct Private;
    explicit EmbeddingWriter(std::unique_ptr<Private> d);
    std::unique_ptr<Private> m_d;
};

} // namespace rnnscope::prediction
