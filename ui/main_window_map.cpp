#include "ui/main_window.h"
#include "ui/models/colour_channel.h"
#include "ui/models/history.h"
#include "ui/models/labels.h"
#include "ui/models/map_layout.h"
#include "ui/models/map_place.h"
#include "ui/models/session.h"
#include "ui/models/symmetry.h"
#include "ui/models/training.h"
#include "ui/panels/behaviour_panel.h"
#include "ui/panels/message_bar.h"
#include "ui/panels/property_text.h"
#include "ui/panels/trajectory_panel.h"
#include "ui/plots/map_view.h"
#include "ui/plots/text.h"
#include "ui/plots/zoo_marks.h"

#include <QAction>
#include <QComboBox>
#include <QSignalBlocker>

#include <algorithm>
#include <cmath>
#include <utility>

namespace rnnscope::ui {

namespace {

const QString kMapTrust = QStringLiteral("map_trust");

/// How far to trust each point's neighbours on the map; all NaN until it is measured.
ColourChannel mapTrustChannel(const MapLayout& layout, std::size_t networks)
{
    ColourChannel channel {.title = QObject::tr("Trustworthiness of the map"),
                           .values = std::vector<double>(networks, std::nan("")),
                           .categories = {}};
    if (const auto trust = layout.trustworthiness(); trust && trust->size() == networks)
        std::ranges::copy(*trust, channel.values.begin());
    return channel;
}

/// Of every point; empty where all are circles.
std::vector<std::uint8_t> shapesOf(const EmbeddedZoo& shown)
{
    std::vector<std::uint8_t> shapes(shown.members.empty() ? 0 : shown.zoo->size, 0);
    const auto zoos
        = std::count_if(shown.members.begin(), shown.members.end(), [](const auto& m) { return !m.dropped; });
    for (const auto& member : shown.members)
        std::fill_n(shapes.begin() + static_cast<std::ptrdiff_t>(member.first), member.zoo->size,
                    member.dropped ? kStarShape
                        : zoos > 1 ? zooShape(member.number)
                                   : std::uint8_t {0});
    return shapes;
}

std::vector<ShapeEntry> shapeLegendOf(const EmbeddedZoo& shown)
{
    std::vector<ShapeEntry> entries;
    const auto dropped
        = std::count_if(shown.members.begin(), shown.members.end(), [](const auto& m) { return m.dropped; });
    if (std::ssize(shown.members) - dropped > 1)
        for (const auto& member : shown.members)
            if (!member.dropped)
                entries.push_back({plainText(member.zoo->name), zooShape(member.number)});
    if (dropped > 0)
        entries.push_back(
            {dropped == 1 ? plainText(shown.members.back().zoo->name) : QObject::tr("dropped files"), kStarShape});
    return entries;
}

} // namespace

void MainWindow::refreshMap()
{
    refreshColours();
    const auto embedded = m_session.embedded();
    m_map->setPlaceholder(placeholder());
    if (embedded && embedded == m_mapped)
        return;
    m_mapped = embedded;
    tellSymmetry();
    leavePlace();
    m_filter.setNetworks(embedded);
    if (embedded && zoosOf(*embedded) != m_rows) {
        m_rows = zoosOf(*embedded);
        m_history->forget();
    }
    if (!embedded)
        return m_map->setPoints({});
    m_map->setShapeLegend(shapeLegendOf(*embedded));
    placePoints();
    m_map->setNote(embedded->learningStep
                       ? tr("learning, step %1").arg(groupedNumber(static_cast<qlonglong>(*embedded->learningStep)))
                       : QString());
    applyColour();
    applyPoints();
    showPaths();
    if (embedded->complete && !m_selection.current()) {
        selectRepresentative(*embedded);
        m_history->rebase();
    }
}

/// Where the projection has them now.
void MainWindow::placePoints()
{
    const auto map = m_session.layout().map();
    if (!m_mapped || !map || map->rows != m_mapped->zoo->size)
        return;
    const auto kind = m_session.layout().shownKind();
    std::vector<QPointF> points(map->rows);
    for (std::size_t row = 0; row < points.size(); ++row)
        points[row] = QPointF((*map)(row, 0), (*map)(row, 1));
    m_map->setAxisTitles(axisTitle(kind, 1, m_mapped->explained[0]), axisTitle(kind, 2, m_mapped->explained[1]));
    m_map->setPoints(std::move(points), shapesOf(*m_mapped));
    if (std::exchange(m_shownKind, kind) != kind)
        m_map->fit(); // another scale
}

/// Of the selected runs, unless they are not wanted.
void MainWindow::showPaths()
{
    std::vector<std::vector<std::size_t>> paths;
    if (m_showPaths == nullptr || m_showPaths->isChecked())
        for (const auto& trajectory : m_trajectory->trajectories())
            paths.push_back(trajectory.rows);
    if (m_mapped)
        for (const auto& [network, copy] : copiesOnMap(*m_mapped, m_session.permuted()))
            paths.push_back({network, copy});
    m_map->setPaths(std::move(paths));
}

void MainWindow::checkSymmetry()
{
    constexpr std::size_t kMost = 100;
    auto rows = m_selection.ids();
    if (rows.size() > kMost)
        m_messages->showNote(tr("Only the first %1 of the selected networks are copied").arg(kMost));
    rows.resize(std::min(rows.size(), kMost));
    m_session.addPermuted(rows);
}

/// How far the encoder puts permuted copies from what they are copies of, once for each map.
void MainWindow::tellSymmetry()
{
    m_jobs.drop(m_symmetryJob); // of another map
    if (!m_mapped || !m_mapped->complete || m_session.permuted().empty())
        return;
    const auto work = [shown = m_mapped, copies = m_session.permuted()](JobContext& context) {
        return symmetryOf(*shown, copies, context.stop());
    };
    m_symmetryJob = m_jobs.run(this, {}, work, [this](const Result<std::optional<SymmetryFinding>>& found) {
        if (found && *found)
            showSymmetry(**found);
    });
}

void MainWindow::showSymmetry(const SymmetryFinding& found)
{
    constexpr double kUnmoved = 1e-3; // of the way to the nearest network
    const auto encoder = QString::fromUtf8(zoo::title(m_mapped->checkpoint->config.kind));
    const double ways = found.moved / found.nearest;
    const auto networks = found.networks == 1 ? tr("the network") : tr("%1 networks").arg(found.networks);
    if (ways < kUnmoved)
        m_messages->showNote(
            tr("%1 does not see the order of hidden units: permuted copies of %2 lie where they are copied from")
                .arg(encoder, networks));
    else
        m_messages->showNote(tr("%1 moves permuted copies of %2 %3 times as far as the nearest other network (median)")
                                 .arg(encoder, networks, shortNumber(ways, 2)));
}

QString MainWindow::hoverText(std::size_t row) const
{
    const auto embedded = m_session.embedded();
    return embedded ? hoverHtml(*embedded, row) : QString();
}

void MainWindow::refreshLayout()
{
    const auto kind = m_session.layout().kind();
    leavePlace();
    const QSignalBlocker quiet(m_projections);
    m_projections->setCurrentIndex(m_projections->findData(static_cast<int>(kind)));
    placePoints();
    applyColour();
}

void MainWindow::setProjection(projection::MapKind kind)
{
    m_session.layout().setKind(kind);
}

void MainWindow::nextProjection()
{
    const auto count = static_cast<int>(projection::kMapKinds.size());
    const auto next = (static_cast<int>(m_session.layout().kind()) + 1) % count;
    setProjection(static_cast<projection::MapKind>(next));
}

/// Where there is no network: the emulator speaks for what could be there.
void MainWindow::choosePlace(const QPointF& place)
{
    const auto map = m_session.layout().map();
    if (!m_mapped || !m_mapped->complete || !map || map->rows != m_mapped->embedding.rows)
        return;
    const auto embedding = embeddingAt(*m_mapped, *map, m_session.layout().shownKind(), {place.x(), place.y()});
    if (embedding.empty() || m_mapped->checkpoint->emulator.empty())
        return;
    m_selection.clear();
    m_map->setCross(place);
    m_behaviour->setPlace(embedding);
}

void MainWindow::leavePlace()
{
    m_map->setCross(std::nullopt);
    m_behaviour->setPlace({});
}

/// Of the current zoo, or of the first one shown.
void MainWindow::selectRepresentative(const EmbeddedZoo& shown)
{
    const auto current = m_session.currentZoo();
    const auto first = rowOnMap(shown, current.get(), 0).value_or(0);
    if (shown.zoo->size == 0)
        return;
    const auto place = placeOf(shown, first);
    const auto row = representative(*place.embedded.zoo, place.embedded.failed, place.embedded.trust);
    if (row)
        m_selection.select(first + *row);
}

void MainWindow::refreshColours()
{
    const auto embedded = m_session.embedded();
    const auto zoo = embedded ? embedded->zoo : m_session.currentZoo();
    const auto checkpoint = m_session.currentCheckpoint();
    m_choices = zoo ? fieldChoices(*zoo, checkpoint.get(), embedded.get()) : std::vector<FieldChoice> {};
    if (zoo)
        m_choices.push_back({kMapTrust, tr("Trustworthiness of the map"), {}, 3});
    const auto known = [this](const QString& id) {
        return std::any_of(m_choices.begin(), m_choices.end(), [&](const FieldChoice& each) { return each.id == id; });
    };
    if (!known(m_colour) && !m_choices.empty())
        m_colour
            = known(QStringLiteral("property:accuracy")) ? QStringLiteral("property:accuracy") : m_choices.front().id;
    const QSignalBlocker quiet(m_colours);
    m_colours->clear();
    int group = 0;
    for (const auto& choice : m_choices) {
        if (choice.group != group && m_colours->count() > 0)
            m_colours->insertSeparator(m_colours->count());
        group = choice.group;
        m_colours->addItem(choice.title, choice.id);
    }
    m_colours->setCurrentIndex(m_colours->findData(m_colour));
}

void MainWindow::setColour(const QString& choiceId)
{
    const auto index = m_colours->findData(choiceId);
    if (index < 0)
        return;
    m_colour = choiceId;
    const QSignalBlocker quiet(m_colours);
    m_colours->setCurrentIndex(index);
    applyColour();
    m_history->note();
}

void MainWindow::applyColour()
{
    const auto embedded = m_session.embedded();
    m_session.layout().wantTrustworthiness(m_colour == kMapTrust);
    m_trajectory->setField(m_colour);
    if (embedded)
        m_map->setColour(m_colour == kMapTrust ? mapTrustChannel(m_session.layout(), embedded->zoo->size)
                                               : colourChannel(*embedded, m_colour));
    applyFilter();
}

void MainWindow::applyFilter()
{
    m_map->setShown(m_filter.active() ? m_filter.shown() : std::vector<std::uint8_t> {});
    const auto& hidden = m_filter.state().hidden;
    const auto at = hidden.find(m_colour);
    m_map->setHiddenCategories(at != hidden.end() ? at->second : QStringList());
    dressSides();
}

/// A category of the legend.
void MainWindow::toggleCategory(const QString& category, bool alone)
{
    const auto& categories = m_map->colour().categories;
    const auto& state = m_filter.state().hidden;
    auto hidden = state.contains(m_colour) ? state.at(m_colour) : QStringList();
    auto others = categories;
    others.removeAll(category);
    if (alone)
        hidden = hidden == others ? QStringList() : others;
    else if (hidden.removeAll(category) == 0)
        hidden << category;
    m_filter.setHidden(m_colour, hidden.size() == categories.size() ? QStringList() : hidden);
}

QString MainWindow::placeholder() const
{
    const auto zoo = m_session.currentZoo();
    if (m_session.busy())
        return zoo ? tr("Embedding %1…").arg(plainText(zoo->name)) : tr("Opening…");
    if (m_session.training().active() && m_session.training().plan().zoo == zoo)
        return tr("The map of the learning encoder comes after the first steps");
    if (!zoo && m_session.dropped().empty())
        return tr("Drop a zoo, folder, weight file or encoder checkpoint here, or press Ctrl+O");
    if (!zoo)
        return tr("No open encoder fits the dropped files. Drop an encoder checkpoint here");
    if (m_session.fittingCheckpoints().empty())
        return tr("No open encoder fits %1 (%2). Drop an encoder checkpoint here")
            .arg(plainText(zoo->name), QString::fromStdString(zoo->architecture.description()));
    if (m_session.isHidden(zoo))
        return tr("All zoos this encoder can read are hidden. Check one on the left to show it");
    return tr("Not embedded. Choose an encoder to embed %1").arg(plainText(zoo->name));
}

} // namespace rnnscope::ui
