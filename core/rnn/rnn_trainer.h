#pragma once

#include "core/rnn/kernels.h"
#include "core/rnn/prefix_batch.h"
#include "core/rnn/rnn.h"

#include <memory>
#include <span>

namespace rnnscope::rnn {

/// Decoupled weight decay: Loshchilov, Hutter 2019. Defaults are PyTorch's.
struct AdamW
{
    float learningRate = 1e-3F;
    float weightDecay = 0.01F;
    float beta1 = 0.9F;
    float beta2 = 0.999F;
    float epsilon = 1e-8F;
};

/// One network learning on one core: weights, gradients and optimiser state stay in its cache. Backpropagation through
/// all steps of a batch, initial state zero. float32; the same batches give the same bits.
class RnnTrainer
{
public:
    /// `parameters` [P] in PyTorch's order, as Rnn takes them.
    RnnTrainer(const Shape& shape, std::span<const float> parameters, const Kernels& kernels = bestKernels());
    ~RnnTrainer();
    RnnTrainer(RnnTrainer&&) noexcept;
    RnnTrainer& operator=(RnnTrainer&&) noexcept;

    const Shape& shape() const;
    std::span<const float> parameters() const; ///< [P]
    /// Forward and backward; the parameters stay. Returns the loss (nat).
    double backward(const PrefixBatch& batch);
    std::span<const float> gradient() const; ///< [P], of the last backward() or update()
    /// backward() and a step of AdamW. Returns the loss before it (nat).
    double update(const PrefixBatch& batch, const AdamW& optimiser);
    /// Forward only: the loss (nat), and the logits [nodes, O] where they are wanted.
    double forward(const PrefixBatch& batch, std::span<float> logits = {});

    /// Floating-point operations in the matrix products of a backward(): 2 a multiply-add.
    static double productFlops(const Shape& shape, const PrefixBatch& batch);

private:
    class Work;
    std::unique_ptr<Work> m_work;
};

} // namespace rnnscope::rnn
