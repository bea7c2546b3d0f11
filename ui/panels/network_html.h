#pragma once

#include "ui/panels/network_rows.h"
#include "ui/plots/theme.h"

#include <QString>

namespace rnnscope::ui {

/// Links to other networks are "network:<row>". `pixels`: size of the text.
QString networkHtml(const NetworkFacts& facts, const Theme& theme, int pixels);
QString selectionHtml(const SelectionFacts& facts, const Theme& theme, int pixels);
/// One muted line.
QString hintHtml(const QString& text, const Theme& theme);

} // namespace rnnscope::ui
