#pragma once

#include "ui/models/session.h"

#include <QString>
#include <QStringList>

#include <cstddef>
#include <string>
#include <vector>

/// Predictions beside the truth, for the evaluation view.
namespace rnnscope::ui {

/// One column of a property that a head predicts and the zoo has recorded.
struct AgreementTopic
{
    std::string property;
    std::size_t column = 0;
    QString title; ///< "Accuracy", "Task a", "Rotation, deg"
    bool classes = false; ///< a confusion matrix suits it, else points
    bool operator==(const AgreementTopic&) const = default;
};
std::vector<AgreementTopic> agreementTopics(const EmbeddedZoo& embedded);

enum class SplitFilter { All, Training, HeldOut, Ood }; ///< HeldOut: validation and calibration
bool admits(SplitFilter filter, zoo::Split split);

struct AgreementPoint
{
    std::size_t row = 0;
    double actual = 0.0;
    double predicted = 0.0;
    double lower = 0.0; ///< NaN without calibration
    double upper = 0.0;
    zoo::Split split = zoo::Split::Unknown;
};
/// Networks with a known truth and a prediction.
std::vector<AgreementPoint> agreementPoints(const EmbeddedZoo& embedded, const AgreementTopic& topic,
                                            SplitFilter filter);

/// How often which class was taken for which.
struct Confusion
{
    QStringList classes; ///< of the truth and of the predictions
    std::vector<std::size_t> counts; ///< [C, C]; rows: actual, columns: predicted

    std::size_t count(std::size_t actual, std::size_t predicted) const
    {
        return counts[actual * static_cast<std::size_t>(classes.size()) + predicted];
    }
    std::size_t total() const;
};
Confusion confusion(const EmbeddedZoo& embedded, const AgreementTopic& topic, SplitFilter filter);

} // namespace rnnscope::ui
