#pragma once

#include "core/base/matrix.h"
#include "core/base/result.h"
#include "core/zoo/checkpoint.h"

#include <cstdint>
#include <string>
#include <vector>

namespace rnnscope::prediction {

/// What one head says of n networks.
struct Prediction
{
    std::string property;
    zoo::PropertyKind kind = zoo::PropertyKind::Real;
    std::string unit = "1";
    double period = 0.0;
    std::size_t columns = 1; ///< K
    std::vector<double> values; ///< [n, K]; NaN where the embedding is NaN
    std::vector<std::vector<double>> classes; ///< [K][C_k]; classes kinds only
    std::vector<std::string> labels; ///< categorical only
    std::vector<float> probabilities; ///< [n, K, C], C = the largest C_k, padded with 0; classes kinds only
    /// What holds the truth of an unseen network with probability `level`, in all columns at once. Empty without
    /// calibration.
    double level = 0.0;
    /// [n, K] real and circular (lower > upper wraps). Where nothing is excluded -infinity to infinity, or 0 to period;
    /// NaN where the value is.
    std::vector<double> lower;
    std::vector<double> upper; ///< [n, K]
    std::vector<std::uint8_t> inSet; ///< [n, K, C] 1: the class is in the set; classes kinds only

    bool calibrated() const { return level > 0.0; }

    std::size_t rows() const { return columns == 0 ? 0 : values.size() / columns; }
    std::size_t maxClasses() const;
    double value(std::size_t row, std::size_t column = 0) const { return values[row * columns + column]; }
    /// Probability of the predicted class; product over columns. 1 for real and circular.
    double confidence(std::size_t row) const;
};

/// The predicted row in the form in which zoo::format prints the actual one.
std::string format(const Prediction& prediction, std::size_t row);

/// What holds the row's truth with probability `level`, column after column: "[0.712, 0.951]", "[−∞, ∞]" or, of
/// classes, "{b, c}". Empty without calibration or prediction.
std::string formatRegion(const Prediction& prediction, std::size_t row);

/// `embedding` is [n, D], unit norm; `level` of intervals and sets. ShapeMismatch when the head's tensors do not fit,
/// BadValue unless 0 < level < 1.
Result<Prediction> predict(const zoo::Head& head, const Matrix& embedding, double level = 0.9);

} // namespace rnnscope::prediction
