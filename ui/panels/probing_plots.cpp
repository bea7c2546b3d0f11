#include "ui/panels/probing_plots.h"

#include "core/rnn/softmax.h"

#include <algorithm>

namespace rnnscope::ui {

namespace {

using zoo::TaskFamily;

/// Values [steps, size] of one sequence.
std::vector<float> sequenceOf(const std::vector<float>& values, const engine::Traces& traces, std::size_t size,
                              std::size_t sequence)
{
    std::vector<float> found;
    found.reserve(traces.steps * size);
    for (std::size_t step = 0; step < traces.steps; ++step) {
        const std::size_t at = (step * traces.parallel + sequence) * size;
        if (at + size > values.size())
            break;
        const auto begin = values.begin() + static_cast<std::ptrdiff_t>(at);
        found.insert(found.end(), begin, begin + static_cast<std::ptrdiff_t>(size));
    }
    return found;
}

/// [steps, size] to [size, steps].
std::vector<float> transposed(const std::vector<float>& values, std::size_t size)
{
    const std::size_t steps = size == 0 ? 0 : values.size() / size;
    std::vector<float> turned(values.size());
    for (std::size_t step = 0; step < steps; ++step)
        for (std::size_t k = 0; k < size; ++k)
            turned[k * steps + step] = values[step * size + k];
    return turned;
}

/// The label of the largest value at every step.
QStringList mostLikely(const std::vector<float>& values, std::size_t size, const QStringList& labels)
{
    QStringList found;
    for (std::size_t at = 0; size > 0 && at + size <= values.size(); at += size) {
        const auto begin = values.begin() + static_cast<std::ptrdiff_t>(at);
        found << labels[std::max_element(begin, begin + static_cast<std::ptrdiff_t>(size)) - begin];
    }
    return found;
}

HeatMap makeMap(const QString& title, const QString& subtitle, const QStringList& labels,
                const std::vector<float>& values)
{
    const auto size = static_cast<std::size_t>(labels.size());
    HeatMap map;
    map.title = title;
    map.subtitle = subtitle;
    map.rows = labels;
    map.columns = size == 0 ? 0 : values.size() / size;
    map.values = transposed(values, size);
    map.footerTitle = QStringLiteral("most likely");
    return map;
}

QString inputSubtitle(TaskFamily family, bool softmaxProbes)
{
    if (!softmaxProbes)
        return QStringLiteral("sigmoid of each entry");
    return family == TaskFamily::FormalLanguage ? QStringLiteral("softmax over tokens")
                                                : QStringLiteral("softmax over entries");
}

QString outputSubtitle(TaskFamily family)
{
    switch (family) {
    case TaskFamily::FormalLanguage:
        return QStringLiteral("probability of next token");
    case TaskFamily::SequentialMnist:
        return QStringLiteral("probability of each digit");
    case TaskFamily::Custom:
        break;
    }
    return QStringLiteral("softmax of the logits");
}

} // namespace

QStringList rowLabels(TaskFamily family, std::size_t count)
{
    QStringList labels;
    constexpr std::size_t kSpecial = 2; // begin and end
    constexpr std::size_t kLetters = 26;
    const bool letters = family == TaskFamily::FormalLanguage && count > kSpecial && count <= kLetters + kSpecial;
    for (std::size_t i = 0; i < count; ++i) {
        if (!letters)
            labels << QString::number(i);
        else if (i + kSpecial < count)
            labels << QString(QChar(static_cast<char16_t>(u'a' + i)));
        else
            labels << (i + 1 < count ? QStringLiteral("⊢") : QStringLiteral("⊣"));
    }
    return labels;
}

ProbingPlots makeProbingPlots(TaskFamily family, bool softmaxProbes, const engine::Traces& traces, std::size_t sequence)
{
    const auto inputs = sequenceOf(traces.inputs, traces, traces.inputSize, sequence);
    auto outputs = sequenceOf(traces.outputs, traces, traces.outputSize, sequence);
    rnn::softmaxRows(outputs, traces.outputSize);
    const QStringList inputLabels = rowLabels(family, traces.inputSize);
    const QStringList outputLabels = rowLabels(family, traces.outputSize);
    ProbingPlots plots;
    plots.input = makeMap(QStringLiteral("Probe input"), inputSubtitle(family, softmaxProbes), inputLabels, inputs);
    plots.output = makeMap(QStringLiteral("Network output"), outputSubtitle(family), outputLabels, outputs);
    if (family == TaskFamily::FormalLanguage)
        plots.input.footer = mostLikely(inputs, traces.inputSize, inputLabels);
    if (family != TaskFamily::Custom)
        plots.output.footer = mostLikely(outputs, traces.outputSize, outputLabels);
    if (family == TaskFamily::SequentialMnist && traces.inputSize == kTileSide * kTileSide)
        plots.image = {QStringLiteral("Probe input"), QStringLiteral("tiles in order of steps"),
                       tilesToImage(inputs, traces.inputSize)};
    return plots;
}

} // namespace rnnscope::ui
