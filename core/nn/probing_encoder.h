#pragma once

#include "core/nn/buffer_pool.h"
#include "core/nn/core_cell.h"
#include "core/nn/mlp.h"
#include "core/nn/module.h"

#include <vector>

namespace rnnscope::nn {

/// Interactive and non-interactive probing: a core RNN asks the networks questions and reads their answers.
/// Herrmann et al. 2024, section 4; reference README 1 to 12.
class ProbingEncoder : public EncoderModule
{
public:
    explicit ProbingEncoder(const zoo::EncoderConfig& config);
    torch::Tensor forward(const torch::Tensor& parameters, const zoo::Architecture& rnn, ProbingTrace* trace) override;
    std::size_t bytesPerNetwork(const zoo::Architecture& rnn) const override;
    void releaseBuffers() override { m_pool->clear(); }

private:
    struct Core; ///< state of the core's layers

    /// The core's last output [N, core].
    torch::Tensor rollOut(const torch::Tensor& parameters, const zoo::Architecture& rnn, const torch::Tensor& fixed,
                          ProbingTrace* trace);
    /// The same, recorded for a backward pass of our own; undefined where it cannot be.
    torch::Tensor fused(const torch::Tensor& parameters, const zoo::Architecture& rnn, const torch::Tensor& fixed);
    /// `input` [N, core] -> the core's output [N, core]
    torch::Tensor stepCore(const torch::Tensor& input, Core& core) const;
    /// Probe encodings before proj_up, [..., core] -> probes [..., Q, I]
    torch::Tensor probes(const torch::Tensor& encoding);
    torch::Tensor probeAt(std::int64_t step, const torch::Tensor& coreOutput, const torch::Tensor& fixed);
    /// Probes of every step, [T, Q, I], when they do not depend on the networks; else undefined.
    torch::Tensor fixedProbes();

    zoo::EncoderConfig m_config;
    torch::Tensor m_bos; ///< [1, core]
    torch::Tensor m_eos; ///< [1, core]
    torch::Tensor m_probingEncodings; ///< [T + 1, core]; the last row is unused
    std::vector<std::shared_ptr<CoreCell>> m_cells;
    std::shared_ptr<Mlp> m_outputTransform; ///< answers -> core input
    std::shared_ptr<Mlp> m_projUp;
    std::shared_ptr<Mlp> m_inputDecoder;
    std::shared_ptr<Mlp> m_embeddingTransform;
    std::shared_ptr<BufferPool> m_pool = std::make_shared<BufferPool>();
};

} // namespace rnnscope::nn
