#include "core/nn/training_data.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace rnnscope::nn {

namespace {

Result<void> checkTokens(const zoo::Zoo& zoo, std::span<const float> tokens)
{
    const auto symbols = static_cast<float>(zoo.architecture.inputSize);
    for (const float token : tokens)
        if (!(token >= 0.0F) || token >= symbols)
            return fail(Errc::BadValue,
                        fmt::format("the roll-outs of {} have token {}, expected 0 to {}", zoo.path.string(), token,
                                    symbols - 1.0F));
    return {};
}

/// Inputs of example `i` as they go into `batch`: tokens one-hot, and what comes after each of them.
Result<void> setInputs(const zoo::Zoo& zoo, std::span<const float> read, std::size_t i, TrainingBatch& batch)
{
    const auto steps = static_cast<std::size_t>(batch.inputs.size(1));
    const auto features = static_cast<std::size_t>(batch.inputs.size(2));
    float* const inputs = batch.inputs.data_ptr<float>() + i * steps * features;
    if (!zoo.rollouts->shape().tokens()) {
        std::copy_n(read.begin(), steps * features, inputs);
        return {};
    }
    if (auto known = checkTokens(zoo, read); !known)
        return known;
    for (std::size_t t = 0; t < steps; ++t)
        inputs[t * features + static_cast<std::size_t>(read[t])] = 1.0F;
    if (batch.nextTokens.defined())
        std::copy_n(read.begin() + 1, steps, batch.nextTokens.data_ptr<std::int64_t>() + i * steps);
    return {};
}

Result<void> readParameters(const zoo::Zoo& zoo, TrainingBatch& batch)
{
    const auto columns = zoo.architecture.parameterCount();
    batch.parameters = at::empty({batch.size(), static_cast<std::int64_t>(columns)});
    auto* weights = batch.parameters.data_ptr<float>();
    for (std::size_t i = 0; i < batch.examples.size(); ++i)
        if (auto read = zoo.parameters->read(batch.examples[i].row, 1, {weights + i * columns, columns}); !read)
            return read;
    return {};
}

/// Adds the roll-outs of batch.examples.
Result<void> readRollouts(const zoo::Zoo& zoo, TrainingBatch& batch)
{
    const zoo::RolloutShape shape = zoo.rollouts->shape();
    const auto steps = static_cast<std::int64_t>(shape.logitSteps);
    batch.inputs = at::zeros({batch.size(), steps, zoo.architecture.inputSize});
    batch.logits = at::empty({batch.size(), steps, zoo.architecture.outputSize});
    if (shape.tokens() && shape.inputSteps > shape.logitSteps)
        batch.nextTokens = at::empty({batch.size(), steps}, at::TensorOptions(at::kLong));
    std::vector<float> inputs(shape.inputValues());
    for (std::size_t i = 0; i < batch.examples.size(); ++i) {
        const auto [row, sequence] = batch.examples[i];
        const std::span<float> logits {batch.logits.data_ptr<float>() + i * shape.logitValues(), shape.logitValues()};
        if (auto read = zoo.rollouts->readLogits(row, sequence, 1, logits); !read)
            return read;
        if (auto read = zoo.rollouts->readInputs(row, sequence, 1, inputs); !read)
            return read;
        if (auto set = setInputs(zoo, inputs, i, batch); !set)
            return set;
    }
    return {};
}

} // namespace

Result<void> checkTrainable(const zoo::Zoo& zoo)
{
    if (!zoo.rollouts)
        return fail(Errc::NotFound,
                    fmt::format("{} has no roll-outs; training an encoder needs recorded sequences and logits",
                                zoo.path.string()));
    const zoo::RolloutShape shape = zoo.rollouts->shape();
    const auto size = [](int value) { return static_cast<std::size_t>(value); };
    const bool inputsFit = shape.tokens() || shape.inputSize == size(zoo.architecture.inputSize);
    if (shape.sequences == 0 || shape.logitSteps == 0 || shape.logitSteps > shape.inputSteps || !inputsFit
        || shape.outputSize != size(zoo.architecture.outputSize))
        return fail(Errc::ShapeMismatch,
                    fmt::format("the roll-outs of {} do not fit its networks: {} sequences of {} steps and {} inputs "
                                "with logits of {} steps and {} outputs, the networks are {}",
                                zoo.path.string(), shape.sequences, shape.inputSteps, shape.inputSize, shape.logitSteps,
                                shape.outputSize, zoo.architecture.description()));
    return {};
}

Result<TrainingBatch> readBatch(const zoo::Zoo& zoo, std::span<const Example> examples, Reads reads)
{
    TrainingBatch batch;
    batch.examples.assign(examples.begin(), examples.end());
    if (reads != Reads::Rollouts)
        if (auto read = readParameters(zoo, batch); !read)
            return forward(read);
    if (reads != Reads::Networks)
        if (auto read = readRollouts(zoo, batch); !read)
            return forward(read);
    return batch;
}

TrainingBatch TrainingBatch::narrow(std::int64_t first, std::int64_t count) const
{
    const auto part
        = [&](const at::Tensor& tensor) { return tensor.defined() ? tensor.narrow(0, first, count) : tensor; };
    const auto begin = examples.begin() + first;
    return {{begin, begin + count}, part(parameters), part(inputs), part(logits), part(nextTokens)};
}

TrainingBatch TrainingBatch::to(c10::Device device) const
{
    const auto moved = [&](const at::Tensor& tensor) { return tensor.defined() ? tensor.to(device) : tensor; };
    return {examples, moved(parameters), moved(inputs), moved(logits), moved(nextTokens)};
}

} // namespace rnnscope::nn
