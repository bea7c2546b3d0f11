#pragma once

#include "core/engine/engine.h"
#include "core/tasks/mnist.h"
#include "ui/models/embedded_zoo.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace rnnscope::ui {

using DigitPixels = std::array<std::uint8_t, tasks::kDigitPixels>;

/// What a person asks networks: a string or a digit, a step at a time.
struct OwnProbe
{
    std::size_t steps = 0; ///< T
    std::vector<float> inputs; ///< [T, I]
};

/// `tokens` [T], each from 0 to `inputSize` - 1.
OwnProbe stringProbe(std::span<const int> tokens, std::size_t inputSize);
/// In square tiles of `inputSize` pixels; without steps where there are no such tiles.
OwnProbe digitProbe(const DigitPixels& image, std::size_t inputSize);

/// What a network answers to each step.
struct Answer
{
    std::size_t steps = 0; ///< T
    std::size_t outputs = 0; ///< O
    std::vector<float> probabilities; ///< [T, O]: softmax of the logits

    std::span<const float> at(std::size_t step) const
    {
        return std::span(probabilities).subspan(step * outputs, outputs);
    }
    std::size_t mostLikely(std::size_t step) const;
};

/// Of network `row` of the map. ShapeMismatch when it reads other inputs, BadValue when its weights are not finite.
Result<Answer> answerOf(const EmbeddedZoo& shown, std::size_t row, const OwnProbe& probe);
/// Of the emulator that is told `embedding` [D].
Result<Answer> answerOf(engine::Emulator& emulator, std::span<const float> embedding, const OwnProbe& probe);

/// Kullback-Leibler divergence from `network` to `emulator`, mean over the steps, nat; NaN where they differ in shape.
double divergence(const Answer& network, const Answer& emulator);
/// Of writing `tokens` [T], the first of which is given: product over t of the probability of tokens[t + 1] at step t.
/// The end token closes the string, so tokens has one more entry than `answer` has steps.
double stringProbability(const Answer& answer, std::span<const int> tokens);

/// A recorded sequence of a network that reads digits, as a picture.
struct RecordedDigit
{
    DigitPixels image {};
    std::size_t answer = 0; ///< the digit that the network says at the last step
    double probability = 0.0;
};

/// The first `count` recorded digits of network `row` of the map; none where its zoo has no digits recorded.
Result<std::vector<RecordedDigit>> recordedDigits(const EmbeddedZoo& shown, std::size_t row, std::size_t count);

} // namespace rnnscope::ui
