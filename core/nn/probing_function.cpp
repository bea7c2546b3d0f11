#include "core/nn/probing_function.h"

#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <optional>
#include <stdexcept>

namespace rnnscope::nn {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

struct ProbingRecord : torch::CustomClassHolder
{
    ProbingRecord(ProbingTape made, std::shared_ptr<BufferPool> buffers)
        : tape(std::move(made))
        , pool(std::move(buffers))
    {
    }

    std::optional<ProbingTape> tape; ///< none after the backward pass
    std::shared_ptr<BufferPool> pool;
};

/// Without their graphs: the record must not keep the graph that keeps the record.
ProbingWeights detached(ProbingWeights weights)
{
    for (at::Tensor* tensor : {&weights.bos, &weights.eos, &weights.probes, &weights.encodings})
        if (tensor->defined())
            *tensor = tensor->detach();
    for (auto* tensors : {&weights.core, &weights.answers, &weights.up, &weights.decoder})
        for (at::Tensor& tensor : *tensors)
            tensor = tensor.detach();
    return weights;
}

struct ProbingFunction : torch::autograd::Function<ProbingFunction>
{
    static at::Tensor forward(AutogradContext* context, const zoo::EncoderConfig& config, const ProbingWeights& weights,
                              const zoo::Architecture& rnn, const std::shared_ptr<at::Tensor>& parameters,
                              const std::shared_ptr<BufferPool>& pool, at::TensorList /*tensors*/)
    {
        auto record = c10::make_intrusive<ProbingRecord>(
            ProbingTape(config, detached(weights), rnn, *parameters, true, *pool), pool);
        at::Tensor output = record->tape->forward().detach(); // else output, graph and record would keep each other
        context->saved_data["record"] = c10::IValue::make_capsule(std::move(record));
        return output;
    }

    static variable_list backward(AutogradContext* context, const variable_list& outputs)
    {
        const auto capsule = context->saved_data["record"].toCapsule();
        auto& record = static_cast<ProbingRecord&>(*capsule);
        if (!record.tape)
            throw std::logic_error("the probing encoder's graph can be run backwards once");
        variable_list all(5); // of the arguments before the tensors
        const variable_list ofTensors = record.tape->backward(outputs[0].contiguous(), *record.pool);
        record.tape.reset();
        all.insert(all.end(), ofTensors.begin(), ofTensors.end());
        return all;
    }
};

} // namespace

bool canProbeFused(const zoo::EncoderConfig& config, const ProbingWeights& weights, const zoo::Architecture& rnn,
                   const at::Tensor& parameters)
{
    const auto plain = [](const at::Tensor& tensor) { return tensor.is_cpu() && tensor.scalar_type() == at::kFloat; };
    const std::vector<at::Tensor> tensors = weights.all();
    return config.coreCell == zoo::Cell::Lstm && rnn.cell == zoo::Cell::Lstm && plain(parameters)
        && !parameters.requires_grad() && parameters.size(0) > 0 && config.probingLength > 0
        && std::all_of(tensors.begin(), tensors.end(), plain);
}

at::Tensor probedCoreOutput(const zoo::EncoderConfig& config, const ProbingWeights& weights,
                            const zoo::Architecture& rnn, const at::Tensor& parameters,
                            const std::shared_ptr<BufferPool>& pool)
{
    if (!at::GradMode::is_enabled())
        return ProbingTape(config, weights, rnn, parameters, false, *pool).forward();
    const std::vector<at::Tensor> tensors = weights.all();
    return ProbingFunction::apply(config, weights, rnn, std::make_shared<at::Tensor>(parameters), pool,
                                  at::TensorList(tensors));
}

} // namespace rnnscope::nn
