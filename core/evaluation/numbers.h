#pragma once

#include "core/evaluation/subject.h"
#include "core/prediction/head.h"

#include <string>
#include <vector>

namespace rnnscope::evaluation {

/// One measurement of one subject, before seeds are put together.
struct Number
{
    std::string property;
    std::string metric;
    std::string unit;
    Part part = Part::Validation;
    double value = 0.0;
    double baseline = 0.0; ///< NaN: there is none
    std::size_t networks = 0;
};

/// Does the interval or set hold the truth in every column? False where truth or prediction are unknown.
bool holds(const prediction::Prediction& prediction, const zoo::Property& property, std::size_t row);

/// Mean loss of each part beside that of the constant embedding.
std::vector<Number> emulationNumbers(const Subject& subject);

/// Every metric of one head on `rows`, which are of `part`, beside the best constant guess from `training` rows, then
/// the coverage of its intervals on `covered` (rows that did not calibrate them).
std::vector<Number> headNumbers(const prediction::Prediction& prediction, const zoo::Property& property, Part part,
                                std::span<const std::size_t> rows, std::span<const std::size_t> covered,
                                std::span<const std::size_t> training);

/// All heads of a subject on all its parts, and how well trust tells OOD networks from validation ones.
Result<std::vector<Number>> predictionNumbers(const Subject& subject, const zoo::Zoo& zoo,
                                              const EvaluationOptions& options);

} // namespace rnnscope::evaluation
