#pragma once

#include "core/base/result.h"
#include "core/projection/map_kind.h"
#include "ui/models/filter.h"

#include <QByteArray>
#include <QPointF>
#include <QString>
#include <QStringList>

#include <cstddef>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

namespace rnnscope::ui {

/// What a window shows, to be had again later: a JSON file, `format` "rnnscope-workspace", `version` 1. Paths are
/// absolute in memory; in the file they are relative to its folder where they lie in it, so that folders can be moved.
struct Workspace
{
    struct Network
    {
        QString zoo; ///< path
        std::size_t row = 0;
        bool operator==(const Network&) const = default;
    };
    struct Pose ///< of the map, unless it is fitted
    {
        QPointF centre;
        double scale = 1.0; ///< pixels a unit
        bool operator==(const Pose&) const = default;
    };

    struct Side ///< a map beside the map
    {
        QString checkpoint; ///< path
        projection::MapKind map = projection::MapKind::Pca;
        bool operator==(const Side&) const = default;
    };

    QStringList files; ///< as they were opened
    QString zoo; ///< the current one
    QString checkpoint;
    QStringList hidden; ///< zoos
    projection::MapKind map = projection::MapKind::Pca;
    std::vector<Side> sides;
    QString colour; ///< id of a field
    QString size; ///< of the points; the same, or empty
    QString shape;
    std::optional<std::pair<double, double>> clip; ///< of the colours
    std::optional<Pose> pose;
    Filter::State filter;
    std::vector<Network> selected;
    std::optional<Network> current;
    QString tab; ///< the one in front
    QByteArray geometry; ///< of the window and its docks, as Qt has it
    QByteArray layout;
    bool operator==(const Workspace&) const = default;
};

/// `folder`: where the file will lie.
QByteArray toJson(const Workspace& workspace, const QString& folder);

/// BadFormat with one sentence. What is missing has its default, what is unknown is passed over.
Result<Workspace> workspaceFromJson(const QByteArray& json, const QString& folder);

/// Io and BadFormat name the file.
Result<Workspace> readWorkspace(const std::filesystem::path& path);
Result<void> writeWorkspace(const Workspace& workspace, const std::filesystem::path& path);

} // namespace rnnscope::ui
