#pragma once

#include "ui/models/session.h"
#include "ui/plots/map_view.h"

#include <QString>

#include <vector>

namespace rnnscope::ui {

/// Something the points can be coloured by.
struct ColourChoice
{
    QString id; ///< stable: "property:accuracy", "predicted:task:1", "error:accuracy", "split", "trust", "zoo"
    QString title; ///< "Accuracy", "Accuracy, predicted"
    int group = 0; ///< 0 properties, 1 predictions, 2 errors, 3 split, trust and zoo
};

/// `checkpoint` and `embedded` may be null.
std::vector<ColourChoice> colourChoices(const zoo::Zoo& zoo, const zoo::Checkpoint* checkpoint,
                                        const EmbeddedZoo* embedded);

/// All NaN where the snapshot does not have it (yet).
ColourChannel colourChannel(const EmbeddedZoo& embedded, const QString& id);

} // namespace rnnscope::ui
