#include "core/prediction/embedding_file.h"
#include "ui/models/saving.h"

#include <algorithm>

namespace rnnscope::ui {

namespace {

/// Of several zoos one after the other, as their names are.
Result<std::string> fingerprintOf(const EmbeddedZoo& networks)
{
    std::string all;
    for (const auto& zoo : zoosOf(networks)) {
        const auto print = zoo::fingerprint(*zoo);
        if (!print)
            return forward(print);
        all += (all.empty() ? "" : ", ") + *print;
    }
    return all;
}

std::vector<std::string> zooNames(const EmbeddedZoo& networks)
{
    std::vector<std::string> names;
    for (std::size_t row = 0; !networks.members.empty() && row < networks.zoo->size; ++row)
        names.push_back(placeOf(networks, row).embedded.zoo->name);
    return names;
}

} // namespace

Result<void> writeNetworkTable(const NetworkTable& table, const std::filesystem::path& target)
{
    const EmbeddedZoo& networks = *table.networks;
    const auto print = fingerprintOf(networks);
    if (!print)
        return forward(print);
    auto writer = prediction::EmbeddingWriter::open(target,
                                                    {.zoo = networks.zoo,
                                                     .checkpoint = networks.checkpoint,
                                                     .zooFingerprint = *print,
                                                     .checkpointFingerprint = zoo::fingerprint(*networks.checkpoint)});
    if (!writer)
        return forward(writer);
    if (const auto appended = writer->append(0, {}, networks.embedding); !appended)
        return appended;
    prediction::EmbeddingSummary summary;
    summary.predictions = networks.predictions;
    summary.trust = networks.trust;
    summary.splits = networks.splits;
    summary.failed = networks.failed;
    summary.names = table.names;
    summary.zoos = zooNames(networks);
    summary.shown = table.shown;
    summary.selected.assign(networks.zoo->size, 0);
    if (table.map) {
        summary.projection = *table.map;
        summary.projectionName = projection::name(table.kind);
    }
    for (const std::size_t row : table.selected)
        if (row < summary.selected.size())
            summary.selected[row] = 1;
    return writer->finish(summary);
}

} // namespace rnnscope::ui
