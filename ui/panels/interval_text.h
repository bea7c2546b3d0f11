#pragma once

#include "ui/models/session.h"

#include <QString>

#include <optional>

namespace rnnscope::ui {

/// What a prediction does not exclude, rich text: "[0.71, 0.95]", "≥ 0.71", "any value" when nothing is excluded; sets
/// of classes, one a column: "{0} {1, 2} {−2} {2}", "7 of 9" for large ones. Empty without calibration.
QString intervalText(const prediction::Prediction& prediction, std::size_t row);

/// An interval on the range of its property. All are 0 at the low end and 1 at the high one, clipped.
struct IntervalMark
{
    double lower = 0.0;
    double upper = 1.0; ///< below `lower`: the interval goes round (circular properties)
    double predicted = 0.5;
    double actual = 0.5; ///< NaN: not known
};

/// Nothing for classes, several columns, and without calibration. `actual` may be null.
std::optional<IntervalMark> intervalMark(const prediction::Prediction& prediction, const zoo::Property* actual,
                                         std::size_t row);

/// "Closer than 63 % of the training networks"; `far`: no interval holds there.
struct TrustText
{
    QString text;
    bool far = false;
    bool known = false;
};
TrustText trustText(const EmbeddedZoo& embedded, std::size_t row);
/// Networks with more of the training closer together than they are to it get no say; percent.
inline constexpr double kFarFromTraining = 95.0;

} // namespace rnnscope::ui
