#pragma once

#include "core/nn/training_data.h"

#include <torch/nn/module.h>

#include <memory>
#include <string>
#include <vector>

namespace rnnscope::nn {

/// A part of a model whose gradient is clipped by itself.
struct TrainedPart
{
    std::string name; ///< "emulator", "encoder", …: begins the names of its moments in a checkpoint
    std::shared_ptr<torch::nn::Module> module;
};

/// What a training step minimises, and the modules it changes.
class Objective
{
public:
    virtual ~Objective();
    const std::vector<TrainedPart>& parts() const { return m_parts; }
    virtual Reads reads() const = 0;
    /// Loss of every example, [B], with a graph unless gradients are off. The batch lies on the modules' device. Called
    /// on several threads at once.
    virtual at::Tensor losses(const TrainingBatch& batch) = 0;
    /// Why the loss of `batch` is not finite: "the embedding of network 7 is not finite", without gradients.
    virtual std::string whatIsNotFinite(const TrainingBatch& batch) = 0;

protected:
    explicit Objective(std::vector<TrainedPart> parts);
    /// "the encoder's weights are not finite", or empty.
    std::string badPart() const;

private:
    std::vector<TrainedPart> m_parts;
};

/// Index of the first row of `values` [B, …] that is not finite; -1 when all are.
std::int64_t firstBadRow(const at::Tensor& values);

} // namespace rnnscope::nn
