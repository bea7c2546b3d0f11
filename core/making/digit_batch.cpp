#include "core/making/digit_batch.h"

#include <algorithm>

namespace rnnscope::making {

void DigitBatch::fill(const tasks::Digits& digits, std::span<const std::size_t> part, const RotatedTiles& cut,
                      rnn::PrefixBatch& batch)
{
    m_tiles.resize(part.size() * cut.values());
    m_labels.resize(part.size() * cut.steps());
    for (std::size_t i = 0; i < part.size(); ++i) {
        cut.cut(digits.image(part[i]), std::span(m_tiles).subspan(i * cut.values(), cut.values()));
        std::ranges::fill(std::span(m_labels).subspan(i * cut.steps(), cut.steps()), digits.labels[part[i]]);
    }
    makePrefixes(rnn::LabelledFeatures {.steps = cut.steps(),
                                        .classes = tasks::kDigitClasses,
                                        .inputs = cut.inputs(),
                                        .features = m_tiles,
                                        .labels = m_labels,
                                        .weights = {}},
                 batch);
}

} // namespace rnnscope::making
