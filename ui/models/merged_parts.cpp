#include "core/projection/pca.h"
#include "ui/models/merged_zoo.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace rnnscope::ui {

namespace {

using prediction::Prediction;

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

/// The entries of one member into those of all, `width` a network; nothing where the member has none.
template <typename T>
void copyRows(const std::vector<T>& from, std::size_t firstRow, std::size_t width, std::vector<T>& to)
{
    const auto begin = std::min(firstRow * width, to.size());
    std::copy_n(from.begin(), std::min(from.size(), to.size() - begin),
                to.begin() + static_cast<std::ptrdiff_t>(begin));
}

/// As `like`, which is of one member, but of `rows` networks of which nothing is known.
Prediction unknownPrediction(const Prediction& like, std::size_t rows)
{
    Prediction all = like;
    const auto entries = rows * like.columns;
    all.values.assign(entries, kMissing);
    all.probabilities.assign(like.probabilities.empty() ? 0 : entries * like.maxClasses(), 0.0F);
    all.inSet.assign(like.inSet.empty() ? 0 : entries * like.maxClasses(), 0);
    all.lower.assign(like.lower.empty() ? 0 : entries, kMissing);
    all.upper.assign(like.upper.empty() ? 0 : entries, kMissing);
    return all;
}

void addPrediction(const Prediction& part, std::size_t firstRow, EmbeddedZoo& all)
{
    auto at = std::find_if(all.predictions.begin(), all.predictions.end(),
                           [&](const Prediction& each) { return each.property == part.property; });
    if (at == all.predictions.end())
        at = all.predictions.insert(at, unknownPrediction(part, all.zoo->size));
    const auto width = part.columns;
    copyRows(part.values, firstRow, width, at->values);
    copyRows(part.probabilities, firstRow, width * part.maxClasses(), at->probabilities);
    copyRows(part.inSet, firstRow, width * part.maxClasses(), at->inSet);
    copyRows(part.lower, firstRow, width, at->lower);
    copyRows(part.upper, firstRow, width, at->upper);
}

void addPart(const EmbeddedZoo& part, std::size_t firstRow, EmbeddedZoo& all)
{
    copyRows(part.embedding.values, firstRow, all.embedding.columns, all.embedding.values);
    copyRows(part.splits, firstRow, 1, all.splits);
    if (!part.trust.empty())
        all.trust.resize(all.zoo->size, kMissing);
    copyRows(part.trust, firstRow, 1, all.trust);
    for (const auto row : part.failed)
        all.failed.push_back(firstRow + row);
    for (const auto& prediction : part.predictions)
        addPrediction(prediction, firstRow, all);
    all.done += part.done;
    all.complete = all.complete && part.complete;
}

/// Fitted to the zoos alone: a file that is dropped must not move them.
void placeMembers(EmbeddedZoo& all)
{
    const auto dropped = std::find_if(all.members.begin(), all.members.end(), [](const auto& m) { return m.dropped; });
    const auto rows = dropped == all.members.end() || dropped == all.members.begin() ? all.zoo->size : dropped->first;
    Matrix zoos = all.embedding;
    zoos.rows = rows;
    zoos.values.resize(rows * zoos.columns);
    const auto pca = projection::fitPca(zoos);
    all.map = projection::project(pca, all.embedding);
    all.explained[0] = pca.explained[0];
    all.explained[1] = pca.explained[1];
}

} // namespace

std::shared_ptr<const EmbeddedZoo> mergeParts(std::vector<Member> members, std::shared_ptr<const zoo::Zoo> merged)
{
    if (members.size() == 1 && !members.front().dropped)
        return members.front().part;
    auto all = std::make_shared<EmbeddedZoo>();
    all->zoo = std::move(merged);
    all->members = std::move(members);
    const auto& first = *all->members.front().part;
    all->checkpoint = first.checkpoint;
    all->embedding = Matrix(all->zoo->size, first.embedding.columns, std::numeric_limits<float>::quiet_NaN());
    all->splits.assign(all->zoo->size, zoo::Split::Unknown);
    all->complete = true;
    for (const auto& member : all->members)
        addPart(*member.part, member.first, *all);
    placeMembers(*all);
    return all;
}

} // namespace rnnscope::ui
