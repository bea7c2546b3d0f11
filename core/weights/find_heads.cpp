#include "core/weights/find_heads.h"

#include "core/weights/find_names.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <unordered_map>

namespace rnnscope::weights {

namespace {

/// What read-outs are called, as words of the last part of their names.
constexpr std::array<std::string_view, 19> kUsual {
    "linear", "head", "fc",     "out",        "output",    "decoder",   "classifier", "proj",  "projection", "readout",
    "dense",  "h2o",  "logits", "prediction", "predictor", "regressor", "to_logits",  "final", "lin"};
constexpr std::array<std::string_view, 4> kNoReadOut {"emb", "norm", "wte", "wpe"};
constexpr std::size_t kMostCandidates = 1000; ///< of one width
constexpr std::size_t kMostHeads = 32; ///< of one stack

std::string lower(std::string_view text)
{
    std::string result(text);
    for (char& c : result)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return result;
}

/// "fc1" -> "fc" and 1; "head.0" -> "head." and 0; without a number: the name and 0.
struct Numbered
{
    std::string stem;
    std::size_t number = 0;
};

Numbered splitNumber(std::string_view name)
{
    std::size_t digits = 0;
    while (digits < name.size() && name[name.size() - 1 - digits] >= '0' && name[name.size() - 1 - digits] <= '9')
        ++digits;
    const auto number = numberIn(name.substr(name.size() - digits));
    if (!number)
        return {std::string(name), 0};
    return {std::string(name.substr(0, name.size() - digits)), *number};
}

/// Is one of the words, between "_" and without final digits, usual for a read-out?
bool hasUsualName(std::string_view name)
{
    std::string part = lower(leafOf(name));
    if (numberIn(part))
        part = lower(leafOf(parentOf(name)));
    for (std::string_view rest = part; !rest.empty();) {
        const std::string_view word = rest.substr(0, rest.find('_'));
        rest.remove_prefix(std::min(rest.size(), word.size() + 1));
        const std::string stem = splitNumber(word).stem;
        if (std::find(kUsual.begin(), kUsual.end(), stem) != kUsual.end())
            return true;
    }
    return false;
}

bool isNoReadOut(std::string_view name)
{
    const std::string text = lower(name);
    return std::any_of(kNoReadOut.begin(), kNoReadOut.end(),
                       [&](std::string_view word) { return text.find(word) != std::string::npos; });
}

/// Parts in common from the left.
std::size_t sharedParts(std::string_view a, std::string_view b)
{
    std::size_t shared = 0;
    std::size_t i = 0;
    for (; i < a.size() && i < b.size() && a[i] == b[i]; ++i)
        shared += isSeparator(a[i]) ? 1 : 0;
    const bool whole = (i == a.size() || isSeparator(a[i])) && (i == b.size() || isSeparator(b[i]));
    return shared + (whole && i > 0 ? 1 : 0);
}

/// Is `module` the same as `name` or one of the modules around it? The root is around all.
bool holds(std::string_view module, std::string_view name)
{
    return module.empty()
        || (name.starts_with(module) && (name.size() == module.size() || isSeparator(name[module.size()])));
}

/// A matrix that might be a linear layer's.
struct Matrix
{
    std::string name; ///< without ".weight"
    std::size_t weight = 0;
    std::size_t outputs = 0;
    std::size_t inputs = 0;
};

std::vector<Matrix> matricesOf(const TensorFile& file, const std::vector<bool>& taken)
{
    constexpr std::size_t kMostOutputs = std::size_t {1} << 16U;
    std::vector<Matrix> found;
    for (std::size_t i = 0; i < file.tensors().size(); ++i) {
        const TensorInfo& tensor = file.tensors()[i];
        const std::string_view name = parentOf(tensor.name);
        if (taken[i] || tensor.shape.size() != 2 || leafOf(tensor.name) != "weight" || name.empty()
            || !isFloat(tensor.dtype) || tensor.shape[0] == 0 || tensor.shape[0] > kMostOutputs)
            continue;
        found.push_back({std::string(name), i, tensor.shape[0], tensor.shape[1]});
    }
    return found;
}

/// Names of matrices whose outputs are what the next one of their row, "head.2" behind "head.0", reads.
std::unordered_map<std::string, bool> feeders(const std::vector<Matrix>& matrices)
{
    std::unordered_map<std::string, std::vector<std::pair<std::size_t, const Matrix*>>> rows;
    for (const Matrix& matrix : matrices) {
        const Numbered split = splitNumber(matrix.name);
        if (split.stem.size() < matrix.name.size())
            rows[split.stem].emplace_back(split.number, &matrix);
    }
    std::unordered_map<std::string, bool> feeds;
    for (auto& [stem, row] : rows) {
        std::sort(row.begin(), row.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
        for (std::size_t i = 0; i + 1 < row.size(); ++i)
            feeds[row[i].second->name] = row[i].second->outputs == row[i + 1].second->inputs;
    }
    return feeds;
}

} // namespace

LinearLayers::LinearLayers(const TensorFile& file, const std::vector<bool>& taken)
{
    std::unordered_map<std::string_view, std::size_t> byName;
    for (std::size_t i = 0; i < file.tensors().size(); ++i)
        byName.emplace(file.tensors()[i].name, i);
    const auto matrices = matricesOf(file, taken);
    auto feeds = feeders(matrices);
    for (const Matrix& matrix : matrices) {
        const std::string& weightName = file.tensors()[matrix.weight].name;
        const auto bias = byName.find(weightName.substr(0, matrix.name.size() + 1) + "bias");
        Candidate candidate;
        candidate.head.name = matrix.name;
        candidate.head.outputSize = static_cast<int>(matrix.outputs);
        candidate.head.weight.tensor = matrix.weight;
        if (bias != byName.end()) {
            const TensorInfo& tensor = file.tensors()[bias->second];
            if (tensor.shape != std::vector {matrix.outputs} || !isFloat(tensor.dtype))
                continue;
            candidate.head.bias.tensor = bias->second;
        } else if (isNoReadOut(matrix.name)) {
            continue;
        }
        candidate.usualName = hasUsualName(matrix.name);
        candidate.feedsAnother = feeds[matrix.name];
        auto& sameWidth = m_byWidth[matrix.inputs];
        if (sameWidth.size() < kMostCandidates)
            sameWidth.push_back(std::move(candidate));
    }
}

LinearLayers::Scored LinearLayers::score(const Candidate& candidate, const RecurrentStack& stack)
{
    return {&candidate, sharedParts(candidate.head.name, stack.name), holds(parentOf(candidate.head.name), stack.name)};
}

/// Sorted: those with usual names first, of these the nearest.
bool LinearLayers::isClear(const std::vector<Scored>& sorted)
{
    const Candidate& best = *sorted.front().candidate;
    if (best.feedsAnother)
        return false;
    if (sorted.size() == 1)
        return true;
    if (!best.usualName)
        return false;
    // copies of the whole network, such as running averages, have read-outs of their own
    return std::all_of(sorted.begin() + 1, sorted.end(), [&](const Scored& other) {
        const bool elsewhere = !other.ancestor && sorted.front().ancestor;
        return !other.candidate->usualName || elsewhere;
    });
}

void LinearLayers::findHeads(RecurrentStack& stack, int width) const
{
    const auto found = m_byWidth.find(static_cast<std::size_t>(width));
    if (width <= 0 || found == m_byWidth.end())
        return;
    std::vector<Scored> scored;
    for (const Candidate& candidate : found->second)
        scored.push_back(score(candidate, stack));
    const auto rank = [](const Scored& s) {
        return std::tuple(s.candidate->feedsAnother, !s.candidate->usualName, !s.ancestor,
                          -static_cast<long>(s.shared));
    };
    std::stable_sort(scored.begin(), scored.end(), [&](const Scored& a, const Scored& b) { return rank(a) < rank(b); });
    stack.headIsClear = isClear(scored);
    for (std::size_t i = 0; i < std::min(scored.size(), kMostHeads); ++i)
        stack.heads.push_back(scored[i].candidate->head);
}

} // namespace rnnscope::weights
