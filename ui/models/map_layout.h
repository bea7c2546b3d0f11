#pragma once

#include "core/projection/map_kind.h"
#include "ui/jobs/job.h"
#include "ui/models/embedded_zoo.h"

#include <QObject>
#include <QString>

#include <memory>
#include <vector>

namespace rnnscope::ui {

QString title(projection::MapKind kind); ///< "PCA", "UMAP", "t-SNE"
/// Of the first or second axis; `explained` is its share of the variance, for principal components.
QString axisTitle(projection::MapKind kind, int axis, double explained);

/// Where the networks of the map lie: in the projection that is wanted once all are embedded, by principal components
/// until then and while an encoder learns. Dropped files are placed into the map of the zoos, which stays as it is.
class MapLayout : public QObject
{
    Q_OBJECT
public:
    explicit MapLayout(JobRunner& runner, QObject* parent = nullptr);
    ~MapLayout() override;

    projection::MapKind kind() const { return m_kind; } ///< wanted
    void setKind(projection::MapKind kind);
    projection::MapKind shownKind() const { return m_shownKind; } ///< of map()
    /// [N, 2], a new one whenever it changes; null while nothing is embedded.
    std::shared_ptr<const Matrix> map() const { return m_map; }
    /// What the session shows now. Says nothing: who hears of it asks for the map then.
    void follow(const std::shared_ptr<const EmbeddedZoo>& embedded);
    void cancel(); ///< a running layout; principal components are wanted then
    /// Whether trustworthiness() is to be measured whenever the map has settled.
    void wantTrustworthiness(bool wanted);
    /// [N] of map() (core/projection/trustworthiness.h), kTrustNeighbours near ones; null until it is measured.
    std::shared_ptr<const std::vector<float>> trustworthiness() const { return m_trust; }
    static constexpr std::size_t kTrustNeighbours = 15;

Q_SIGNALS:
    void changed(); ///< the map, its trustworthiness, or what is wanted
    void failed(const QString& message, const QString& detail);

private:
    using Parts = std::vector<std::weak_ptr<const EmbeddedZoo>>;
    struct Finished
    {
        Parts parts;
        projection::MapKind kind;
        std::shared_ptr<const Matrix> map; ///< without dropped files
    };

    void refresh();
    void begin(const Parts& parts);
    void show(const std::shared_ptr<const Matrix>& laid);
    void finish(const Result<std::shared_ptr<const Matrix>>& result);
    void dropJob();
    void measure();
    void dropMeasure();
    static Parts partsOf(const std::shared_ptr<const EmbeddedZoo>& embedded);
    static bool same(const Parts& left, const Parts& right);
    std::shared_ptr<const Matrix> known(const Parts& parts) const;

    JobRunner& m_runner;
    projection::MapKind m_kind = projection::MapKind::Pca;
    projection::MapKind m_shownKind = projection::MapKind::Pca;
    std::shared_ptr<const EmbeddedZoo> m_embedded;
    std::shared_ptr<const Matrix> m_map;
    std::vector<Finished> m_finished; ///< the latest last
    bool m_trustWanted = false;
    std::shared_ptr<const std::vector<float>> m_trust;
    JobRunner::Id m_trustJob = 0;
    JobRunner::Id m_job = 0;
    Parts m_jobParts; ///< what it lays out
    std::shared_ptr<const Matrix> m_frame; ///< its latest, without dropped files; null before the first
};

} // namespace rnnscope::ui
