#pragma once

#include "core/evaluation/evaluation.h"
#include "core/zoo/checkpoint.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace rnnscope::evaluation {

/// One embedding of the zoo and what was learned from it: of a checkpoint, or of the weights as they are.
struct Subject
{
    std::string method; ///< the same for seeds of one method
    Matrix embedding; ///< [N, D]
    std::vector<zoo::Split> splits; ///< [N]; all Unknown for a zoo that the encoder was not trained on
    std::vector<zoo::Head> heads;
    std::vector<double> emulation; ///< [N] loss of each network, or empty
    std::string criterion; ///< of `emulation`
    std::optional<zoo::ConstantBaseline> constant;

    bool unseen() const; ///< no network has a split
};

/// The rows of one part; `splits` as in Subject.
std::vector<std::size_t> rowsOf(const std::vector<zoo::Split>& splits, Part part);

/// Everything that making subjects needs, and what goes on while they are made.
struct Workshop
{
    engine::Engine& engine;
    std::shared_ptr<const zoo::Zoo> zoo;
    const EvaluationOptions& options;
    Progress& progress;
    std::stop_token stop;
    std::vector<std::string>& notes;
};

/// One subject per checkpoint, in their order.
Result<std::vector<Subject>> encoderSubjects(Workshop& workshop, const Checkpoints& checkpoints);

/// Raw statistics and principal components of the weights, split as `splits`.
Result<std::vector<Subject>> rawSubjects(Workshop& workshop, const std::vector<zoo::Split>& splits);

} // namespace rnnscope::evaluation
