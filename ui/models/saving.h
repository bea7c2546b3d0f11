#pragma once

#include "core/projection/map_kind.h"
#include "core/weights/save.h"
#include "ui/jobs/job.h"
#include "ui/models/embedded_zoo.h"

#include <QObject>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace rnnscope::ui {

/// Networks of one zoo.
struct NetworksToSave
{
    std::shared_ptr<const zoo::Zoo> zoo;
    std::vector<std::size_t> rows; ///< of that zoo
};

/// What to save and where.
struct SavePlan
{
    std::vector<NetworksToSave> networks; ///< at least one zoo with at least one row
    weights::SaveFormat format = weights::SaveFormat::Safetensors;
    /// One network: its file. Several: a folder, with one folder per zoo in it where there are several zoos.
    std::filesystem::path target;

    std::size_t count() const;
};

/// What the window knows of the networks on its map, for an HDF5 file.
struct NetworkTable
{
    std::shared_ptr<const EmbeddedZoo> networks;
    std::shared_ptr<const Matrix> map; ///< [N, 2] as shown; null: none
    projection::MapKind kind = projection::MapKind::Pca; ///< of it
    std::vector<std::string> names; ///< [N]
    std::vector<std::size_t> selected; ///< rows
    std::vector<std::uint8_t> shown; ///< [N] 1: no filter hides it
};

/// The file of formats.md, "Embedding", with names, zoos, what is selected and what the filters show. Reads the zoos
/// for their fingerprints.
Result<void> writeNetworkTable(const NetworkTable& table, const std::filesystem::path& target);

/// How networks are written; tests give fakes.
struct NetworkWriters
{
    std::function<Result<void>(const zoo::Architecture&, std::span<const float>, const std::filesystem::path&,
                               weights::SaveFormat)>
        one = &weights::saveNetwork;
    std::function<Result<std::vector<std::filesystem::path>>(const zoo::Zoo&, std::span<const std::size_t>,
                                                             const std::filesystem::path&, weights::SaveFormat,
                                                             Progress&, std::stop_token)>
        several = &weights::saveNetworks;
};

/// Writes networks as weight files, and tables of them, in jobs.
class Saving : public QObject
{
    Q_OBJECT
public:
    explicit Saving(JobRunner& runner, QObject* parent = nullptr);

    void setWriters(NetworkWriters writers) { m_writers = std::move(writers); }
    void save(const SavePlan& plan);
    void save(NetworkTable table, const std::filesystem::path& target);

Q_SIGNALS:
    void saved(const QString& message); ///< "Saved 12 networks to runs"
    void failed(const QString& message, const QString& detail);

private:
    JobRunner& m_runner;
    void report(const Result<QString>& message);

    NetworkWriters m_writers;
};

/// "languages-12": what the authors of the zoo would call the file, with characters that every file system takes.
QString proposedFileName(const zoo::Zoo& zoo, std::size_t row);
/// "languages-networks"
QString proposedFolderName(const zoo::Zoo& zoo);

} // namespace rnnscope::ui
