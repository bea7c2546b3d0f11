#include "core/tasks/language_sampler.h"

#include "core/base/random.h"

#include <algorithm>
#include <cmath>

namespace rnnscope::tasks {

namespace {

constexpr std::size_t kSlots = 48; // strings at once: their states and a layer's weights stay in the second cache

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
    Judge(const rnn::Rnn& network, const FormalLanguage& language, const SampleOptions& options)
        : m_network(network)
        , m_language(language)
        , m_options(options)
        , m_state(network.zeroState(std::min(kSlots, options.strings)))
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
        while (m_judged < m_options.strings) {
            if (stop.stop_requested())
                return {};
            m_network.step(m_tokens, m_state, logits);
            for (std::size_t slot = 0; slot < m_slots.size(); ++slot)
                if (!m_slots[slot].text.empty() && !extend(slot, std::span(logits).subspan(slot * m_weights.size())))
                    return {};
        }
        const auto share
            = [&](std::size_t count) { return static_cast<double>(count) / static_cast<double>(m_options.strings); };
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
        if (m_started == m_options.strings)
            return;
        m_slots[slot].key = derived(m_options.key, m_started++);
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
    const FormalLanguage& m_language;
    SampleOptions m_options;
    rnn::RnnState m_state;
    std::vector<Slot> m_slots;
    std::vector<int> m_tokens;
    std::vector<double> m_weights;
    std::size_t m_started = 0, m_judged = 0, m_correct = 0, m_ordered = 0, m_undefined = 0;
};

/// out = logits - log sum exp logits
void logSoftmax(std::span<const float> logits, std::span<float> out)
{
    const double largest = static_cast<double>(*std::max_element(logits.begin(), logits.end()));
    double total = 0.0;
    for (const float logit : logits)
        total += std::exp(static_cast<double>(logit) - largest);
    const double shift = largest + std::log(total);
    for (std::size_t i = 0; i < logits.size(); ++i)
        out[i] = static_cast<float>(static_cast<double>(logits[i]) - shift);
}

class NetworkWriter final : public StringWriter
{
public:
    explicit NetworkWriter(const rnn::Rnn& network)
        : m_network(network)
        , m_state(network.zeroState(0))
    {
    }
    std::size_t outputSize() const override { return m_network.shape().outputSize; }
    std::size_t atOnce() const override { return kSlots; }
    Result<void> begin(std::size_t strings) override
    {
        m_state = m_network.zeroState(strings);
        return {};
    }
    Result<void> next(std::span<const int> tokens, std::span<float> logits) override
    {
        m_network.step(tokens, m_state, logits);
        return {};
    }

private:
    const rnn::Rnn& m_network;
    rnn::RnnState m_state;
};

/// Tokens [S, T]; `keep` gets string, step and the logits that the step was drawn from.
template <typename Keep>
Result<void> writeStrings(StringWriter& writer, const FormalLanguage& language, const SampleOptions& options,
                          std::span<int> tokens, const Keep& keep, const std::stop_token& stop)
{
    const std::size_t outputs = writer.outputSize();
    const std::size_t length = options.length;
    std::vector<double> weights(outputs);
    for (std::size_t first = 0; first < options.strings; first += writer.atOnce()) {
        const std::size_t count = std::min(writer.atOnce(), options.strings - first);
        if (auto begun = writer.begin(count); !begun)
            return begun;
        std::vector<int> last(count, language.begin());
        std::vector<float> logits(count * outputs);
        for (std::size_t i = 0; i < count; ++i)
            tokens[(first + i) * length] = language.begin();
        for (std::size_t t = 1; t < length; ++t) {
            if (stop.stop_requested())
                return cancelled("writing strings");
            if (auto written = writer.next(last, logits); !written)
                return written;
            for (std::size_t i = 0; i < count; ++i) {
                const std::size_t s = first + i;
                const auto answer = std::span<const float>(logits).subspan(i * outputs, outputs);
                const int token = draw(answer, uniform(derived(options.key, s), t), weights);
                last[i] = tokens[s * length + t] = token < 0 ? language.end() : token;
                keep(s, t, answer);
            }
        }
    }
    return {};
}

} // namespace

LanguageAccuracy judgeStrings(const rnn::Rnn& network, const FormalLanguage& language, const SampleOptions& options,
                              const std::stop_token& stop)
{
    return Judge(network, language, options).measure(stop);
}

bool sampleStrings(const rnn::Rnn& network, const FormalLanguage& language, const SampleOptions& options,
                   std::span<int> tokens, std::span<float> logProbabilities, const std::stop_token& stop)
{
    const std::size_t outputs = network.shape().outputSize;
    NetworkWriter writer(network);
    const auto keep = [&](std::size_t string, std::size_t t, std::span<const float> logits) {
        const std::size_t place = string * (options.length - 1) + t - 1;
        logSoftmax(logits, logProbabilities.subspan(place * outputs, outputs));
    };
    return writeStrings(writer, language, options, tokens, keep, stop).has_value();
}

Result<void> sampleStrings(StringWriter& writer, const FormalLanguage& language, const SampleOptions& options,
                           std::span<int> tokens, const std::stop_token& stop)
{
    return writeStrings(
        writer, language, options, tokens, [](auto...) {}, stop);
}

} // namespace rnnscope::tasks
