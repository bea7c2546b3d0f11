#pragma once

#include "core/zoo/zoo.h"

#include <QString>

#include <cstddef>
#include <span>

namespace rnnscope::prediction {
struct Prediction;
}

namespace rnnscope::ui {

struct EmbeddedZoo;
struct NetworkPlace;

/// Exponents of a language: 0 1 -2 2 becomes a^n b^(n+1) c^(n-2) d^(n+2), with superscripts. Rich text.
QString languageHtml(std::span<const double> differences);

/// One row of a property without its unit; rich text. `zoo` says of what family the networks are. "–" where unknown.
QString valueHtml(const zoo::Zoo& zoo, const zoo::Property& property, std::size_t row);
QString valueHtml(const zoo::Zoo& zoo, const prediction::Prediction& prediction, std::size_t row);

/// Are networks named by their weight files, since there is no run and step?
bool namedByFiles(const zoo::Zoo& zoo);

/// "run 12 · step 5 000", else the weight file's name, else "network 17". Plain text.
QString networkName(const zoo::Zoo& zoo, std::size_t row);

/// The same, or the file's name of a dropped file. Plain text.
QString networkName(const NetworkPlace& place);
/// The name of its zoo; of dropped files it says so. Plain text.
QString zooTitle(const NetworkPlace& place);

/// "LSTM 2×32". Plain text.
QString architectureTitle(const zoo::Architecture& architecture);

/// Rich text of the map's hover card: name, task, accuracy, trust; zoo and architecture where there are several.
QString hoverHtml(const EmbeddedZoo& embedded, std::size_t row);

} // namespace rnnscope::ui
