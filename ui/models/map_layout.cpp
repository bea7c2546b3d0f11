#include "ui/models/map_layout.h"

#include "core/base/threads.h"
#include "core/projection/place_points.h"
#include "core/projection/trustworthiness.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <limits>

namespace rnnscope::ui {

namespace {

using projection::MapKind;
using MapPtr = std::shared_ptr<const Matrix>;

constexpr std::uint64_t kSeed = 1;
constexpr std::size_t kNeighbours = 15; ///< that place a dropped file
constexpr std::size_t kMostKept = 16; ///< finished maps
constexpr std::size_t kMostInFrames = 64; ///< dropped files that are placed in every frame
constexpr std::chrono::milliseconds kFrame {40};

/// Networks that the map is laid out for: of the zoos, or of dropped files where there is nothing else.
std::size_t laidOut(const EmbeddedZoo& embedded)
{
    const auto first = std::ranges::find_if(embedded.members, [](const Member& member) { return member.dropped; });
    return first == embedded.members.end() || first->first == 0 ? embedded.embedding.rows : first->first;
}

/// Are the networks embedded that the map is laid out for?
bool canBeLaidOut(const EmbeddedZoo& embedded)
{
    const std::size_t rows = laidOut(embedded);
    return embedded.members.empty() ? embedded.complete
                                    : std::ranges::all_of(embedded.members, [&](const Member& member) {
                                          return member.first >= rows || (member.part && member.part->complete);
                                      });
}

Matrix rowsOf(const Matrix& all, std::size_t begin, std::size_t end)
{
    Matrix some(end - begin, all.columns);
    std::copy_n(all.values.begin() + static_cast<std::ptrdiff_t>(begin * all.columns), some.values.size(),
                some.values.begin());
    return some;
}

Result<MapPtr> layOut(MapKind kind, const Matrix& data, const std::function<void(MapPtr)>& publish, JobContext& context)
{
    context.begin("Finding neighbours", data.rows);
    const auto layout = projection::startMap(kind, data, kSeed, availableCores(), context.stop(),
                                             [&](std::size_t points) { context.update(points); });
    if (!layout)
        return forward(layout);
    const std::size_t steps = (*layout)->steps();
    context.begin("Laying out the map", steps);
    auto shown = std::chrono::steady_clock::now();
    while ((*layout)->made() < steps) {
        if (context.stop().stop_requested())
            return cancelled("laying out the map");
        (*layout)->step();
        context.update((*layout)->made());
        if (std::chrono::steady_clock::now() - shown < kFrame)
            continue;
        publish(std::make_shared<const Matrix>((*layout)->map()));
        shown = std::chrono::steady_clock::now();
    }
    return std::make_shared<const Matrix>((*layout)->map());
}

} // namespace

QString axisTitle(projection::MapKind kind, int axis, double explained)
{
    if (kind == projection::MapKind::Pca && explained == 0.0) // of one network, or of copies
        return QObject::tr("Principal component %1").arg(axis);
    if (kind == projection::MapKind::Pca)
        return QObject::tr("Principal component %1, %2 % of variance").arg(axis).arg(explained * 100.0, 0, 'f', 0);
    return QStringLiteral("%1 %2").arg(title(kind)).arg(axis);
}

QString title(MapKind kind)
{
    switch (kind) {
    case MapKind::Umap:
        return QStringLiteral("UMAP");
    case MapKind::Tsne:
        return QStringLiteral("t-SNE");
    case MapKind::Pca:
        break;
    }
    return QStringLiteral("PCA");
}

MapLayout::MapLayout(JobRunner& runner, QObject* parent)
    : QObject(parent)
    , m_runner(runner)
{
}

MapLayout::~MapLayout() = default;

void MapLayout::setKind(MapKind kind)
{
    if (kind == m_kind)
        return;
    m_kind = kind;
    dropJob();
    refresh();
    measure();
    Q_EMIT changed();
}

void MapLayout::follow(const std::shared_ptr<const EmbeddedZoo>& embedded)
{
    if (embedded == m_embedded)
        return;
    m_embedded = embedded;
    refresh();
    measure();
}

void MapLayout::cancel()
{
    for (const auto job : {m_job, m_trustJob})
        if (job != 0)
            m_runner.stop(job);
}

void MapLayout::refresh()
{
    const bool ready = m_kind != MapKind::Pca && m_embedded && canBeLaidOut(*m_embedded) && !m_embedded->learningStep;
    const Parts parts = ready ? partsOf(m_embedded) : Parts {};
    const bool goesOn = m_job != 0 && ready && same(parts, m_jobParts);
    if (!goesOn)
        dropJob();
    dropMeasure();
    m_shownKind = MapKind::Pca;
    m_map = m_embedded ? std::make_shared<const Matrix>(m_embedded->map) : nullptr;
    const auto laid = goesOn ? m_frame : ready ? known(parts) : nullptr;
    if (laid)
        show(laid);
    else if (ready && !goesOn)
        begin(parts);
}

void MapLayout::begin(const Parts& parts)
{
    m_jobParts = parts;
    m_frame = nullptr;
    const auto work = [this, kind = m_kind, embedded = m_embedded](JobContext& context) -> Result<MapPtr> {
        const auto waiting = std::make_shared<std::atomic<bool>>(false); // a frame that has not been shown yet
        const auto publish = [&](MapPtr laid) {
            if (waiting->exchange(true))
                return;
            context.post([this, waiting, laid = std::move(laid)] {
                *waiting = false;
                m_frame = laid;
                show(laid);
                Q_EMIT changed();
            });
        };
        return layOut(kind, rowsOf(embedded->embedding, 0, laidOut(*embedded)), publish, context);
    };
    m_job = m_runner.run(this, {}, work, [this](const Result<MapPtr>& result) { finish(result); });
}

/// Of the networks that are laid out; the others are placed among them.
void MapLayout::show(const MapPtr& laid)
{
    const Matrix& all = m_embedded->embedding;
    dropMeasure();
    m_shownKind = m_kind;
    m_map = laid;
    if (laid->rows == all.rows)
        return;
    Matrix whole(all.rows, 2, std::numeric_limits<float>::quiet_NaN());
    std::ranges::copy(laid->values, whole.values.begin());
    m_map = std::make_shared<const Matrix>(whole);
    if (m_job != 0 && all.rows - laid->rows > kMostInFrames)
        return; // they come with the last frame
    const auto placed = projection::placePoints(rowsOf(all, laid->rows, all.rows), rowsOf(all, 0, laid->rows), *laid,
                                                kNeighbours, availableCores(), {});
    if (placed)
        std::ranges::copy(placed->values, whole.row(laid->rows).begin());
    m_map = std::make_shared<const Matrix>(std::move(whole));
}

void MapLayout::finish(const Result<MapPtr>& result)
{
    m_job = 0;
    if (result) {
        if (m_finished.size() == kMostKept)
            m_finished.erase(m_finished.begin());
        m_finished.push_back({m_jobParts, m_kind, *result});
        show(*result);
    } else {
        m_kind = MapKind::Pca;
        refresh();
        if (result.error().code != Errc::Cancelled)
            Q_EMIT failed(QString::fromStdString(result.error().message),
                          QString::fromStdString(result.error().detail));
    }
    measure();
    Q_EMIT changed();
}

void MapLayout::wantTrustworthiness(bool wanted)
{
    if (std::exchange(m_trustWanted, wanted) == wanted)
        return;
    if (!wanted)
        return dropMeasure();
    measure();
}

/// Of a map that has settled.
void MapLayout::measure()
{
    if (!m_trustWanted || m_trust || m_trustJob != 0 || m_job != 0 || !m_map || !m_embedded->complete
        || m_embedded->learningStep)
        return;
    using Answer = Result<std::vector<float>>;
    const auto work = [embedded = m_embedded, map = m_map](JobContext& context) -> Answer {
        context.begin("Measuring the map", 1);
        return projection::trustworthiness(embedded->embedding, *map, kTrustNeighbours, availableCores(),
                                           context.stop());
    };
    m_trustJob = m_runner.run(this, {}, work, [this](const Answer& answer) {
        m_trustJob = 0;
        if (!answer) {
            if (answer.error().code != Errc::Cancelled)
                Q_EMIT failed(QString::fromStdString(answer.error().message),
                              QString::fromStdString(answer.error().detail));
            return;
        }
        m_trust = std::make_shared<const std::vector<float>>(*answer);
        Q_EMIT changed();
    });
}

void MapLayout::dropMeasure()
{
    m_trust = nullptr;
    if (const auto id = std::exchange(m_trustJob, 0); id != 0)
        m_runner.drop(id);
}

void MapLayout::dropJob()
{
    if (const auto id = std::exchange(m_job, 0); id != 0)
        m_runner.drop(id);
}

MapLayout::Parts MapLayout::partsOf(const std::shared_ptr<const EmbeddedZoo>& embedded)
{
    const std::size_t rows = laidOut(*embedded);
    Parts parts;
    for (const Member& member : embedded->members)
        if (member.first < rows)
            parts.push_back(member.part);
    if (embedded->members.empty())
        parts.push_back(embedded);
    return parts;
}

bool MapLayout::same(const Parts& left, const Parts& right)
{
    return std::ranges::equal(left, right,
                              [](const auto& a, const auto& b) { return !a.expired() && a.lock() == b.lock(); });
}

MapPtr MapLayout::known(const Parts& parts) const
{
    const auto found = std::ranges::find_if(
        m_finished, [&](const Finished& each) { return each.kind == m_kind && same(each.parts, parts); });
    return found == m_finished.end() ? nullptr : found->map;
}

} // namespace rnnscope::ui
