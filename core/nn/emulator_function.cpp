#include "core/nn/emulator_function.h"

#include "core/nn/lstm_tape.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/addmm.h>
#include <ATen/ops/addmv.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/mv.h>
#include <ATen/ops/outer.h>
#include <torch/csrc/autograd/custom_function.h>

#include <stdexcept>

namespace rnnscope::nn {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr std::size_t kTensorsOfLayer = 4;

/// What the backward pass needs of the forward pass.
struct EmulatorRecord : torch::CustomClassHolder
{
    EmulatorInput input;
    std::shared_ptr<BufferPool> pool;
    std::vector<LstmTape> layers; ///< none after the backward pass

    std::int64_t networks() const { return input.inputs.size(0); }
    std::int64_t steps() const { return input.inputs.size(1); }
    std::int64_t hidden() const { return input.embedding.size(1); }
};

std::vector<LstmTape> makeTapes(const EmulatorRecord& record, const at::Tensor& firstWeight,
                                const at::Tensor& firstBias)
{
    const EmulatorInput& input = record.input;
    std::vector<LstmTape> layers;
    for (std::size_t i = 0; i < input.lstm.size(); i += kTensorsOfLayer) {
        const bool first = i == 0;
        const at::Tensor weight = first ? firstWeight : input.lstm[i];
        const at::Tensor bias = first ? firstBias : input.lstm[i + 2] + input.lstm[i + 3];
        const LstmTapeShape shape {.steps = record.steps(),
                                   .rows = record.networks(),
                                   .inputs = weight.size(1),
                                   .hidden = record.hidden(),
                                   .inputGradients = !first};
        layers.emplace_back(shape,
                            LstmTape::Weights {weight.unsqueeze(0), input.lstm[i + 1].unsqueeze(0), bias.unsqueeze(0)},
                            *record.pool);
    }
    return layers;
}

at::Tensor runForward(EmulatorRecord& record)
{
    const EmulatorInput& input = record.input;
    const at::Tensor& weight = input.lstm[0];
    const at::Tensor bias = at::addmv(input.lstm[2] + input.lstm[3], weight, input.projectionBias);
    const at::Tensor start = at::addmm(bias, input.embedding, weight.t());
    record.layers = makeTapes(record, at::mm(weight, input.projectionWeight), bias);
    record.layers.front().inputs().copy_(input.inputs.transpose(0, 1));
    const at::Tensor hidden = record.pool->take({record.networks(), record.steps(), record.hidden()});
    for (std::int64_t step = 0; step < record.steps(); ++step)
        for (std::size_t l = 0; l < record.layers.size(); ++l) {
            const bool last = l + 1 == record.layers.size();
            const Rows out = last ? Rows {hidden.data_ptr<float>() + step * hidden.stride(1), hidden.stride(0)}
                                  : record.layers[l + 1].input(step);
            const bool conditioned = l == 0 && (step == 0 || !input.onlyFirstStep);
            record.layers[l].forward(step, {out}, conditioned ? start : at::Tensor());
        }
    return hidden;
}

void runBackward(EmulatorRecord& record, const at::Tensor& gradient)
{
    for (std::int64_t step = record.steps(); step-- > 0;) {
        Rows output {gradient.data_ptr<float>() + step * gradient.stride(1), gradient.stride(0)};
        for (std::size_t l = record.layers.size(); l-- > 0;) {
            record.layers[l].backward(step, output);
            output = record.layers[l].inputGradient();
        }
    }
}

/// In the order of EmulatorFunction::forward's tensors.
variable_list gradients(const EmulatorRecord& record)
{
    const EmulatorInput& input = record.input;
    const at::Tensor& weight = input.lstm[0];
    const LstmTape& first = record.layers.front();
    const LstmTape::Weights ofFirst = first.gradients(*record.pool);
    const at::Tensor start = input.onlyFirstStep ? first.gateGradients()[0] : first.gateGradients().sum(0);
    const at::Tensor firstWeight = at::mm(ofFirst.input, input.projectionWeight.t())
                                       .addr_(ofFirst.bias, input.projectionBias)
                                       .addmm_(start.t(), input.embedding);
    variable_list all {at::mm(start, weight), at::mm(weight.t(), ofFirst.input), at::mv(weight.t(), ofFirst.bias)};
    for (std::size_t l = 0; l < record.layers.size(); ++l) {
        const LstmTape::Weights of = l == 0 ? ofFirst : record.layers[l].gradients(*record.pool);
        all.insert(all.end(), {l == 0 ? firstWeight : of.input, of.hidden, of.bias, of.bias});
    }
    return all;
}

struct EmulatorFunction : torch::autograd::Function<EmulatorFunction>
{
    static at::Tensor forward(AutogradContext* context, const EmulatorInput& input,
                              const std::shared_ptr<BufferPool>& pool, at::TensorList /*tensors*/)
    {
        auto record = c10::make_intrusive<EmulatorRecord>();
        record->input = input;
        record->pool = pool;
        for (at::Tensor* tensor : {&record->input.inputs, &record->input.embedding, &record->input.projectionWeight,
                                   &record->input.projectionBias})
            *tensor = tensor->detach(); // the record must not keep the graph that keeps the record
        for (at::Tensor& tensor : record->input.lstm)
            tensor = tensor.detach();
        at::Tensor hidden = runForward(*record);
        context->saved_data["record"] = c10::IValue::make_capsule(std::move(record));
        return hidden;
    }

    static variable_list backward(AutogradContext* context, const variable_list& outputs)
    {
        const auto capsule = context->saved_data["record"].toCapsule();
        auto& record = static_cast<EmulatorRecord&>(*capsule);
        if (record.layers.empty())
            throw std::logic_error("the emulator's graph can be run backwards once");
        runBackward(record, outputs[0].contiguous());
        variable_list all {at::Tensor(), at::Tensor()}; // of the two arguments before the tensors
        const variable_list ofTensors = gradients(record);
        record.layers.clear();
        all.insert(all.end(), ofTensors.begin(), ofTensors.end());
        return all;
    }
};

std::vector<at::Tensor> differentiable(const EmulatorInput& input)
{
    std::vector<at::Tensor> tensors {input.embedding, input.projectionWeight, input.projectionBias};
    tensors.insert(tensors.end(), input.lstm.begin(), input.lstm.end());
    return tensors;
}

} // namespace

bool canEmulateFused(const EmulatorInput& input)
{
    const auto plain = [](const at::Tensor& tensor) { return tensor.is_cpu() && tensor.scalar_type() == at::kFloat; };
    const std::vector<at::Tensor> tensors = differentiable(input);
    return at::GradMode::is_enabled() && plain(input.inputs) && !input.inputs.requires_grad()
        && input.inputs.numel() > 0 && std::all_of(tensors.begin(), tensors.end(), plain);
}

at::Tensor emulatedHidden(const EmulatorInput& input, const std::shared_ptr<BufferPool>& pool)
{
    const std::vector<at::Tensor> tensors = differentiable(input);
    return EmulatorFunction::apply(input, pool, at::TensorList(tensors)); // of a vector it would see no gradients
}

} // namespace rnnscope::nn
