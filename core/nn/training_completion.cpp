#include "core/nn/training_completion.h"

#include "core/nn/constant_baseline.h"
#include "core/nn/head_trainer.h"
#include "core/nn/torch_encoder.h"
#include "core/prediction/conformal.h"

#include <algorithm>

namespace rnnscope::nn {

namespace {

Result<Matrix> embedAll(const zoo::Checkpoint& checkpoint, const zoo::Zoo& zoo, c10::Device device, Progress& progress,
                        const std::stop_token& stop)
{
    auto encoder = TorchEncoder::make(checkpoint, device);
    if (!encoder)
        return forward(encoder);
    Matrix all(zoo.size, static_cast<std::size_t>(checkpoint.config.embeddingSize));
    const auto keep = [&](engine::EncodedBlock&& block) -> Result<void> {
        std::copy(block.embedding.values.begin(), block.embedding.values.end(), all.row(block.first).begin());
        return {};
    };
    if (auto done = (*encoder)->encode(zoo, {}, keep, progress, stop); !done)
        return forward(done);
    return all;
}

Result<void> addHeads(zoo::Checkpoint& checkpoint, const TrainingSet& set, const engine::TrainOptions& options,
                      Progress& progress, const std::stop_token& stop)
{
    auto heads
        = trainHeads(*set.zoo, checkpoint.referenceEmbedding, set.plan.rows,
                     engine::HeadOptions {.properties = options.headProperties, .seed = options.seed}, progress, stop);
    if (!heads)
        return forward(heads);
    checkpoint.heads = *std::move(heads);
    return {};
}

Result<void> calibrateHeads(zoo::Checkpoint& checkpoint, const TrainingSet& set)
{
    const auto groups = calibrationGroups(*set.zoo, set.plan.rows);
    const auto rows = set.rows(zoo::Split::Calibration);
    for (zoo::Head& head : checkpoint.heads) {
        const zoo::Property& property = *set.zoo->property(head.property);
        auto calibrated = prediction::calibrate(head, checkpoint.referenceEmbedding, property, rows, groups);
        if (!calibrated)
            return calibrated;
    }
    return {};
}

} // namespace

Result<zoo::Checkpoint> completed(zoo::Checkpoint encoder, const std::shared_ptr<const TrainingSet>& set,
                                  const engine::TrainOptions& options, c10::Device device, Progress& progress,
                                  const std::stop_token& stop)
{
    if (options.constantSteps > 0 && !options.endToEnd) {
        const auto constant = trainConstant(set, options, device, progress, stop);
        if (!constant)
            return forward(constant);
        encoder.constant = *constant;
    }
    auto embedding = embedAll(encoder, *set->zoo, device, progress, stop);
    if (!embedding)
        return forward(embedding);
    encoder.referenceEmbedding = *std::move(embedding);
    encoder.referenceSplits = set->plan.rows;
    encoder.referenceRuns = set->runs;
    auto headed = options.endToEnd ? calibrateHeads(encoder, *set) : addHeads(encoder, *set, options, progress, stop);
    if (!headed)
        return forward(headed);
    return encoder;
}

} // namespace rnnscope::nn
