#pragma once

#include "core/nn/linear_tape.h"
#include "core/nn/lstm_tape.h"
#include "core/zoo/architecture.h"
#include "core/zoo/encoder_config.h"

#include <optional>

namespace rnnscope::nn {

/// A probing encoder's learned tensors, named as in its state.
struct ProbingWeights
{
    at::Tensor bos; ///< [1, core]
    at::Tensor eos; ///< [1, core]
    std::vector<at::Tensor> core; ///< weight_ih, weight_hh, bias_ih, bias_hh of every layer
    std::vector<at::Tensor> answers; ///< weight and bias of probing_output_transform
    at::Tensor probes; ///< [T, Q, I] if the probes do not depend on the networks; then the rest is empty
    at::Tensor encodings; ///< probing_encodings, [T + 1, core]
    std::vector<at::Tensor> up; ///< weight and bias of proj_up
    std::vector<at::Tensor> decoder; ///< weights and biases of probing_input_decoder

    /// All that are there, in this order.
    std::vector<at::Tensor> all() const;
};

/// N networks of LSTMs with their own weights, answering Q sequences each, recorded.
class ProbedTape
{
public:
    ProbedTape(const zoo::Architecture& rnn, const at::Tensor& parameters, std::int64_t steps, std::int64_t sequences,
               const at::Tensor& answers, bool backward, BufferPool& pool);
    /// Probes of all steps, [T, N Q, I], a view to be filled in.
    at::Tensor inputs() const { return m_layers.front().inputs(); }
    void forward(std::int64_t step);
    /// `answers`: their gradient -> that of the probes, [N Q, I]
    Rows backward(std::int64_t step, const Rows& answers);

private:
    std::vector<LstmTape> m_layers;
    at::Tensor m_hidden; ///< [T, N Q, H], of the last layer
    std::vector<LinearTape> m_readOut; ///< one
};

/// The whole roll-out of a probing encoder with an LSTM core and LSTM networks, recorded for a backward pass of our own
/// where one will be asked for.
class ProbingTape
{
public:
    ProbingTape(const zoo::EncoderConfig& config, const ProbingWeights& weights, const zoo::Architecture& rnn,
                const at::Tensor& parameters, bool backward, BufferPool& pool);
    /// -> the core's last output, [N, core]
    at::Tensor forward();
    /// `output` [N, core], the gradient of that -> of ProbingWeights::all()
    std::vector<at::Tensor> backward(const at::Tensor& output, BufferPool& pool);

private:
    void makeCore(BufferPool& pool);
    void makeDecoder(BufferPool& pool);
    at::Tensor coreInputs(std::int64_t first, std::int64_t count) const;
    void stepCore(std::int64_t step);
    void probe(std::int64_t step);
    Rows backCore(std::int64_t step, Rows output);
    /// Gradient of the probes -> of the core's output before them; none if they do not depend on it.
    Rows backProbe(std::int64_t step, Rows probes);
    std::vector<at::Tensor> gradients(BufferPool& pool) const;

    zoo::EncoderConfig m_config;
    ProbingWeights m_weights;
    std::int64_t m_networks;
    std::int64_t m_steps;
    bool m_backward; ///< may be called
    std::vector<LstmTape> m_core;
    std::vector<LinearTape> m_answers; ///< one
    std::vector<LinearTape> m_decoder; ///< proj_up and the decoder's layers
    std::optional<ProbedTape> m_probed;
    at::Tensor m_coreOutput; ///< [N, core], of the last step
    at::Tensor m_answerValues; ///< [T, N, Q O]
    at::Tensor m_encodings; ///< [T, N, core]
    at::Tensor m_bosGradient;
    at::Tensor m_eosGradient;
    at::Tensor m_rowGradients; ///< [T + 1, core] of the learned encodings, or [T, Q, I] of the probes
};

} // namespace rnnscope::nn
