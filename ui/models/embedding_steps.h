#pragma once

#include "core/engine/engine.h"
#include "core/zoo/checkpoint.h"
#include "core/zoo/zoo.h"
#include "ui/jobs/job.h"
#include "ui/models/compute_state.h"
#include "ui/models/session.h"

#include <memory>

/// What makes an EmbeddedZoo, step by step. On the compute thread.
namespace rnnscope::ui {

/// All rows NaN, all splits unknown.
EmbeddedZoo emptyEmbedding(std::shared_ptr<const zoo::Zoo> zoo, std::shared_ptr<const zoo::Checkpoint> checkpoint);

/// ShapeMismatch when the block is not a stretch of the result's rows.
Result<void> takeBlock(engine::EncodedBlock&& block, EmbeddedZoo& result);

/// Principal components of the rows embedded so far.
void placeOnMap(EmbeddedZoo& result);

/// Turns axes that point the other way than those of `before`, an embedding of the same zoo, so that points do not jump
/// to the other side while an encoder learns. Axes stay principal components: their sign means nothing.
void alignMap(EmbeddedZoo& result, const EmbeddedZoo& before);

/// What every head of the checkpoint says, at level kPredictionLevel. A head that does not fit is a note.
void predictAll(EmbeddedZoo& result, JobContext& context);
inline constexpr double kPredictionLevel = 0.9;

/// Distances from the training networks; left empty when the checkpoint does not say which they were.
void trustAll(EmbeddedZoo& result, JobContext& context);

void splitByRun(EmbeddedZoo& result, ComputeState& state, JobContext& context);

} // namespace rnnscope::ui
