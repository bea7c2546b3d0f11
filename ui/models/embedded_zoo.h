#pragma once

#include "core/base/matrix.h"
#include "core/prediction/head.h"
#include "core/zoo/checkpoint.h"
#include "core/zoo/zoo.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

namespace rnnscope::ui {

struct EmbeddedZoo;

/// One of the zoos that share a map.
struct Member
{
    std::shared_ptr<const zoo::Zoo> zoo;
    std::size_t number = 0; ///< stays as long as the zoo is open; its colour and shape (ui/plots/zoo_marks.h)
    bool dropped = false; ///< weight files: stars, on which the axes of the map do not depend
    std::size_t first = 0; ///< row of its first network on the map
    std::shared_ptr<const EmbeddedZoo> part; ///< the zoo alone, by its own rows
};

/// What one checkpoint sees of one zoo, or of several on one map. An immutable snapshot; a new one is published as more
/// networks are embedded.
struct EmbeddedZoo
{
    /// The zoo; of several what they are together (merged_zoo.h), without parameters.
    std::shared_ptr<const zoo::Zoo> zoo;
    std::vector<Member> members; ///< in order of rows, dropped files last; empty: `zoo` alone, which is not dropped
    std::shared_ptr<const zoo::Checkpoint> checkpoint;
    Matrix embedding; ///< [N, D]; NaN rows: not embedded (yet)
    Matrix map; ///< [N, 2], PCA of the networks that are not dropped; of all when all are
    double explained[2] = {0.0, 0.0}; ///< variance share of the two axes
    std::vector<prediction::Prediction> predictions; ///< one per head, n = N
    std::vector<zoo::Split> splits; ///< [N]
    /// [N] 0..100, share of training networks that are closer to the others than this one is (core/prediction/trust.h);
    /// NaN rows: not embedded. Empty: unknown.
    std::vector<double> trust;
    std::optional<std::size_t> learningStep; ///< of the encoder, while it is being trained
    std::vector<std::size_t> failed; ///< rows with NaN or infinite weights
    std::size_t done = 0; ///< rows embedded or failed so far
    bool complete = false;
};

/// A network of the map as its own zoo knows it.
struct NetworkPlace
{
    const EmbeddedZoo& embedded; ///< its zoo alone; lives as long as what was asked
    std::size_t row = 0; ///< in its zoo
    const Member* member = nullptr; ///< null where there is but one zoo
};

/// `row` of the map; `shown` itself where it has no members.
NetworkPlace placeOf(const EmbeddedZoo& shown, std::size_t row);
/// The other way; none when that zoo is not shown.
std::optional<std::size_t> rowOnMap(const EmbeddedZoo& shown, const zoo::Zoo* zoo, std::size_t row);

/// The zoos of the map, in order of rows.
std::vector<std::shared_ptr<const zoo::Zoo>> zoosOf(const EmbeddedZoo& shown);

} // namespace rnnscope::ui
