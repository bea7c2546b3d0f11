#pragma once

#include "core/evaluation/numbers.h"
#include "core/zoo/property.h"

#include <vector>

namespace rnnscope::evaluation {

/// What running the networks themselves says: properties measured now, NaN for networks that were not run. Formal
/// languages: accuracy and ordered_accuracy of sampled strings. Sequential MNIST, with the digits: accuracy,
/// train_loss, eval_loss and generalization_gap. Empty, with a note, when the zoo is neither or the digits are missing.
Result<std::vector<zoo::Property>> measure(Workshop& workshop);

/// Heads, and what the zoo has recorded, against measured values. The mean of what was measured comes first.
std::vector<Number> recordedNumbers(const zoo::Zoo& zoo, const std::vector<zoo::Property>& measured,
                                    const std::vector<zoo::Split>& splits);
Result<std::vector<Number>> measuredNumbers(const Subject& subject, const std::vector<zoo::Property>& measured,
                                            double level);

} // namespace rnnscope::evaluation
