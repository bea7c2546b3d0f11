#include "core/making/mnist_family.h"

#include "core/base/half.h"
#include "core/base/random.h"
#include "core/making/digit_batch.h"
#include "core/making/digit_scores.h"
#include "core/tasks/run_networks.h"

#include <algorithm>
#include <numeric>

namespace rnnscope::making {

namespace {

constexpr double kFullTurn = 360.0;

double angleOf(const Recipe& recipe, std::size_t run)
{
    RandomStream random(runKey(recipe.seed, run, Purpose::Task));
    return recipe.mnist.angle.value_or(kFullTurn * random.next());
}

double weightDecayOf(const Recipe& recipe, std::size_t run)
{
    constexpr std::array kChoices {0.0, 0.001, 0.01, 0.1};
    RandomStream random(runKey(recipe.seed, run, Purpose::WeightDecay));
    return recipe.weightDecay.value_or(kChoices.at(random.below(kChoices.size())));
}

class MnistCourse final : public Course
{
public:
    MnistCourse(const Recipe& recipe, const DigitSet& set, std::size_t run)
        : m_recipe(recipe)
        , m_set(set)
        , m_run(run)
        , m_shape(tasks::shapeOf(architectureOf(recipe)))
        , m_angle(angleOf(recipe, run))
        , m_weightDecay(weightDecayOf(recipe, run))
        , m_cut(m_angle, recipe.mnist.tileSide)
        , m_random(runKey(recipe.seed, run, Purpose::Batches))
        , m_order(set.training.begin(), set.training.end())
        , m_next(m_order.size())
    {
    }

    void draw(rnn::PrefixBatch& batch) override
    {
        m_drawn.clear();
        while (m_drawn.size() < m_recipe.batch)
            m_drawn.push_back(nextDigit());
        m_tiles.fill(m_set.digits, m_drawn, m_cut, batch);
    }

    double weightDecay() const override { return m_weightDecay; }

    std::optional<Snapshot> judge(std::size_t step, std::span<const float> parameters,
                                  const std::stop_token& stop) const override
    {
        const auto seen = score(m_set.training, parameters, stop);
        const auto unseen = seen ? score(m_set.heldOut, parameters, stop) : seen;
        if (!unseen)
            return {};
        Snapshot snapshot {
            .step = step,
            .parameters {parameters.begin(), parameters.end()},
            .values {m_angle, unseen->accuracy, seen->loss, unseen->loss, unseen->loss - seen->loss, m_weightDecay},
            .inputs = {},
            .logits = {}};
        keepRollouts(snapshot);
        return snapshot;
    }

private:
    /// Every training digit once before any comes again.
    std::size_t nextDigit()
    {
        if (m_next == m_order.size()) {
            for (std::size_t i = m_order.size(); i > 1; --i)
                std::swap(m_order[i - 1], m_order[m_random.below(i)]);
            m_next = 0;
        }
        return m_order[m_next++];
    }

    std::optional<DigitScores> score(std::span<const std::size_t> part, std::span<const float> parameters,
                                     const std::stop_token& stop) const
    {
        return readDigitsBy(m_shape, parameters, m_set.digits,
                            part.first(std::min(part.size(), m_recipe.mnist.mostDigits)), m_cut, stop);
    }

    /// Held-out digits drawn anew for every snapshot, and what the network answers at every step.
    void keepRollouts(Snapshot& snapshot) const
    {
        const std::size_t sequences = m_recipe.sequences;
        const std::size_t classes = tasks::kDigitClasses;
        RandomStream random(derived(runKey(m_recipe.seed, m_run, Purpose::Rollouts), snapshot.step));
        const rnn::Rnn network(m_shape, snapshot.parameters);
        std::vector<float> tiles(m_cut.values());
        std::vector<float> logits(m_cut.steps() * classes);
        snapshot.inputs.resize(sequences * tiles.size());
        snapshot.logits.resize(sequences * logits.size());
        for (std::size_t s = 0; s < sequences; ++s) {
            m_cut.cut(m_set.digits.image(m_set.heldOut[random.below(m_set.heldOut.size())]), tiles);
            rnn::RnnState state = network.zeroState(1);
            for (std::size_t t = 0; t < m_cut.steps(); ++t)
                network.step(std::span<const float>(tiles).subspan(t * m_cut.inputs(), m_cut.inputs()), state,
                             std::span(logits).subspan(t * classes, classes));
            storeHalf(tiles, std::span(snapshot.inputs).subspan(s * tiles.size(), tiles.size()));
            storeHalf(logits, std::span(snapshot.logits).subspan(s * logits.size(), logits.size()));
        }
    }

    const Recipe& m_recipe;
    const DigitSet& m_set;
    std::size_t m_run;
    rnn::Shape m_shape;
    double m_angle;
    double m_weightDecay;
    RotatedTiles m_cut;
    RandomStream m_random;
    std::vector<std::uint32_t> m_order; ///< of the training digits, this time round
    std::size_t m_next;
    std::vector<std::size_t> m_drawn;
    DigitBatch m_tiles;
};

class MnistFamily final : public Family
{
public:
    MnistFamily(const Recipe& recipe, std::shared_ptr<const DigitSet> set)
        : m_recipe(recipe)
        , m_set(std::move(set))
    {
    }

    std::vector<zoo::Property> properties() const override
    {
        const auto real = [](const char* name, const char* unit, const char* description) {
            zoo::Property property;
            property.name = name;
            property.unit = unit;
            property.description = description;
            return property;
        };
        zoo::Property task = real("task", "deg", "rotation of the digits");
        task.kind = zoo::PropertyKind::Circular;
        task.period = kFullTurn;
        return {std::move(task),
                real("accuracy", "1", "fraction of held-out digits recognised at the last step"),
                real("train_loss", "nat", "cross-entropy on training digits, mean over all steps"),
                real("eval_loss", "nat", "cross-entropy on held-out digits, mean over all steps"),
                real("generalization_gap", "nat", "eval_loss - train_loss"),
                real("weight_decay", "1", "weight decay of the optimiser")};
    }

    zoo::RolloutShape rollouts() const override
    {
        const std::size_t side = m_recipe.mnist.tileSide;
        return {.sequences = m_recipe.sequences,
                .inputSteps = tasks::tileSteps(side),
                .inputSize = side * side,
                .logitSteps = tasks::tileSteps(side),
                .outputSize = tasks::kDigitClasses};
    }

    std::unique_ptr<Course> course(std::size_t run) const override
    {
        return std::make_unique<MnistCourse>(m_recipe, *m_set, run);
    }

private:
    Recipe m_recipe;
    std::shared_ptr<const DigitSet> m_set;
};

} // namespace

std::unique_ptr<Family> mnistFamily(const Recipe& recipe, std::shared_ptr<const DigitSet> digits)
{
    return std::make_unique<MnistFamily>(recipe, std::move(digits));
}

} // namespace rnnscope::making
