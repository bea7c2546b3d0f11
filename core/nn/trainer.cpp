#include "core/nn/trainer.h"

#include "core/nn/devices.h"
#include "core/nn/emulator.h"
#include "core/nn/head_trainer.h"
#include "core/nn/losses.h"
#include "core/nn/module.h"
#include "core/nn/permutation.h"
#include "core/nn/torch_encoder.h"
#include "core/nn/training_data.h"
#include "core/tasks/dataset_split.h"

#include <ATen/ATen.h>
#include <torch/nn/utils/clip_grad.h>
#include <torch/optim/adamw.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <random>
#include <vector>

namespace rnnscope::nn {

namespace {

constexpr double kNotMeasured = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kEvaluationExamples = 512;

class Training
{
public:
    Training(const zoo::Zoo& zoo, const engine::TrainOptions& options, c10::Device device, tasks::SplitPlan plan)
        : m_zoo(zoo)
        , m_options(options)
        , m_device(device)
        , m_plan(std::move(plan))
        , m_random(options.seed)
    {
    }

    Result<zoo::Checkpoint> run(Progress& progress, const std::stop_token& stop)
    {
        if (auto ready = prepare(progress); !ready)
            return forward(ready);
        progress.begin(fmt::format("training {}", zoo::name(m_options.config.kind)), m_options.steps);
        for (std::size_t step = 0; step < m_options.steps; ++step) {
            if (stop.stop_requested())
                return cancelled("training");
            if (auto done = advance(step); !done)
                return forward(done);
            if ((step + 1) % m_options.evaluateEvery == 0 || step + 1 == m_options.steps)
                if (auto done = evaluate(step + 1, progress, stop); !done)
                    return forward(done);
            progress.update(step + 1);
        }
        return finish(progress, stop);
    }

private:
    Result<void> prepare(Progress& progress)
    {
        torch::manual_seed(m_options.seed);
        auto encoder = makeEncoderModule(m_options.config);
        if (!encoder)
            return forward(encoder);
        m_encoder = std::move(*encoder);
        m_emulator = std::make_shared<Emulator>(m_options.emulator, m_options.config.embeddingSize,
                                                m_zoo.architecture.inputSize, m_zoo.architecture.outputSize);
        m_emulator->openGates(); // as the published training does
        m_encoder->to(m_device);
        m_emulator->to(m_device);
        auto parameters = m_encoder->parameters();
        const auto emulatorParameters = m_emulator->parameters();
        parameters.insert(parameters.end(), emulatorParameters.begin(), emulatorParameters.end());
        m_optimizer = std::make_unique<torch::optim::AdamW>(
            parameters, torch::optim::AdamWOptions(m_options.learningRate).weight_decay(m_options.weightDecay));
        return sortRows(progress);
    }

    /// Rows that can be used, by split; those with weights that are not finite are named and left out.
    Result<void> sortRows(Progress& progress)
    {
        std::vector<float> weights(m_zoo.architecture.parameterCount());
        std::string bad;
        for (std::size_t row = 0; row < m_zoo.size; ++row) {
            if (auto read = m_zoo.parameters->read(row, 1, weights); !read)
                return read;
            if (!std::all_of(weights.begin(), weights.end(), [](float w) { return std::isfinite(w); })) {
                bad += fmt::format("{}{}", bad.empty() ? "" : ", ", row);
                m_plan.rows[row] = zoo::Split::Unknown;
            }
        }
        if (!bad.empty())
            progress.note(fmt::format("left out networks with NaN or infinite weights: rows {}", bad));
        if (!m_plan.note.empty())
            progress.note(m_plan.note);
        m_trainingRows = rowsOf(zoo::Split::Training);
        if (m_trainingRows.empty())
            return fail(Errc::BadValue, fmt::format("{} has no usable network to train on", m_zoo.path.string()));
        m_validation = examplesOf(zoo::Split::Validation);
        m_ood = examplesOf(zoo::Split::Ood);
        return {};
    }

    std::vector<std::size_t> rowsOf(zoo::Split split) const
    {
        std::vector<std::size_t> rows;
        for (std::size_t row = 0; row < m_plan.rows.size(); ++row)
            if (m_plan.rows[row] == split)
                rows.push_back(row);
        return rows;
    }

    /// A fixed sample, so that losses of different steps can be compared.
    std::vector<Example> examplesOf(zoo::Split split) const
    {
        std::vector<Example> examples;
        const auto rows = rowsOf(split);
        const std::size_t sequences = m_zoo.rollouts->shape().sequences;
        if (rows.empty())
            return examples;
        const std::size_t count = std::min(rows.size() * sequences, std::max(rows.size(), kEvaluationExamples));
        for (std::size_t i = 0; i < count; ++i)
            examples.push_back({rows[i % rows.size()], (i / rows.size()) % sequences});
        return examples;
    }

    std::vector<Example> draw()
    {
        std::uniform_int_distribution<std::size_t> row(0, m_trainingRows.size() - 1);
        std::uniform_int_distribution<std::size_t> sequence(0, m_zoo.rollouts->shape().sequences - 1);
        std::vector<Example> examples(m_options.batch);
        for (Example& example : examples)
            example = {m_trainingRows[row(m_random)], sequence(m_random)};
        return examples;
    }

    at::Tensor batchLoss(const TrainingBatch& batch)
    {
        at::Tensor parameters = batch.parameters.to(m_device);
        if (m_options.permutationAugmentation)
            parameters
                = permuteHiddenUnits(parameters, m_zoo.architecture, randomPermutations(m_zoo.architecture, m_random));
        at::Tensor embedding = m_encoder->forward(parameters, m_zoo.architecture);
        if (m_options.config.normalize)
            embedding = normalized(embedding);
        const at::Tensor emulated = m_emulator->forward(embedding, batch.inputs.to(m_device));
        return losses(Criterion::TotalVariation, emulated, batch.logits.to(m_device)).mean();
    }

    Result<void> advance(std::size_t step)
    {
        const auto batch = readBatch(m_zoo, draw());
        if (!batch)
            return forward(batch);
        const double share = static_cast<double>(step) / static_cast<double>(m_options.steps);
        const double rate = m_options.learningRate + share * (m_options.finalLearningRate - m_options.learningRate);
        for (auto& group : m_optimizer->param_groups())
            static_cast<torch::optim::AdamWOptions&>(group.options()).lr(rate);
        m_optimizer->zero_grad();
        const at::Tensor loss = batchLoss(*batch);
        const double value = loss.item<double>();
        if (!std::isfinite(value))
            return fail(Errc::BadValue, fmt::format("the training loss is not finite at step {}", step + 1));
        loss.backward();
        torch::nn::utils::clip_grad_norm_(m_emulator->parameters(), m_options.gradientClip);
        torch::nn::utils::clip_grad_norm_(m_encoder->parameters(), m_options.gradientClip);
        m_optimizer->step();
        m_lossSum += value;
        ++m_lossCount;
        return {};
    }

    Result<double> meanLoss(std::span<const Example> examples, const std::stop_token& stop)
    {
        const at::NoGradGuard noGrad;
        double sum = 0.0;
        for (std::size_t first = 0; first < examples.size(); first += m_options.batch) {
            if (stop.stop_requested())
                return cancelled("training");
            const std::size_t count = std::min(m_options.batch, examples.size() - first);
            const auto batch = readBatch(m_zoo, examples.subspan(first, count));
            if (!batch)
                return forward(batch);
            sum += batchLoss(*batch).item<double>() * static_cast<double>(count);
        }
        return examples.empty() ? kNotMeasured : sum / static_cast<double>(examples.size());
    }

    Result<void> evaluate(std::size_t step, Progress& progress, const std::stop_token& stop)
    {
        m_encoder->eval();
        m_emulator->eval();
        const auto validation = meanLoss(m_validation, stop);
        const auto ood = validation ? meanLoss(m_ood, stop) : validation;
        m_encoder->train();
        m_emulator->train();
        if (!ood)
            return forward(ood);
        const double training = m_lossSum / static_cast<double>(m_lossCount);
        m_lossSum = 0.0;
        m_lossCount = 0;
        m_record.step.push_back(static_cast<double>(step));
        m_record.trainLoss.push_back(training);
        m_record.validationLoss.push_back(*validation);
        m_record.oodLoss.push_back(*ood);
        progress.note(fmt::format("step {}: loss training {:.4f}, validation {:.4f}, OOD {:.4f}", step, training,
                                  *validation, *ood));
        const double judged = std::isfinite(*validation) ? *validation : training;
        if (m_bestEncoder.empty() || judged < m_bestLoss) {
            m_bestLoss = judged;
            m_bestStep = step;
            m_bestEncoder = saveState(*m_encoder);
            m_bestEmulator = saveState(*m_emulator);
        }
        return {};
    }

    Result<zoo::Checkpoint> finish(Progress& progress, const std::stop_token& stop)
    {
        zoo::Checkpoint checkpoint;
        checkpoint.config = m_options.config;
        checkpoint.encoder = std::move(m_bestEncoder);
        checkpoint.emulator = std::move(m_bestEmulator);
        checkpoint.emulatorConfig = m_options.emulator;
        m_record.splits = m_plan.runs;
        checkpoint.training = m_record;
        auto fingerprint = zoo::fingerprint(m_zoo);
        if (!fingerprint)
            return forward(fingerprint);
        checkpoint.zooFingerprint = *fingerprint;
        checkpoint.provenance = provenance();
        auto embedding = embedAll(checkpoint, progress, stop);
        if (!embedding)
            return forward(embedding);
        checkpoint.referenceEmbedding = *embedding;
        const auto names = m_options.headProperties.empty() ? learnableProperties(m_zoo) : m_options.headProperties;
        auto heads = trainHeads(m_zoo, *embedding, m_plan.rows, names, progress, stop);
        if (!heads)
            return forward(heads);
        checkpoint.heads = std::move(*heads);
        return checkpoint;
    }

    Result<Matrix> embedAll(const zoo::Checkpoint& checkpoint, Progress& progress, const std::stop_token& stop)
    {
        auto encoder = TorchEncoder::make(checkpoint, m_device);
        if (!encoder)
            return forward(encoder);
        Matrix all(m_zoo.size, static_cast<std::size_t>(m_options.config.embeddingSize));
        const auto keep = [&](engine::EncodedBlock&& block) -> Result<void> {
            std::copy(block.embedding.values.begin(), block.embedding.values.end(), all.row(block.first).begin());
            return {};
        };
        if (auto done = (*encoder)->encode(m_zoo, {}, keep, progress, stop); !done)
            return forward(done);
        return all;
    }

    std::string provenance() const
    {
        const nlohmann::json json = {{"program", "rnnscope"},
                                     {"zoo", m_zoo.name},
                                     {"steps", m_options.steps},
                                     {"best_step", m_bestStep},
                                     {"batch", m_options.batch},
                                     {"learning_rate", m_options.learningRate},
                                     {"final_learning_rate", m_options.finalLearningRate},
                                     {"weight_decay", m_options.weightDecay},
                                     {"gradient_clip", m_options.gradientClip},
                                     {"permutation_augmentation", m_options.permutationAugmentation},
                                     {"seed", m_options.seed},
                                     {"split", m_plan.byRun ? "run" : "task"},
                                     {"split_note", m_plan.note}};
        return json.dump();
    }

    const zoo::Zoo& m_zoo;
    const engine::TrainOptions& m_options;
    c10::Device m_device;
    tasks::SplitPlan m_plan;
    std::mt19937_64 m_random;
    std::shared_ptr<EncoderModule> m_encoder;
    std::shared_ptr<Emulator> m_emulator;
    std::unique_ptr<torch::optim::AdamW> m_optimizer;
    std::vector<std::size_t> m_trainingRows;
    std::vector<Example> m_validation;
    std::vector<Example> m_ood;
    zoo::TrainingRecord m_record;
    double m_lossSum = 0.0;
    std::size_t m_lossCount = 0;
    double m_bestLoss = std::numeric_limits<double>::infinity();
    std::size_t m_bestStep = 0;
    zoo::State m_bestEncoder;
    zoo::State m_bestEmulator;
};

Result<void> checkOptions(const engine::TrainOptions& options)
{
    if (options.steps == 0 || options.batch == 0 || options.evaluateEvery == 0)
        return fail(Errc::BadValue, "steps, batch and the evaluation interval must be at least 1");
    if (!(options.learningRate > 0.0) || !(options.finalLearningRate >= 0.0) || !(options.weightDecay >= 0.0)
        || !(options.gradientClip > 0.0))
        return fail(Errc::BadValue, "learning rate and gradient clip must be positive, weight decay not negative");
    return {};
}

} // namespace

Result<zoo::Checkpoint> trainEncoder(const zoo::Zoo& zoo, const engine::TrainOptions& options, c10::Device device,
                                     Progress& progress, std::stop_token stop)
{
    if (auto usable = checkOptions(options); !usable)
        return forward(usable);
    if (auto trainable = checkTrainable(zoo); !trainable)
        return forward(trainable);
    if (auto fits = zoo::checkFits(options.config, zoo.architecture); !fits)
        return forward(fits);
    try {
        return Training(zoo, options, device, tasks::splitZoo(zoo)).run(progress, stop);
    } catch (const std::exception& error) {
        if (isOutOfMemory(error))
            return fail(Errc::Device,
                        fmt::format("there is not enough memory to train with {} networks a step, try a smaller batch",
                                    options.batch),
                        error.what());
        return fail(Errc::BadValue, "training failed: " + firstLine(error), error.what());
    }
}

} // namespace rnnscope::nn
