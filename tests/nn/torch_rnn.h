#pragma once

#include "core/zoo/architecture.h"

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/rnn.h>

#include <functional>
#include <vector>

namespace rnnscope::test {

/// One network as torch's own modules make it.
class TorchRnn
{
public:
    /// `row` [P]; the modules compute in its type.
    TorchRnn(const zoo::Architecture& rnn, const at::Tensor& row)
        : m_readOut(rnn.hiddenSize, rnn.outputSize)
    {
        if (rnn.cell == zoo::Cell::Lstm)
            use(torch::nn::LSTM(options<torch::nn::LSTMOptions>(rnn)));
        else if (rnn.cell == zoo::Cell::Gru)
            use(torch::nn::GRU(options<torch::nn::GRUOptions>(rnn)));
        else if (rnn.cell == zoo::Cell::RnnTanh)
            use(torch::nn::RNN(options<torch::nn::RNNOptions>(rnn).nonlinearity(torch::kTanh)));
        else
            use(torch::nn::RNN(options<torch::nn::RNNOptions>(rnn).nonlinearity(torch::kReLU)));
        for (torch::nn::Module* module : {m_recurrent.get(), static_cast<torch::nn::Module*>(m_readOut.get())})
            module->to(row.scalar_type());
        fill(row);
    }

    /// [Q, T, I] -> [Q, T, O]
    at::Tensor forward(const at::Tensor& inputs) { return m_readOut(m_run(inputs)); }

    /// In the order of a flat parameter vector.
    std::vector<at::Tensor> parameters() const
    {
        std::vector<at::Tensor> all = m_recurrent->parameters();
        all.push_back(m_readOut->weight);
        all.push_back(m_readOut->bias);
        return all;
    }

private:
    template <typename Options>
    static Options options(const zoo::Architecture& rnn)
    {
        Options made(rnn.inputSize, rnn.hiddenSize);
        made.num_layers(rnn.numLayers).bias(rnn.bias).batch_first(true);
        return made;
    }

    template <typename Holder>
    void use(Holder recurrent)
    {
        m_recurrent = recurrent.ptr();
        m_run = [recurrent](const at::Tensor& inputs) mutable { return std::get<0>(recurrent->forward(inputs)); };
    }

    void fill(const at::Tensor& row)
    {
        const at::NoGradGuard frozen;
        std::int64_t offset = 0;
        for (const at::Tensor& target : parameters()) {
            target.copy_(row.narrow(0, offset, target.numel()).view(target.sizes()));
            offset += target.numel();
        }
        TORCH_CHECK(offset == row.numel(), "the row has ", row.numel(), " parameters, the modules ", offset);
    }

    std::shared_ptr<torch::nn::Module> m_recurrent;
    std::function<at::Tensor(const at::Tensor&)> m_run;
    torch::nn::Linear m_readOut;
};

} // namespace rnnscope::test
