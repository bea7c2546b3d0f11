#pragma once

#include "core/prediction/embedding_file.h"

namespace rnnscope::prediction {

/// One row per network: row, the properties (task_0, task_1, … when several columns), e0 …, pca_x, pca_y (or umap_x …),
/// predicted_… with lower_… and upper_…, or the classes of set_… joined by "|", then trust and split. What is not known
/// or was not made is left out; unknown numbers are empty, labels are text. Writes to `file`; messages name `target`.
Result<void> writeEmbeddingCsv(const std::filesystem::path& file, const std::filesystem::path& target,
                               const zoo::Zoo& zoo, const Matrix& embedding, const EmbeddingSummary& summary);

} // namespace rnnscope::prediction
