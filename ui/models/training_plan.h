#pragma once

#include "core/engine/engine.h"
#include "core/engine/train_presets.h"
#include "core/zoo/checkpoint.h"
#include "core/zoo/zoo.h"

#include <QString>

#include <filesystem>
#include <memory>

namespace rnnscope::ui {

/// What to train, on what, and where the checkpoint goes.
struct TrainingPlan
{
    std::shared_ptr<const zoo::Zoo> zoo;
    engine::TrainOptions options;
    std::shared_ptr<const zoo::Checkpoint> unfinished; ///< goes on from there; null: from the first step
    std::filesystem::path output;
};

/// Empty when an encoder can be trained on this zoo; else a sentence.
QString whyNotTrainable(const zoo::Zoo& zoo);

/// "formal_languages.flat.encoder.h5" beside the zoo, or in the user's documents when that folder cannot be written;
/// with a number when there is such a file.
std::filesystem::path proposedOutput(const zoo::Zoo& zoo, zoo::EncoderKind kind);

/// What the first thing wrong with a plan is, as a sentence for the dialog.
struct PlanProblem
{
    enum class Field { None, Zoo, Batch, LearningRate, Output };
    Field field = Field::None;
    QString message;
    explicit operator bool() const { return field != Field::None; }
};
PlanProblem check(const TrainingPlan& plan);

/// "Asks every network questions and picks the next by its answers": what an encoder of this kind reads.
QString whatItReads(zoo::EncoderKind kind);

/// "Embedding 16 · core LSTM 2×256 · 22 probes · emulator LSTM 2×256".
QString sizesText(const engine::TrainOptions& options);

} // namespace rnnscope::ui
