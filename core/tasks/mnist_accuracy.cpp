#include "core/tasks/mnist_accuracy.h"

#include "core/tasks/run_networks.h"

#include <algorithm>
#include <cmath>

namespace rnnscope::tasks {

namespace {

constexpr std::size_t kTogether = 100; // digits a network reads at once: its states stay in the second cache

/// Digits of one part of the data, as indices.
using Part = std::vector<std::size_t>;

Part choose(const Digits& digits, bool training, std::size_t most)
{
    Part part;
    for (std::size_t i = 0; i < digits.size() && part.size() < most; ++i)
        if (isTrainingDigit(i) == training)
            part.push_back(i);
    return part;
}

struct Sums
{
    double loss = 0.0; ///< over digits and steps
    std::size_t correct = 0;
};

double crossEntropy(std::span<const float> logits, std::size_t label)
{
    const float largest = *std::max_element(logits.begin(), logits.end());
    double total = 0.0;
    for (const float logit : logits)
        total += static_cast<double>(std::exp(logit - largest));
    return std::log(total) + static_cast<double>(largest - logits[label]);
}

/// One network reads rotated digits.
class Reader
{
public:
    Reader(const rnn::Rnn& network, const Digits& digits, double degrees, std::size_t side)
        : m_network(network)
        , m_digits(digits)
        , m_degrees(degrees)
        , m_side(side)
    {
    }

    /// Sums over `part`; incomplete once `stop` is requested.
    Sums read(std::span<const std::size_t> part, const std::stop_token& stop) const
    {
        Sums sums;
        for (std::size_t first = 0; first < part.size() && !stop.stop_requested(); first += kTogether)
            readSome(part.subspan(first, std::min(kTogether, part.size() - first)), sums);
        return sums;
    }

private:
    void readSome(std::span<const std::size_t> part, Sums& sums) const
    {
        const std::size_t pixels = m_side * m_side;
        const std::size_t steps = tileSteps(m_side);
        const std::vector<float> inputs = inputsOf(part);
        std::vector<float> logits(part.size() * kDigitClasses);
        rnn::RnnState state = m_network.zeroState(part.size());
        for (std::size_t t = 0; t < steps; ++t) {
            const std::size_t size = part.size() * pixels;
            m_network.step(std::span(inputs).subspan(t * size, size), state, logits);
            for (std::size_t q = 0; q < part.size(); ++q) {
                const std::span answer = std::span(logits).subspan(q * kDigitClasses, kDigitClasses);
                const std::size_t label = m_digits.labels[part[q]];
                sums.loss += crossEntropy(answer, label);
                const auto best = std::max_element(answer.begin(), answer.end()) - answer.begin();
                if (t + 1 == steps && static_cast<std::size_t>(best) == label)
                    ++sums.correct;
            }
        }
    }

    /// [steps, digits, pixels of a tile]
    std::vector<float> inputsOf(std::span<const std::size_t> part) const
    {
        const std::size_t pixels = m_side * m_side;
        const std::size_t steps = tileSteps(m_side);
        std::vector<float> inputs(steps * part.size() * pixels);
        std::vector<float> digit(steps * pixels);
        for (std::size_t q = 0; q < part.size(); ++q) {
            tiles(rotated(m_digits.image(part[q]), m_degrees), m_side, digit);
            for (std::size_t t = 0; t < steps; ++t)
                std::copy_n(digit.data() + t * pixels, pixels, inputs.data() + (t * part.size() + q) * pixels);
        }
        return inputs;
    }

    const rnn::Rnn& m_network;
    const Digits& m_digits;
    double m_degrees;
    std::size_t m_side;
};

/// The side of the tiles the networks read.
Result<std::size_t> tileSideOf(const zoo::Zoo& zoo)
{
    if (zoo.family != zoo::TaskFamily::SequentialMnist)
        return fail(Errc::BadValue,
                    fmt::format("{} is a zoo of {}, expected sequential_mnist", zoo.name, zoo::name(zoo.family)));
    const zoo::Property* task = zoo.property("task");
    if (task == nullptr || task->columns != 1 || task->rows() != zoo.size)
        return fail(Errc::NotFound, fmt::format("{} does not record the property 'task' as one angle", zoo.name));
    const auto pixels = static_cast<std::size_t>(zoo.architecture.inputSize);
    const auto side = static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(pixels))));
    if (side * side != pixels || !isTileSide(side)
        || static_cast<std::size_t>(zoo.architecture.outputSize) != kDigitClasses)
        return fail(Errc::ShapeMismatch,
                    fmt::format("the networks of {} read {} numbers and answer {}, expected square tiles of a 28x28 "
                                "digit and 10",
                                zoo.name, pixels, zoo.architecture.outputSize));
    return side;
}

} // namespace

Result<std::vector<MnistScore>> measureMnist(const zoo::Zoo& zoo, std::span<const std::size_t> rows,
                                             const Digits& digits, const MnistOptions& options, Progress& progress,
                                             std::stop_token stop)
{
    const auto side = tileSideOf(zoo);
    if (!side)
        return forward(side);
    const Part training = choose(digits, true, options.mostDigits);
    const Part heldOut = choose(digits, false, options.mostDigits);
    if (training.empty() || heldOut.empty())
        return fail(Errc::BadValue,
                    fmt::format("cannot measure losses by {} training and {} held-out digits, expected at least 1 each",
                                training.size(), heldOut.size()));
    std::vector<MnistScore> scores(rows.size());
    const auto measure = [&](std::size_t i, const rnn::Rnn& network) {
        const double degrees = zoo.property("task")->value(rows[i]);
        if (!std::isfinite(degrees))
            return;
        const Reader reader(network, digits, degrees, *side);
        const auto mean = [&](double sum, const Part& part) { return sum / static_cast<double>(part.size()); };
        const auto steps = static_cast<double>(tileSteps(*side));
        const Sums seen = reader.read(training, stop);
        const Sums unseen = reader.read(heldOut, stop);
        scores[i] = {.accuracy = mean(static_cast<double>(unseen.correct), heldOut),
                     .trainLoss = mean(seen.loss, training) / steps,
                     .evalLoss = mean(unseen.loss, heldOut) / steps};
    };
    const auto run = forEachNetwork(zoo, rows, {.what = "measuring accuracy and losses", .threads = options.threads},
                                    progress, stop, measure);
    if (!run)
        return forward(run);
    return scores;
}

} // namespace rnnscope::tasks
