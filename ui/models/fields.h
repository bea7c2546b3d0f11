#pragma once

#include "ui/models/embedded_zoo.h"

#include <QString>
#include <QStringList>

#include <vector>

namespace rnnscope::ui {

/// A fact about every network that points are coloured by, filters ask for and the table lists.
struct FieldChoice
{
    QString id; ///< stable: "property:accuracy", "predicted:task:1", "error:accuracy", "split", "trust", "zoo"
    QString title; ///< "Accuracy", "Accuracy, predicted", "Rotation, deg"
    QString name; ///< in expressions: "accuracy", "predicted.task.b"
    int group = 0; ///< 0 properties, 1 predictions, 2 errors, 3 split, trust and zoo
};

/// `checkpoint` and `embedded` may be null.
std::vector<FieldChoice> fieldChoices(const zoo::Zoo& zoo, const zoo::Checkpoint* checkpoint,
                                      const EmbeddedZoo* embedded);

/// The numbers of a field.
struct Field
{
    QString title;
    zoo::PropertyKind kind = zoo::PropertyKind::Real;
    double period = 0.0; ///< circular only
    std::vector<double> values; ///< [N]; NaN: unknown. Categorical with categories: index into them
    QStringList categories {}; ///< empty: the numbers speak for themselves
    zoo::Range range {}; ///< what a value can be, where the name says so
};

/// All NaN where the snapshot does not have it (yet).
Field fieldOf(const EmbeddedZoo& embedded, const QString& id);

} // namespace rnnscope::ui
