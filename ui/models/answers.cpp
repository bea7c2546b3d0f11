#include "ui/models/answers.h"

#include "core/rnn/rnn.h"
#include "core/rnn/softmax.h"
#include "core/tasks/run_networks.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace rnnscope::ui {

namespace {

/// Side of the square tiles of so many pixels that cut a digit; 0: none.
std::size_t sideOf(std::size_t pixels)
{
    const auto side = static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(pixels))));
    return side > 0 && side * side == pixels && tasks::isTileSide(side) ? side : 0;
}

template <typename Step>
Result<Answer> ask(const OwnProbe& probe, std::size_t inputs, std::size_t outputs, const Step& step)
{
    if (probe.steps == 0 || probe.inputs.size() != probe.steps * inputs)
        return fail(Errc::ShapeMismatch, "it reads inputs of another size");
    Answer answer {.steps = probe.steps, .outputs = outputs, .probabilities = {}};
    answer.probabilities.resize(probe.steps * outputs);
    for (std::size_t t = 0; t < probe.steps; ++t) {
        const auto given = std::span(probe.inputs).subspan(t * inputs, inputs);
        if (Result<void> made = step(given, std::span(answer.probabilities).subspan(t * outputs, outputs)); !made)
            return forward(made);
    }
    rnn::softmaxRows(answer.probabilities, outputs);
    return answer;
}

} // namespace

OwnProbe stringProbe(std::span<const int> tokens, std::size_t inputSize)
{
    OwnProbe probe {.steps = tokens.size(), .inputs = std::vector<float>(tokens.size() * inputSize)};
    for (std::size_t t = 0; t < tokens.size(); ++t)
        probe.inputs[t * inputSize + static_cast<std::size_t>(tokens[t])] = 1.0F;
    return probe;
}

OwnProbe digitProbe(const DigitPixels& image, std::size_t inputSize)
{
    const std::size_t side = sideOf(inputSize);
    if (side == 0)
        return {};
    OwnProbe probe {.steps = tasks::tileSteps(side), .inputs = {}};
    probe.inputs.resize(probe.steps * inputSize);
    tasks::tiles(image, side, probe.inputs);
    return probe;
}

std::size_t Answer::mostLikely(std::size_t step) const
{
    const auto row = at(step);
    return static_cast<std::size_t>(std::ranges::max_element(row) - row.begin());
}

Result<Answer> answerOf(const EmbeddedZoo& shown, std::size_t row, const OwnProbe& probe)
{
    const auto place = placeOf(shown, row);
    const auto& zoo = *place.embedded.zoo;
    const auto shape = tasks::shapeOf(zoo.architecture);
    std::vector<float> parameters(shape.parameterCount());
    if (auto read = zoo.parameters->read(place.row, 1, parameters); !read)
        return forward(read);
    if (!std::ranges::all_of(parameters, [](float value) { return std::isfinite(value); }))
        return fail(Errc::BadValue, "its weights are not finite");
    const rnn::Rnn network(shape, parameters);
    auto state = network.zeroState(1);
    return ask(probe, shape.inputSize, shape.outputSize,
               [&](std::span<const float> inputs, std::span<float> logits) -> Result<void> {
                   network.step(inputs, state, logits);
                   return {};
               });
}

Result<Answer> answerOf(engine::Emulator& emulator, std::span<const float> embedding, const OwnProbe& probe)
{
    if (auto begun = emulator.begin(embedding, 1); !begun)
        return forward(begun);
    return ask(probe, emulator.inputSize(), emulator.outputSize(),
               [&](std::span<const float> inputs, std::span<float> logits) { return emulator.step(inputs, logits); });
}

double divergence(const Answer& network, const Answer& emulator)
{
    if (network.steps == 0 || network.probabilities.size() != emulator.probabilities.size())
        return std::numeric_limits<double>::quiet_NaN();
    double sum = 0.0;
    for (std::size_t i = 0; i < network.probabilities.size(); ++i) {
        const auto p = static_cast<double>(network.probabilities[i]);
        const auto q = std::max(static_cast<double>(emulator.probabilities[i]), std::numeric_limits<double>::min());
        if (p > 0.0)
            sum += p * std::log(p / q);
    }
    return sum / static_cast<double>(network.steps);
}

double stringProbability(const Answer& answer, std::span<const int> tokens)
{
    double product = 1.0;
    for (std::size_t t = 0; t < answer.steps && t + 1 < tokens.size(); ++t)
        product *= static_cast<double>(answer.at(t)[static_cast<std::size_t>(tokens[t + 1])]);
    return product;
}

Result<std::vector<RecordedDigit>> recordedDigits(const EmbeddedZoo& shown, std::size_t row, std::size_t count)
{
    const auto place = placeOf(shown, row);
    const auto& zoo = *place.embedded.zoo;
    std::vector<RecordedDigit> digits;
    if (!zoo.rollouts)
        return digits;
    const auto shape = zoo.rollouts->shape();
    const std::size_t side = sideOf(shape.inputSize);
    if (side == 0 || shape.inputSteps != tasks::tileSteps(side))
        return digits;
    std::vector<float> inputs(shape.inputValues());
    for (std::size_t i = 0; i < std::min(count, shape.sequences); ++i) {
        if (auto read = zoo.rollouts->readInputs(place.row, i, 1, inputs); !read)
            return forward(read);
        RecordedDigit digit {.image = tasks::fromTiles(inputs, side)};
        const auto answer = answerOf(shown, row, {.steps = shape.inputSteps, .inputs = inputs});
        if (!answer)
            return forward(answer);
        digit.answer = answer->mostLikely(answer->steps - 1);
        digit.probability = static_cast<double>(answer->at(answer->steps - 1)[digit.answer]);
        digits.push_back(digit);
    }
    return digits;
}

} // namespace rnnscope::ui
