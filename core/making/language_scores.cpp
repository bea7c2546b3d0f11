#include "core/making/language_scores.h"

#include "core/rnn/rnn_trainer.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace rnnscope::making {

namespace {

constexpr int kFirstLetter = 0;

double crossEntropy(std::span<const float> logits, std::size_t label)
{
    const double largest = static_cast<double>(*std::max_element(logits.begin(), logits.end()));
    double total = 0.0;
    for (const float logit : logits)
        total += std::exp(static_cast<double>(logit) - largest);
    return std::log(total) + largest - static_cast<double>(logits[label]);
}

} // namespace

ReadingScores readStrings(const rnn::Shape& shape, std::span<const float> parameters, const StringForest& strings)
{
    const std::size_t outputs = shape.outputSize;
    std::vector<float> logits(strings.prefixes().nodes() * outputs);
    rnn::RnnTrainer(shape, parameters).forward(strings.prefixes(), logits);
    if (!std::all_of(logits.begin(), logits.end(), [](float logit) { return std::isfinite(logit); }))
        return {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()};
    double loss = 0.0;
    std::size_t asked = 0, certain = 0;
    for (std::size_t s = 0; s < strings.strings(); ++s) {
        bool determined = false, right = true;
        for (std::size_t t = 0; t < strings.stepsToEnd(s); ++t) {
            const auto answer = std::span<const float>(logits).subspan(strings.node(s, t) * outputs, outputs);
            const auto label = static_cast<std::size_t>(strings.next(s, t));
            loss += crossEntropy(answer, label);
            ++asked;
            const auto best = std::max_element(answer.begin(), answer.end()) - answer.begin();
            right = right && (!determined || static_cast<std::size_t>(best) == label);
            determined = determined || strings.next(s, t) != kFirstLetter;
        }
        certain += right ? 1 : 0;
    }
    return {.loss = loss / static_cast<double>(asked),
            .certain = static_cast<double>(certain) / static_cast<double>(strings.strings())};
}

} // namespace rnnscope::making
