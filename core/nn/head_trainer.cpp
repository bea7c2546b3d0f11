#include "core/nn/head_trainer.h"

#include "core/base/threads.h"
#include "core/nn/head_fit.h"
#include "core/nn/head_model.h"
#include "core/prediction/conformal.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <map>
#include <optional>
#include <thread>

namespace rnnscope::nn {

namespace {

bool varies(const zoo::Property& property)
{
    for (std::size_t k = 0; k < property.columns; ++k) {
        std::optional<double> first;
        for (std::size_t row = 0; row < property.rows(); ++row) {
            const double value = property.value(row, k);
            if (!std::isfinite(value))
                continue;
            if (first && *first != value)
                return true;
            first = value;
        }
    }
    return false;
}

std::vector<std::size_t> usableRows(const zoo::Property& property, const Matrix& embedding,
                                    std::span<const zoo::Split> splits, zoo::Split wanted)
{
    const auto isFinite = [](float x) { return std::isfinite(x); };
    std::vector<std::size_t> rows;
    for (std::size_t row = 0; row < splits.size(); ++row) {
        const auto numbers = embedding.row(row);
        if (splits[row] == wanted && isKnown(property, row) && std::all_of(numbers.begin(), numbers.end(), isFinite))
            rows.push_back(row);
    }
    return rows;
}

HeadRows take(const zoo::Head& head, const zoo::Property& property, const Matrix& embedding,
              std::span<const std::size_t> rows)
{
    HeadRows taken {Matrix(rows.size(), embedding.columns), headTargets(head, property, rows)};
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto row = embedding.row(rows[i]);
        std::copy(row.begin(), row.end(), taken.inputs.row(i).begin());
    }
    return taken;
}

/// Networks with the same known values share a number; nothing when there is no such property.
std::vector<std::optional<std::int64_t>> numbered(const zoo::Property* property, std::size_t size)
{
    std::vector<std::optional<std::int64_t>> numbers(size);
    std::map<std::vector<double>, std::int64_t> known;
    for (std::size_t row = 0; property != nullptr && row < size; ++row) {
        if (!isKnown(*property, row))
            continue;
        const auto first = property->values.begin() + static_cast<std::ptrdiff_t>(row * property->columns);
        const std::vector<double> values(first, first + static_cast<std::ptrdiff_t>(property->columns));
        numbers[row] = known.try_emplace(values, static_cast<std::int64_t>(known.size())).first->second;
    }
    return numbers;
}

bool areTornApart(const std::vector<std::optional<std::int64_t>>& groups, std::span<const zoo::Split> splits)
{
    std::map<std::int64_t, zoo::Split> found;
    for (std::size_t row = 0; row < groups.size(); ++row)
        if (groups[row] && splits[row] != zoo::Split::Unknown
            && found.try_emplace(*groups[row], splits[row]).first->second != splits[row])
            return true;
    return false;
}

/// One property's head. Nothing when it is known for too few networks.
struct Fitted
{
    std::optional<zoo::Head> head;
    std::string note;
    std::optional<Error> error;
};

Fitted fitProperty(const zoo::Property& property, const Matrix& embedding, std::span<const zoo::Split> splits,
                   std::span<const std::int64_t> groups, std::uint64_t seed, const std::stop_token& stop)
{
    const auto training = usableRows(property, embedding, splits, zoo::Split::Training);
    const auto validation = usableRows(property, embedding, splits, zoo::Split::Validation);
    const auto calibration = usableRows(property, embedding, splits, zoo::Split::Calibration);
    Fitted fitted;
    if (training.size() < 2) {
        fitted.note
            = fmt::format("no head for {}: it is known for {} training networks only", property.name, training.size());
        return fitted;
    }
    zoo::Head head = describeHead(property, training);
    head.state = fitHead(head, take(head, property, embedding, training), take(head, property, embedding, validation),
                         {.seed = seed}, stop);
    if (head.state.empty())
        return fitted; // stopped
    if (const auto done = prediction::calibrate(head, embedding, property, calibration, groups); !done)
        fitted.error = done.error();
    fitted.head = std::move(head);
    return fitted;
}

Result<std::vector<const zoo::Property*>> chosenProperties(const zoo::Zoo& zoo, const std::vector<std::string>& names)
{
    std::vector<const zoo::Property*> chosen;
    for (const std::string& name : names) {
        chosen.push_back(zoo.property(name));
        if (chosen.back() == nullptr)
            return fail(Errc::NotFound,
                        fmt::format("{} has no property '{}' to train a head on", zoo.path.string(), name));
    }
    return chosen;
}

} // namespace

std::vector<std::string> learnableProperties(const zoo::Zoo& zoo)
{
    std::vector<std::string> names;
    for (const auto& property : zoo.properties)
        if (property.name != "run" && varies(property))
            names.push_back(property.name);
    return names;
}

std::vector<std::int64_t> calibrationGroups(const zoo::Zoo& zoo, std::span<const zoo::Split> splits)
{
    auto found = numbered(zoo.property("task"), zoo.size);
    const bool hasTasks = std::any_of(found.begin(), found.end(), [](const auto& group) { return group.has_value(); });
    if (!hasTasks || areTornApart(found, splits))
        found = numbered(zoo.property("run"), zoo.size);
    std::vector<std::int64_t> groups(zoo.size);
    for (std::size_t row = 0; row < zoo.size; ++row) // negative: alone
        groups[row] = found[row].value_or(-1 - static_cast<std::int64_t>(row));
    return groups;
}

Result<std::vector<zoo::Head>> trainHeads(const zoo::Zoo& zoo, const Matrix& embedding,
                                          std::span<const zoo::Split> splits, const engine::HeadOptions& options,
                                          Progress& progress, std::stop_token stop)
{
    if (embedding.rows != zoo.size || splits.size() != zoo.size)
        return fail(Errc::ShapeMismatch,
                    fmt::format("{} has {} networks, but there are {} embeddings and {} splits to train heads on",
                                zoo.path.string(), zoo.size, embedding.rows, splits.size()));
    const auto properties
        = chosenProperties(zoo, options.properties.empty() ? learnableProperties(zoo) : options.properties);
    if (!properties)
        return forward(properties);
    const auto groups = calibrationGroups(zoo, splits);
    std::vector<Fitted> fitted(properties->size());
    std::atomic<std::size_t> count = 0;
    const auto caller = std::this_thread::get_id();
    progress.begin("training heads", properties->size());
    parallelFor(properties->size(), 1, at::get_num_threads(), [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            fitted[i] = fitProperty(*(*properties)[i], embedding, splits, groups, options.seed, stop);
            const std::size_t done = ++count;
            if (std::this_thread::get_id() == caller)
                progress.update(done);
        }
    });
    if (stop.stop_requested())
        return cancelled("training heads");
    progress.update(properties->size());
    std::vector<zoo::Head> heads;
    for (Fitted& one : fitted) {
        if (one.error)
            return tl::make_unexpected(*one.error);
        if (!one.note.empty())
            progress.note(one.note);
        if (one.head)
            heads.push_back(std::move(*one.head));
    }
    return heads;
}

Result<std::vector<zoo::Head>> trainHeads(const zoo::Zoo& zoo, const Matrix& embedding,
                                          std::span<const zoo::Split> splits,
                                          const std::vector<std::string>& properties, Progress& progress,
                                          std::stop_token stop)
{
    return trainHeads(zoo, embedding, splits, engine::HeadOptions {.properties = properties, .seed = 1}, progress,
                      std::move(stop));
}

} // namespace rnnscope::nn
