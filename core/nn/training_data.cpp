#include "core/nn/training_data.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace rnnscope::nn {

namespace {

/// Token ids [T] -> one-hot rows [steps, I] in `out`, which is zero.
Result<void> oneHot(const zoo::Zoo& zoo, std::span<const float> tokens, std::size_t steps, float* out)
{
    const auto symbols = static_cast<std::size_t>(zoo.architecture.inputSize);
    for (std::size_t t = 0; t < steps; ++t) {
        const float token = tokens[t];
        if (!(token >= 0.0F) || token >= static_cast<float>(symbols))
            return fail(Errc::BadValue,
                        fmt::format("the roll-outs of {} have token {}, expected 0 to {}", zoo.path.string(), token,
                                    symbols - 1));
        out[t * symbols + static_cast<std::size_t>(token)] = 1.0F;
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

Result<TrainingBatch> readBatch(const zoo::Zoo& zoo, std::span<const Example> examples)
{
    const zoo::RolloutShape shape = zoo.rollouts->shape();
    const auto n = static_cast<std::int64_t>(examples.size());
    const auto steps = static_cast<std::int64_t>(shape.logitSteps);
    const auto columns = zoo.architecture.parameterCount();
    const std::int64_t features = zoo.architecture.inputSize;
    const std::int64_t outputs = zoo.architecture.outputSize;
    TrainingBatch batch {at::empty({n, static_cast<std::int64_t>(columns)}), at::zeros({n, steps, features}),
                         at::empty({n, steps, outputs})};
    std::vector<float> inputs(shape.inputValues());
    for (std::size_t i = 0; i < examples.size(); ++i) {
        const auto [row, sequence] = examples[i];
        const std::span<float> weights {batch.parameters.data_ptr<float>() + i * columns, columns};
        if (auto read = zoo.parameters->read(row, 1, weights); !read)
            return forward(read);
        const std::span<float> logits {batch.logits.data_ptr<float>() + i * shape.logitValues(), shape.logitValues()};
        if (auto read = zoo.rollouts->readLogits(row, sequence, 1, logits); !read)
            return forward(read);
        if (auto read = zoo.rollouts->readInputs(row, sequence, 1, inputs); !read)
            return forward(read);
        const auto stride = static_cast<std::size_t>(steps * features);
        float* target = batch.inputs.data_ptr<float>() + i * stride;
        if (shape.tokens()) {
            if (auto filled = oneHot(zoo, inputs, shape.logitSteps, target); !filled)
                return forward(filled);
        } else {
            std::copy_n(inputs.begin(), stride, target);
        }
    }
    return batch;
}

} // namespace rnnscope::nn
