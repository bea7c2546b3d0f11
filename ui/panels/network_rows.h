#pragma once

#include "ui/models/property_bins.h"
#include "ui/models/session.h"
#include "ui/panels/histogram_mark.h"
#include "ui/panels/interval_text.h"

#include <QString>

#include <cstddef>
#include <optional>
#include <vector>

/// What the network panel says, before it is made into a table. Strings are rich text.
namespace rnnscope::ui {

enum class Verdict { None, Right, Wrong };

struct PropertyRow
{
    QString title; ///< with unit
    QString actual; ///< empty: not recorded in this zoo
    QString predicted; ///< empty: no head predicts it
    QString note; ///< probability of the predicted class, or the absolute error
    Verdict verdict = Verdict::None;
    QString interval; ///< empty: not calibrated
    bool sets = false; ///< it is several sets of classes
    std::optional<IntervalMark> mark;
};

struct Neighbour
{
    std::size_t row = 0;
    QString name;
    QString task; ///< empty: the zoo does not tell
    QString zoo; ///< plain text; empty where there is but one
    double distance = 0.0;
};

struct NetworkFacts
{
    QString name;
    QString architecture;
    QString zoo;
    bool dropped = false; ///< a file of no zoo
    zoo::Split split = zoo::Split::Unknown;
    bool splitByRun = false; ///< training had too few tasks to split by task
    QString problem; ///< why there is no embedding; empty when there is one
    std::vector<PropertyRow> rows;
    double level = 0.0; ///< of the intervals; 0: no prediction is calibrated
    bool predicted = false; ///< there is a prediction
    TrustText trust;
    bool cosine = true; ///< distance of the neighbours; else Euclidean
    std::vector<Neighbour> neighbours;
};

NetworkFacts describeNetwork(const EmbeddedZoo& embedded, std::size_t row);

/// The `count` networks nearest in the embedding space, nearest first.
std::vector<Neighbour> nearestNetworks(const EmbeddedZoo& embedded, std::size_t row, std::size_t count);

struct SpreadRow
{
    QString title;
    QString mean; ///< or "7 different" where a mean means nothing
    QString deviation;
    QString predicted; ///< mean of the predictions
    std::optional<HistogramMark> histogram; ///< the selected networks before all
};

struct SelectionFacts
{
    std::size_t count = 0;
    std::size_t heldOut = 0;
    std::size_t training = 0;
    std::size_t failed = 0;
    QString architecture;
    QString zoo;
    std::vector<SpreadRow> rows;
};

/// `ids` ascending; `bins` of the networks of the map.
SelectionFacts describeSelection(const EmbeddedZoo& embedded, const std::vector<std::size_t>& ids, PropertyBins& bins);

} // namespace rnnscope::ui
