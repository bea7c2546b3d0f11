#include "core/tasks/language_accuracy.h"

#include "core/tasks/formal_language.h"
#include "core/tasks/run_networks.h"

#include <algorithm>
#include <cmath>

namespace rnnscope::tasks {

namespace {

constexpr std::size_t kSlots = 48; // strings at once: their states and a layer's weights stay in the second cache

/// Steele, Lea, Flood 2014: the finaliser of SplitMix64.
std::uint64_t mixed(std::uint64_t x)
{
    x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31U);
}

constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15U;

/// Counter-based, so that a string's tokens depend on nothing but seed, row and number of the string.
std::uint64_t derived(std::uint64_t key, std::size_t counter)
{
    return mixed(key + kGolden * (counter + 1));
}

double uniform(std::uint64_t key, std::size_t counter)
{
    constexpr double kUnit = 0x1.0p-53;
    return static_cast<double>(derived(key, counter) >> 11U) * kUnit;
}

/// A token drawn from the softmax of `logits`; -1 when they are not finite.
int draw(std::span<const float> logits, double uniformNumber, std::span<double> weights)
{
    const double largest = static_cast<double>(*std::max_element(logits.begin(), logits.end()));
    double total = 0.0;
    for (std::size_t i = 0; i < logits.size(); ++i)
        total += weights[i] = std::exp(static_cast<double>(logits[i]) - largest);
    if (!std::isfinite(total))
        return -1;
    double left = uniformNumber * total;
    std::size_t token = 0;
    for (; token + 1 < logits.size() && left >= weights[token]; ++token)
        left -= weights[token];
    return static_cast<int>(token);
}

/// Samples one network's strings, kSlots at a time: where one ends, the next begins.
class Judge
{
public:
    Judge(const rnn::Rnn& network, FormalLanguage language, const LanguageAccuracyOptions& options, std::uint64_t key)
        : m_network(network)
        , m_language(std::move(language))
        , m_options(options)
        , m_key(key)
        , m_state(network.zeroState(std::min(kSlots, options.samples)))
        , m_slots(m_state.sequences())
        , m_tokens(m_slots.size())
        , m_weights(network.shape().outputSize)
    {
    }

    /// Unknown when the logits are not finite or `stop` is requested.
    LanguageAccuracy measure(const std::stop_token& stop)
    {
        std::vector<float> logits(m_slots.size() * m_weights.size());
        for (std::size_t slot = 0; slot < m_slots.size(); ++slot)
            start(slot);
        while (m_judged < m_options.samples) {
            if (stop.stop_requested())
                return {};
            m_network.step(m_tokens, m_state, logits);
            for (std::size_t slot = 0; slot < m_slots.size(); ++slot)
                if (!m_slots[slot].text.empty() && !extend(slot, std::span(logits).subspan(slot * m_weights.size())))
                    return {};
        }
        const auto share
            = [&](std::size_t count) { return static_cast<double>(count) / static_cast<double>(m_options.samples); };
        return {.accuracy = share(m_correct), .orderedAccuracy = share(m_ordered), .undefined = share(m_undefined)};
    }

private:
    struct Slot
    {
        std::uint64_t key = 0;
        std::vector<int> text; ///< empty: there are no more strings to sample
    };

    void start(std::size_t slot)
    {
        m_slots[slot].text.clear();
        if (m_started == m_options.samples)
            return;
        m_slots[slot].key = derived(m_key, m_started++);
        m_slots[slot].text.push_back(m_language.begin());
        m_tokens[slot] = m_language.begin();
        m_state.reset(slot);
    }

    /// Acceptance reads nothing behind the first end, so a string need not go on.
    bool extend(std::size_t slot, std::span<const float> logits)
    {
        auto& [key, text] = m_slots[slot];
        const int token = draw(logits.first(m_weights.size()), uniform(key, text.size()), m_weights);
        if (token < 0)
            return false;
        text.push_back(token);
        m_tokens[slot] = token;
        if (token != m_language.end() && text.size() < m_options.length)
            return true;
        const Acceptance acceptance = accept(m_language, text);
        m_correct += acceptance.correct ? 1 : 0;
        m_ordered += acceptance.ordered ? 1 : 0;
        m_undefined += acceptance.undefined ? 1 : 0;
        ++m_judged;
        start(slot);
        return true;
    }

    const rnn::Rnn& m_network;
    FormalLanguage m_language;
    LanguageAccuracyOptions m_options;
    std::uint64_t m_key;
    rnn::RnnState m_state;
    std::vector<Slot> m_slots;
    std::vector<int> m_tokens;
    std::vector<double> m_weights;
    std::size_t m_started = 0, m_judged = 0, m_correct = 0, m_ordered = 0, m_undefined = 0;
};

Result<const zoo::Property*> taskOf(const zoo::Zoo& zoo)
{
    const zoo::Property* task = zoo.property("task");
    if (zoo.family != zoo::TaskFamily::FormalLanguage)
        return fail(Errc::BadValue,
                    fmt::format("{} is a zoo of {}, expected formal_language", zoo.name, zoo::name(zoo.family)));
    if (task == nullptr || task->rows() != zoo.size)
        return fail(Errc::NotFound, fmt::format("{} does not record the property 'task' of its networks", zoo.name));
    const zoo::Architecture& rnn = zoo.architecture;
    const std::size_t tokens = task->columns + 2; // begin and end
    if (static_cast<std::size_t>(rnn.inputSize) != tokens || rnn.outputSize != rnn.inputSize)
        return fail(Errc::ShapeMismatch,
                    fmt::format("the networks of {} read {} and answer {} numbers, expected {} tokens of tasks with {} "
                                "letters",
                                zoo.name, rnn.inputSize, rnn.outputSize, tokens, task->columns));
    return task;
}

} // namespace

Result<std::vector<LanguageAccuracy>> measureLanguageAccuracy(const zoo::Zoo& zoo, std::span<const std::size_t> rows,
                                                              const LanguageAccuracyOptions& options,
                                                              Progress& progress, std::stop_token stop)
{
    const auto task = taskOf(zoo);
    if (!task)
        return forward(task);
    if (options.samples == 0 || options.length < 2)
        return fail(Errc::BadValue,
                    fmt::format("cannot measure accuracy by {} strings of {} tokens, expected at least 1 of 2",
                                options.samples, options.length));
    std::vector<LanguageAccuracy> measured(rows.size());
    const auto measure = [&](std::size_t i, const rnn::Rnn& network) {
        FormalLanguage language {.differences = differencesOf(**task, rows[i])};
        if (!language.differences.empty())
            measured[i]
                = Judge(network, std::move(language), options, derived(mixed(options.seed), rows[i])).measure(stop);
    };
    const auto run = forEachNetwork(zoo, rows, {.what = "measuring the accuracy", .threads = options.threads}, progress,
                                    stop, measure);
    if (!run)
        return forward(run);
    return measured;
}

} // namespace rnnscope::tasks
