#pragma once

#include "ui/models/embedded_zoo.h"
#include "ui/plots/map_view.h"

#include <QString>

namespace rnnscope::ui {

/// The field of this id (fields.h) as colours. All NaN where the snapshot does not have it (yet).
ColourChannel colourChannel(const EmbeddedZoo& embedded, const QString& id);

} // namespace rnnscope::ui
