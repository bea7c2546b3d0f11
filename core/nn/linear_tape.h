#pragma once

#include "core/nn/lstm_tape.h"

namespace rnnscope::nn {

enum class Activation { None, Relu, Sigmoid, Softmax };

struct LinearTapeShape
{
    std::int64_t groups = 1; ///< each with its own weights
    Activation activation = Activation::None;
    bool backward = true; ///< backward() will be called
};

/// All steps of a linear layer and its activation, recorded as LstmTape does.
class LinearTape
{
public:
    /// Of one group: [out, in], [out]
    struct Gradients
    {
        at::Tensor weight;
        at::Tensor bias;
    };

    /// `weight` [groups, out, in], `bias` [groups, out]. `inputs` [steps, rows, in] and `outputs` [steps, rows, out]
    /// are views with rows without gaps inside: those of the layers before and behind.
    LinearTape(const LinearTapeShape& shape, const at::Tensor& weight, const at::Tensor& bias, at::Tensor inputs,
               at::Tensor outputs, BufferPool& pool);

    void forward(std::int64_t step);
    /// `output`: gradient of the step's outputs -> that of its inputs, [rows, in], until the next call.
    Rows backward(std::int64_t step, const Rows& output);
    /// After all steps' backward(), for one group.
    Gradients gradients() const;

private:
    void activate(std::int64_t step) const;
    void differentiate(std::int64_t step, const Rows& output) const;
    static Rows rowsOf(const at::Tensor& recorded, std::int64_t step);

    LinearTapeShape m_shape;
    std::int64_t m_in;
    std::int64_t m_out;
    at::Tensor m_bias;
    at::Tensor m_inputs;
    at::Tensor m_outputs;
    std::vector<rnn::PackedMatrix> m_forward; ///< [in, out] a group
    std::vector<rnn::PackedMatrix> m_backward; ///< [out, in] a group
    at::Tensor m_sumGradients; ///< [steps, rows, out], before the activation
    at::Tensor m_inputGradient; ///< [rows, in]
};

} // namespace rnnscope::nn
