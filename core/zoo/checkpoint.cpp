#include "core/zoo/checkpoint.h"

#include "core/base/hash.h"
#include "core/zoo/array_source.h"
#include "core/zoo/zoo.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

namespace rnnscope::zoo {

namespace {

/// Entries of the last layer's bias: names are "0.bias", "2.bias", …
std::size_t outputs(const State& state)
{
    int last = -1;
    std::size_t found = 0;
    for (const auto& [tensorName, tensor] : state) {
        int layer = -1;
        const char* end = tensorName.data() + tensorName.size();
        const auto [rest, status] = std::from_chars(tensorName.data(), end, layer);
        if (status != std::errc() || std::string_view(rest, static_cast<std::size_t>(end - rest)) != ".bias")
            continue;
        if (layer > last) {
            last = layer;
            found = tensor.values.size();
        }
    }
    return found;
}

bool contains(const std::vector<std::int64_t>& runs, std::int64_t run)
{
    return std::find(runs.begin(), runs.end(), run) != runs.end();
}

} // namespace

std::size_t Head::columns() const
{
    if (!classes.empty())
        return classes.size();
    if (!mean.empty())
        return mean.size();
    return outputs(state) / 2; // circular: sine and cosine
}

std::string Checkpoint::title() const
{
    const std::string kind(zoo::title(config.kind));
    return path.empty() ? kind : fmt::format("{} \u00b7 {}", kind, path.stem().string());
}

Split splitOf(const Checkpoint& checkpoint, std::string_view zooFingerprint, std::int64_t run)
{
    if (zooFingerprint.empty() || checkpoint.zooFingerprint != zooFingerprint || !checkpoint.training)
        return Split::Unknown;
    const Splits& splits = checkpoint.training->splits;
    if (contains(splits.train, run))
        return Split::Training;
    if (contains(splits.validation, run))
        return Split::Validation;
    if (contains(splits.calibration, run))
        return Split::Calibration;
    return contains(splits.ood, run) ? Split::Ood : Split::Unknown;
}

std::string originOf(std::string_view provenance)
{
    const auto json = nlohmann::json::parse(provenance, nullptr, false);
    const auto origin = json.is_object() ? json.find("origin") : json.end();
    return json.is_object() && origin != json.end() && origin->is_string() ? origin->get<std::string>() : std::string();
}

std::vector<Split> splitsOf(const Checkpoint& checkpoint, const Zoo& zoo, std::string_view zooFingerprint)
{
    const std::string origin = originOf(zoo.provenance);
    if (!origin.empty() && origin == checkpoint.zooFingerprint)
        zooFingerprint = origin;
    std::vector<Split> splits(zoo.size, Split::Unknown);
    const Property* run = zoo.property("run");
    for (std::size_t row = 0; run != nullptr && row < zoo.size; ++row)
        if (std::isfinite(run->value(row)))
            splits[row] = splitOf(checkpoint, zooFingerprint, static_cast<std::int64_t>(std::llround(run->value(row))));
    return splits;
}

std::optional<std::size_t> bestRow(const TrainingRecord& record)
{
    const auto least = [](const std::vector<double>& losses) {
        std::optional<std::size_t> found;
        for (std::size_t row = 0; row < losses.size(); ++row)
            if (std::isfinite(losses[row]) && (!found || losses[row] < losses[*found]))
                found = row;
        return found;
    };
    const auto validation = least(record.validationLoss);
    return validation ? validation : least(record.trainLoss);
}

std::string fingerprint(const Checkpoint& checkpoint)
{
    Hash64 hash;
    hash.update(fmt::format("{} {}\n", name(checkpoint.config.kind), toJson(checkpoint.config).dump()));
    for (const auto& [tensorName, tensor] : checkpoint.encoder) {
        const std::vector<std::size_t> shape(tensor.shape.begin(), tensor.shape.end());
        hash.update(fmt::format("{} {}\n", tensorName, describeShape(shape)));
        hash.update(std::span<const float>(tensor.values));
    }
    return hash.hex();
}

} // namespace rnnscope::zoo
