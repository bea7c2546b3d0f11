#pragma once

#include "core/evaluation/evaluation.h"
#include "ui/models/session.h"

#include <QString>
#include <QStringList>

#include <string>
#include <vector>

namespace rnnscope::ui {

/// One line of the evaluation table.
struct EvaluationRow
{
    std::string property; ///< its name in the zoo; "emulation", "trust"
    QString title; ///< "Accuracy", "Emulation loss"
    QString metric; ///< "mean error"
    QString method; ///< "Interactive probing", "constant guess"
    QStringList values; ///< one per part; empty: not measured
    bool guess = false;
};

struct EvaluationRows
{
    QStringList parts; ///< "Training", "Validation", "OOD": titles of the columns
    std::vector<EvaluationRow> rows;
};

/// What the predictions of the current encoder are worth, by split, beside the best constant guess: at once, without an
/// engine.
EvaluationRows quickRows(const EmbeddedZoo& embedded);

/// The whole comparison.
EvaluationRows fullRows(const zoo::Zoo& zoo, const evaluation::Evaluation& evaluation);

} // namespace rnnscope::ui
