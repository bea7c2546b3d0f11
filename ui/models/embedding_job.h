#pragma once

#include "ui/jobs/job.h"
#include "ui/models/compute_state.h"
#include "ui/models/session.h"

#include <functional>
#include <memory>
#include <vector>

namespace rnnscope::ui {

struct EmbeddingTask
{
    std::vector<Member> members; ///< at least one; those without a part are embedded
    std::shared_ptr<const zoo::Checkpoint> checkpoint;
    /// Called on the compute thread with what there is so far, at most about ten times a second.
    std::function<void(std::shared_ptr<const EmbeddedZoo>)> publish;
    /// Called on the compute thread with every zoo that has become complete, alone.
    std::function<void(std::shared_ptr<const EmbeddedZoo>)> keep;
    std::function<void(const engine::DeviceInfo&)> device; ///< called on the compute thread
};

/// Embeds the members that are not, predicts, then puts all on one map. On the compute thread.
Result<std::shared_ptr<const EmbeddedZoo>> embed(const EmbeddingTask& task, ComputeState& state, JobContext& context);

/// Probes and answers of one network.
Result<std::shared_ptr<engine::Traces>> trace(const zoo::Zoo& zoo, engine::Encoder& encoder, std::size_t row,
                                              JobContext& context);

} // namespace rnnscope::ui
