#include "core/making/language_family.h"

#include "core/base/half.h"
#include "core/base/random.h"
#include "core/making/language_scores.h"
#include "core/making/string_forest.h"
#include "core/tasks/language_sampler.h"
#include "core/tasks/run_networks.h"

#include <algorithm>
#include <cmath>

namespace rnnscope::making {

namespace {

using tasks::FormalLanguage;

constexpr double kWeightDecay = 1e-4;

zoo::Property property(zoo::PropertyKind kind, const char* name, const char* unit, std::string description)
{
    return {
        .name = name, .kind = kind, .unit = unit, .description = std::move(description), .values = {}, .labels = {}};
}

FormalLanguage languageOf(const Recipe& recipe, std::size_t run)
{
    constexpr int kSmallest = -3;
    constexpr std::size_t kChoices = 6; // up to 2
    FormalLanguage language {.differences = recipe.language.task, .maxN = recipe.language.maxN};
    RandomStream random(runKey(recipe.seed, run, Purpose::Task));
    while (language.differences.size() < recipe.language.letters)
        language.differences.push_back(
            language.differences.empty() ? 0 : kSmallest + static_cast<int>(random.below(kChoices)));
    return language;
}

/// Longer than any trained on, none of them cut.
StringForest longStrings(const FormalLanguage& language)
{
    const int last = 2 * language.maxN - 1;
    std::size_t length = 2; // begin and end
    for (const int difference : language.differences)
        length += static_cast<std::size_t>(std::max(0, last + difference));
    return {language, std::max(language.maxN, language.smallestN()), last, length};
}

class LanguageCourse final : public Course
{
public:
    LanguageCourse(const Recipe& recipe, std::size_t run)
        : m_recipe(recipe)
        , m_run(run)
        , m_shape(tasks::shapeOf(architectureOf(recipe)))
        , m_language(languageOf(recipe, run))
        , m_trained(m_language, m_language.smallestN(), m_language.largestN(), recipe.language.length)
        , m_longer(longStrings(m_language))
        , m_random(runKey(recipe.seed, run, Purpose::Batches))
        , m_counts(m_trained.strings())
    {
    }

    void draw(rnn::PrefixBatch& batch) override
    {
        std::fill(m_counts.begin(), m_counts.end(), 0U);
        for (std::size_t i = 0; i < m_recipe.batch; ++i)
            ++m_counts[m_random.below(m_counts.size())];
        m_batches.cut(m_counts, batch);
    }

    double weightDecay() const override { return m_recipe.weightDecay.value_or(kWeightDecay); }

    std::optional<Snapshot> judge(std::size_t step, std::span<const float> parameters,
                                  const std::stop_token& stop) const override
    {
        const rnn::Rnn network(m_shape, parameters);
        const tasks::SampleOptions strings {.strings = m_recipe.language.samples,
                                            .length = m_recipe.language.length,
                                            .key = derived(runKey(m_recipe.seed, m_run, Purpose::Strings), step)};
        Snapshot snapshot {.step = step,
                           .parameters {parameters.begin(), parameters.end()},
                           .values {m_language.differences.begin(), m_language.differences.end()},
                           .inputs = {},
                           .logits = {}};
        const auto sampled = tasks::judgeStrings(network, m_language, strings, stop);
        if (stop.stop_requested() || !keepRollouts(network, strings, snapshot, stop))
            return {};
        const ReadingScores trained = readStrings(m_shape, parameters, m_trained);
        const ReadingScores longer = readStrings(m_shape, parameters, m_longer);
        for (const double value : {sampled.accuracy, sampled.orderedAccuracy, sampled.undefined, trained.loss,
                                   longer.loss, longer.loss - trained.loss, longer.certain, weightDecay()})
            snapshot.values.push_back(value);
        return snapshot;
    }

private:
    /// The first of the strings that the accuracy was measured by.
    bool keepRollouts(const rnn::Rnn& network, tasks::SampleOptions strings, Snapshot& snapshot,
                      const std::stop_token& stop) const
    {
        strings.strings = m_recipe.sequences;
        std::vector<int> tokens(strings.strings * strings.length);
        std::vector<float> logits(strings.strings * (strings.length - 1) * m_shape.outputSize);
        if (!tasks::sampleStrings(network, m_language, strings, tokens, logits, stop))
            return false;
        snapshot.inputs.assign(tokens.begin(), tokens.end());
        snapshot.logits.resize(logits.size());
        storeHalf(logits, snapshot.logits);
        return true;
    }

    const Recipe& m_recipe;
    std::size_t m_run;
    rnn::Shape m_shape;
    FormalLanguage m_language;
    StringForest m_trained;
    StringForest m_longer;
    StringForest m_batches = m_trained; ///< draw() writes in it while judge() reads the others
    RandomStream m_random;
    std::vector<std::uint32_t> m_counts; ///< of every string in a batch
};

class LanguageFamily final : public Family
{
public:
    explicit LanguageFamily(const Recipe& recipe)
        : m_recipe(recipe)
    {
    }

    std::vector<zoo::Property> properties() const override
    {
        using zoo::PropertyKind;
        const int most = m_recipe.language.maxN;
        const std::string trained = fmt::format("strings with n up to {}", most - 1);
        const std::string longer
            = fmt::format("strings with n from {} to {}, longer than any trained on", most, 2 * most - 1);
        const auto real = [](const char* name, const char* unit, std::string description) {
            return property(PropertyKind::Real, name, unit, std::move(description));
        };
        zoo::Property task
            = property(PropertyKind::Integer, "task", "1", "occurrences of each token relative to the first");
        task.columns = m_recipe.language.letters;
        return {std::move(task),
                real("accuracy", "1", "fraction of generated words in the language"),
                real("ordered_accuracy", "1",
                     "fraction of generated words in the language whose letters also stand in order"),
                real("undefined", "1", "fraction of generated words without an end token"),
                real("train_loss", "nat",
                     "cross-entropy a token of all " + trained + ", up to and including the first end token"),
                real("eval_loss", "nat", "cross-entropy a token of " + longer + ", up to and including the end token"),
                real("generalization_gap", "nat", "eval_loss - train_loss"),
                real("long_accuracy", "1",
                     "fraction of " + longer
                         + ", of whose tokens, once n is told by the first that is not the first letter, each has the "
                           "highest probability given those before it"),
                real("weight_decay", "1", "weight decay of the optimiser")};
    }

    zoo::RolloutShape rollouts() const override
    {
        const auto outputs = static_cast<std::size_t>(architectureOf(m_recipe).outputSize);
        return {.sequences = m_recipe.sequences,
                .inputSteps = m_recipe.language.length,
                .inputSize = 0,
                .logitSteps = m_recipe.language.length - 1,
                .outputSize = outputs};
    }

    std::unique_ptr<Course> course(std::size_t run) const override
    {
        return std::make_unique<LanguageCourse>(m_recipe, run);
    }

private:
    Recipe m_recipe;
};

} // namespace

std::unique_ptr<Family> languageFamily(const Recipe& recipe)
{
    return std::make_unique<LanguageFamily>(recipe);
}

} // namespace rnnscope::making
