#include "bench/zoo_task.h"

#include "core/tasks/formal_language.h"

#include <algorithm>
#include <cmath>

namespace rnnscope::bench {

namespace {

constexpr std::size_t kTileSide = 4;
constexpr std::size_t kTile = kTileSide * kTileSide;

/// a^n b^(n+m1) c^(n+m2) d^(n+m3) with the m in -3 to 2, 42 tokens: 41 to read, the 41 after them to predict.
class Language final : public ZooTask
{
public:
    static constexpr std::size_t kSteps = 41;

    explicit Language(std::mt19937_64& random)
    {
        std::uniform_int_distribution<int> difference(-3, 2);
        m_language.differences = {0, difference(random), difference(random), difference(random)};
        for (int n = m_language.smallestN(); n <= m_language.largestN(); ++n)
            m_strings.push_back(tasks::validSequence(m_language, n, kSteps + 1));
    }

    void draw(std::mt19937_64& random, PlainBatch& batch) const override
    {
        std::uniform_int_distribution<std::size_t> which(0, m_strings.size() - 1);
        batch.tokens.clear();
        batch.labels.clear();
        for (std::size_t s = 0; s < PlainBatch::kSequences; ++s) {
            const std::vector<int>& string = m_strings[which(random)];
            batch.tokens.insert(batch.tokens.end(), string.begin(), string.end() - 1);
            batch.labels.insert(batch.labels.end(), string.begin() + 1, string.end());
        }
    }

private:
    tasks::FormalLanguage m_language;
    std::vector<std::vector<int>> m_strings;
};

/// Digits of one angle, cut into tiles beforehand.
class TiledDigits final : public ZooTask
{
public:
    static constexpr std::size_t kSteps = 50;

    TiledDigits(std::mt19937_64& random, const tasks::Digits* digits)
        : m_tiles(kDigits * kSteps * kTile)
    {
        const double angle = std::uniform_real_distribution(0.0, 360.0)(random);
        for (std::size_t i = 0; i < kDigits; ++i) {
            const std::span<float> tiles = std::span(m_tiles).subspan(i * kSteps * kTile, kSteps * kTile);
            if (digits != nullptr) {
                const std::size_t which = random() % digits->size();
                tasks::tiles(tasks::rotated(digits->image(which), angle), kTileSide, tiles);
                m_labels.push_back(digits->labels[which]);
            } else {
                makeUp(random, tiles);
                m_labels.push_back(static_cast<int>(random() % tasks::kDigitClasses));
            }
        }
    }

    void draw(std::mt19937_64& random, PlainBatch& batch) const override
    {
        batch.features.clear();
        batch.labels.clear();
        for (std::size_t s = 0; s < PlainBatch::kSequences; ++s) {
            const std::size_t which = random() % kDigits;
            const auto tiles = std::span(m_tiles).subspan(which * kSteps * kTile, kSteps * kTile);
            batch.features.insert(batch.features.end(), tiles.begin(), tiles.end());
            batch.labels.insert(batch.labels.end(), kSteps, m_labels[which]);
        }
    }

private:
    static constexpr std::size_t kDigits = 1000;

    static void makeUp(std::mt19937_64& random, std::span<float> tiles)
    {
        constexpr float kBlank = -0.4242F; // a background pixel, normalised
        std::uniform_real_distribution<float> pixel(kBlank, 2.82F);
        std::ranges::fill(tiles.first(kTile), 0.0F);
        std::ranges::fill(tiles.subspan(kTile, 7 * kTile), kBlank);
        std::ranges::generate(tiles.subspan(8 * kTile), [&] { return pixel(random); });
    }

    std::vector<float> m_tiles; ///< [1000, T, 16]
    std::vector<int> m_labels;
};

} // namespace

std::vector<float> ZooKind::parameters(std::mt19937_64& random) const
{
    const auto bound = static_cast<float>(1.0 / std::sqrt(static_cast<double>(shape.hiddenSize)));
    std::uniform_real_distribution<float> entry(-bound, bound);
    std::vector<float> made(shape.parameterCount());
    std::ranges::generate(made, [&] { return entry(random); });
    return made;
}

void ZooKind::makePrefixes(const PlainBatch& plain, rnn::PrefixBatch& batch) const
{
    if (plain.features.empty())
        rnn::makePrefixes({steps, shape.outputSize, plain.tokens, plain.labels, {}}, batch);
    else
        rnn::makePrefixes({steps, shape.outputSize, shape.inputSize, plain.features, plain.labels, {}}, batch);
}

double ZooKind::plainFlops() const
{
    const auto gates = static_cast<double>(shape.gates() * shape.hiddenSize);
    const auto hidden = static_cast<double>(shape.hiddenSize);
    double weights = 0.0; // each is multiplied forwards, for its own gradient, and for that of what it multiplies
    for (std::size_t layer = 0; layer < shape.numLayers; ++layer)
        weights += 3.0 * gates * hidden
            + (layer == 0 ? 2.0 * gates * static_cast<double>(shape.inputSize) : 3.0 * gates * hidden);
    weights += 3.0 * hidden * static_cast<double>(shape.outputSize);
    return 2.0 * weights * static_cast<double>(PlainBatch::kSequences * steps);
}

ZooKind formalLanguages()
{
    return {.name = "formal_languages",
            .shape = {rnn::Cell::Lstm, 6, 32, 2, 6, true},
            .steps = Language::kSteps,
            .authorsRate = 215.0,
            .adam = {.learningRate = 0.01F, .weightDecay = 1e-4F},
            .task = [](std::mt19937_64& random, const tasks::Digits*) -> std::shared_ptr<const ZooTask> {
                return std::make_shared<Language>(random);
            }};
}

ZooKind sequentialMnist()
{
    return {.name = "sequential_mnist",
            .shape = {rnn::Cell::Lstm, kTile, 32, 2, tasks::kDigitClasses, true},
            .steps = TiledDigits::kSteps,
            .authorsRate = 112.0,
            .adam = {.learningRate = 0.01F, .weightDecay = 1e-3F},
            .task = [](std::mt19937_64& random, const tasks::Digits* digits) -> std::shared_ptr<const ZooTask> {
                return std::make_shared<TiledDigits>(random, digits);
            }};
}

} // namespace rnnscope::bench
