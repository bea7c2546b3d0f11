#include "core/making/digit_scores.h"

#include "core/making/digit_batch.h"
#include "core/rnn/rnn_trainer.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace rnnscope::making {

namespace {

constexpr std::size_t kTogether = 100; // digits: a few milliseconds between two looks at `stop`

/// Digits whose label has the highest logit at the last step. A node's targets say how many digits it stands for.
std::size_t recognised(const rnn::PrefixBatch& batch, std::size_t digits, std::span<const float> logits)
{
    constexpr std::size_t kClasses = tasks::kDigitClasses;
    const auto digitsPerTarget = static_cast<double>(digits * batch.steps());
    std::size_t correct = 0;
    for (std::size_t node = batch.first[batch.steps() - 1]; node < batch.nodes(); ++node) {
        const auto answer = logits.subspan(node * kClasses, kClasses);
        const auto best = static_cast<std::size_t>(std::ranges::max_element(answer) - answer.begin());
        correct += static_cast<std::size_t>(
            std::lround(static_cast<double>(batch.targets[node * kClasses + best]) * digitsPerTarget));
    }
    return correct;
}

} // namespace

std::optional<DigitScores> readDigitsBy(const rnn::Shape& shape, std::span<const float> parameters,
                                        const tasks::Digits& digits, std::span<const std::size_t> part,
                                        const RotatedTiles& cut, const std::stop_token& stop)
{
    if (!std::ranges::all_of(parameters, [](float value) { return std::isfinite(value); }))
        return DigitScores {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()};
    rnn::RnnTrainer network(shape, parameters);
    DigitBatch tiles;
    rnn::PrefixBatch batch;
    std::vector<float> logits;
    double loss = 0.0;
    std::size_t correct = 0;
    for (std::size_t first = 0; first < part.size(); first += kTogether) {
        if (stop.stop_requested())
            return {};
        const auto some = part.subspan(first, std::min(kTogether, part.size() - first));
        tiles.fill(digits, some, cut, batch);
        logits.resize(batch.nodes() * tasks::kDigitClasses);
        loss += network.forward(batch, logits) * static_cast<double>(some.size());
        correct += recognised(batch, some.size(), logits);
    }
    const auto count = static_cast<double>(part.size());
    return DigitScores {.loss = loss / count, .accuracy = static_cast<double>(correct) / count};
}

} // namespace rnnscope::making
