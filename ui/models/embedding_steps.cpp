#include "ui/models/embedding_steps.h"

#include "core/base/threads.h"
#include "core/prediction/trust.h"
#include "core/projection/pca.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace rnnscope::ui {

namespace {
constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();
} // namespace

EmbeddedZoo emptyEmbedding(std::shared_ptr<const zoo::Zoo> zoo, std::shared_ptr<const zoo::Checkpoint> checkpoint)
{
    EmbeddedZoo result;
    const auto dimension = static_cast<std::size_t>(checkpoint->config.embeddingSize);
    result.embedding = Matrix(zoo->size, dimension, kMissing);
    result.splits.assign(zoo->size, zoo::Split::Unknown);
    result.zoo = std::move(zoo);
    result.checkpoint = std::move(checkpoint);
    return result;
}

Result<void> takeBlock(engine::EncodedBlock&& block, EmbeddedZoo& result)
{
    const auto& rows = block.embedding;
    if (rows.columns != result.embedding.columns || block.first + rows.rows > result.embedding.rows)
        return fail(Errc::ShapeMismatch, "the engine returned embeddings of an unexpected size");
    std::copy(rows.values.begin(), rows.values.end(), result.embedding.row(block.first).begin());
    result.failed.insert(result.failed.end(), block.failed.begin(), block.failed.end());
    result.done = std::max(result.done, block.first + rows.rows);
    return {};
}

void placeOnMap(EmbeddedZoo& result)
{
    const auto pca = projection::fitPca(result.embedding);
    result.map = projection::project(pca, result.embedding);
    result.explained[0] = pca.explained[0];
    result.explained[1] = pca.explained[1];
}

void alignMap(EmbeddedZoo& result, const EmbeddedZoo& before)
{
    if (result.map.rows != before.map.rows)
        return;
    for (std::size_t axis = 0; axis < result.map.columns; ++axis) {
        double agreement = 0.0;
        for (std::size_t row = 0; row < result.map.rows; ++row) {
            const double product
                = static_cast<double>(result.map(row, axis)) * static_cast<double>(before.map(row, axis));
            agreement += std::isfinite(product) ? product : 0.0;
        }
        for (std::size_t row = 0; agreement < 0.0 && row < result.map.rows; ++row)
            result.map(row, axis) = -result.map(row, axis);
    }
}

void predictAll(EmbeddedZoo& result, JobContext& context)
{
    for (const auto& head : result.checkpoint->heads) {
        auto prediction = prediction::predict(head, result.embedding, kPredictionLevel);
        if (prediction)
            result.predictions.push_back(std::move(*prediction));
        else
            context.note(prediction.error().message);
    }
}

void trustAll(EmbeddedZoo& result, JobContext& context)
{
    const auto trust = prediction::Trust::fromCheckpoint(*result.checkpoint);
    if (!trust) {
        if (trust.error().code != Errc::NotFound)
            context.note(trust.error().message);
        return;
    }
    auto percentiles = trust->percentiles(result.embedding, availableCores());
    if (percentiles)
        result.trust = std::move(*percentiles);
    else
        context.note(percentiles.error().message);
}

void splitByRun(EmbeddedZoo& result, ComputeState& state, JobContext& context)
{
    if (result.zoo->property("run") == nullptr || !result.checkpoint->training
        || result.checkpoint->zooFingerprint.empty())
        return;
    if (const auto origin = zoo::originOf(result.zoo->provenance);
        !origin.empty() && origin == result.checkpoint->zooFingerprint) {
        result.splits = zoo::splitsOf(*result.checkpoint, *result.zoo, origin); // and nothing needs to be read
        return;
    }
    const auto print = state.fingerprint(result.zoo);
    if (!print)
        return context.note("The splits are unknown: " + print.error().message);
    result.splits = zoo::splitsOf(*result.checkpoint, *result.zoo, *print);
}

} // namespace rnnscope::ui
