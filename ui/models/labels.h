#pragma once

#include "core/zoo/checkpoint.h"
#include "core/zoo/zoo.h"

#include <QString>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace rnnscope::ui {

/// Text out of a file: one line without control characters, cut to `limit` characters. Plain text, never to be read as
/// HTML.
QString plainText(const std::string& text, std::size_t limit = 60);

/// "Training step", "Generalization gap", "Rotation": the property as a person names it, without its unit.
QString propertyTitle(const zoo::Zoo& zoo, const std::string& name);
/// "Generalization gap, nat", "Rotation, deg", "Accuracy".
QString propertyTitle(const zoo::Zoo& zoo, const std::string& name, const std::string& unit);
/// "Accuracy", "Rotation, deg": a title with its unit unless that is "1" or empty.
QString withUnit(const QString& title, const std::string& unit);
/// "b" for the second entry of a language's task; "2" for other properties of several columns.
QString columnTitle(const zoo::Zoo& zoo, const std::string& name, std::size_t column);

/// "Interactive probing", with the file's name when another of `all` is of its kind and
/// reads the same networks; "Interactive probing · learning" while it has no file.
QString checkpointLabel(const zoo::Checkpoint& checkpoint,
                        const std::vector<std::shared_ptr<const zoo::Checkpoint>>& all);
/// "3 networks have NaN or infinite weights and get no embedding: rows 4, 17, 20"
QString failedRowsNote(const std::vector<std::size_t>& rows);

/// A network that shows what its zoo is about: the first one that is good at its task, and rather one that lies among
/// the encoder's training networks. `failed` is ascending; `trust` as in EmbeddedZoo.
std::optional<std::size_t> representative(const zoo::Zoo& zoo, const std::vector<std::size_t>& failed,
                                          const std::vector<double>& trust = {});
/// Rows with the run of `row`, itself included.
std::vector<std::size_t> sameRun(const zoo::Zoo& zoo, std::size_t row);

} // namespace rnnscope::ui
