#include "ui/models/colour_channel.h"
#include "ui/models/filter.h"
#include "ui/models/selection.h"
#include "ui/panels/filter_panel.h"
#include "ui/panels/table_panel.h"
#include "ui/panels/trajectory_panel.h"
#include "ui/plots/histogram_brush.h"
#include "ui/plots/map_view.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QMouseEvent>

#include <benchmark/benchmark.h>
#include <cmath>
#include <numbers>
#include <random>

// The map as a hand on the mouse has it, by events through the queue, on a map of 1200x900: seconds of one frame of
// panning, of one step of hovering, of a lasso of 200 corners, and of dragging a brush while the table and all
// histograms are open.

namespace {

using namespace rnnscope::ui;

/// Ten clouds of points, coloured by a number.
class ShownMap
{
public:
    explicit ShownMap(std::size_t count)
    {
        std::mt19937 random(1);
        std::normal_distribution<double> normal;
        std::vector<QPointF> points(count);
        ColourChannel channel;
        channel.title = QStringLiteral("Accuracy");
        channel.values.resize(count);
        for (std::size_t i = 0; i < count; ++i) {
            const double angle = 2 * std::numbers::pi * static_cast<double>(i % 10) / 10.0;
            points[i] = {3 * std::cos(angle) + normal(random), 3 * std::sin(angle) + normal(random)};
            channel.values[i] = 0.5 + 0.2 * normal(random);
        }
        m_map.resize(1200, 900);
        m_map.setPoints(std::move(points));
        m_map.setColour(std::move(channel));
        m_map.setHoverText([](std::size_t id) { return QStringLiteral("<b>Network %1</b><br>accuracy 0.5").arg(id); });
        m_map.show();
        QCoreApplication::processEvents();
    }

    void post(QEvent::Type type, const QPointF& at, bool pressed)
    {
        const bool moving = type == QEvent::MouseMove;
        QCoreApplication::postEvent(&m_map,
                                    new QMouseEvent(type, at, m_map.mapToGlobal(at),
                                                    moving ? Qt::NoButton : Qt::LeftButton,
                                                    pressed ? Qt::LeftButton : Qt::NoButton, Qt::NoModifier));
    }
    void paint() // all that comes of the events
    {
        for (int round = 0; round < 3; ++round)
            QCoreApplication::processEvents();
    }
    void send(QEvent::Type type, const QPointF& at, bool pressed)
    {
        post(type, at, pressed);
        paint();
    }

    MapView& view() { return m_map; }
    Selection& selection() { return m_selection; }

private:
    Selection m_selection;
    MapView m_map {m_selection};
};

void pan(benchmark::State& state)
{
    ShownMap shown(static_cast<std::size_t>(state.range(0)));
    shown.send(QEvent::MouseButtonPress, {600, 450}, true);
    int step = 0;
    for (auto _ : state) {
        const double angle = 0.1 * ++step;
        shown.send(QEvent::MouseMove, {600 + 90 * std::cos(angle), 450 + 90 * std::sin(angle)}, true);
    }
}

void hover(benchmark::State& state)
{
    ShownMap shown(static_cast<std::size_t>(state.range(0)));
    int step = 0;
    for (auto _ : state) {
        const double angle = 0.1 * ++step;
        shown.send(QEvent::MouseMove, {600 + 250 * std::cos(angle), 450 + 250 * std::sin(angle)}, false);
    }
}

/// From letting go to the selection or, `shown`, to the map that shows it.
void lasso(benchmark::State& state, bool shown)
{
    constexpr int kCorners = 200;
    ShownMap map(static_cast<std::size_t>(state.range(0)));
    map.view().setTool(MapView::Tool::Lasso);
    for (auto _ : state) {
        state.PauseTiming();
        map.selection().clear();
        const auto corner = [](int i) {
            const double angle = 2 * std::numbers::pi * i / kCorners;
            const double radius = 200 + 40 * std::cos(7 * angle);
            return QPointF(600 + radius * std::cos(angle), 450 + radius * std::sin(angle));
        };
        map.send(QEvent::MouseButtonPress, corner(0), true);
        for (int i = 1; i < kCorners; ++i)
            map.post(QEvent::MouseMove, corner(i), true);
        map.paint();
        state.ResumeTiming();
        map.post(QEvent::MouseButtonRelease, corner(0), false);
        QCoreApplication::sendPostedEvents(&map.view());
        if (shown)
            map.paint();
    }
    state.counters["selected"] = static_cast<double>(map.selection().ids().size());
}

/// The views that share selection and filter, over a zoo of ten properties.
class ShownViews
{
public:
    explicit ShownViews(std::size_t count)
    {
        namespace zoo = rnnscope::zoo;
        std::mt19937 random(1);
        std::normal_distribution<double> normal;
        auto made = std::make_shared<zoo::Zoo>();
        made->size = count;
        const auto add = [&](const std::string& name, zoo::PropertyKind kind, auto value) {
            zoo::Property property;
            property.name = name;
            property.kind = kind;
            for (std::size_t row = 0; row < count; ++row)
                property.values.push_back(value(row));
            made->properties.push_back(std::move(property));
        };
        add("run", zoo::PropertyKind::Integer, [](std::size_t row) { return static_cast<double>(row / 9); });
        add("step", zoo::PropertyKind::Integer, [](std::size_t row) { return 100.0 * static_cast<double>(row % 9); });
        for (int i = 0; i < 8; ++i)
            add("number_" + std::to_string(i), zoo::PropertyKind::Real, [&](std::size_t) { return normal(random); });
        auto embedded = std::make_shared<EmbeddedZoo>();
        embedded->zoo = made;
        embedded->embedding = rnnscope::Matrix(count, 2);
        embedded->done = count;
        embedded->complete = true;
        std::vector<QPointF> points(count);
        for (QPointF& point : points)
            point = {normal(random), normal(random)};
        m_filter.setNetworks(embedded);
        m_map.setPoints(std::move(points));
        m_map.setColour(colourChannel(*embedded, QStringLiteral("property:number_0")));
        QObject::connect(&m_filter, &Filter::changed, &m_map, [this] { m_map.setShown(m_filter.shown()); });
        auto* layout = new QHBoxLayout(&m_window);
        for (QWidget* view : std::initializer_list<QWidget*> {&m_panel, &m_map, &m_table, &m_trajectory})
            layout->addWidget(view, view == &m_map ? 1 : 0);
        m_window.resize(1920, 1080);
        m_window.show();
        QCoreApplication::processEvents();
    }
    ~ShownViews()
    {
        for (QWidget* view : std::initializer_list<QWidget*> {&m_panel, &m_map, &m_table, &m_trajectory})
            view->setParent(nullptr);
    }

    HistogramBrush& brush() { return *m_panel.findChild<HistogramBrush*>(QStringLiteral("property:number_3")); }
    Selection& selection() { return m_selection; }

private:
    QWidget m_window;
    Selection m_selection;
    Filter m_filter;
    FilterPanel m_panel {m_filter};
    MapView m_map {m_selection};
    TablePanel m_table {m_filter, m_selection};
    TrajectoryPanel m_trajectory {m_filter, m_selection};
};

/// One step of dragging a brush over a histogram, until map, table and all histograms show it.
void brush(benchmark::State& state)
{
    ShownViews views(static_cast<std::size_t>(state.range(0)));
    views.selection().set({1, 2, 3});
    auto& histogram = views.brush();
    const auto send = [&](QEvent::Type type, double x) {
        const QPointF at(x, histogram.height() / 2.0);
        QCoreApplication::postEvent(&histogram,
                                    new QMouseEvent(type, at, histogram.mapToGlobal(at),
                                                    type == QEvent::MouseMove ? Qt::NoButton : Qt::LeftButton,
                                                    Qt::LeftButton, Qt::NoModifier));
        for (int round = 0; round < 3; ++round)
            QCoreApplication::processEvents();
    };
    send(QEvent::MouseButtonPress, 20);
    int step = 0;
    for (auto _ : state)
        send(QEvent::MouseMove, 60 + 10 * (++step % 10));
}

void lassoShown(benchmark::State& state)
{
    lasso(state, true);
}

void lassoFound(benchmark::State& state)
{
    lasso(state, false);
}

void sizes(benchmark::internal::Benchmark* all)
{
    all->Arg(9'000)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond)->UseRealTime();
}

BENCHMARK(pan)->Apply(sizes);
BENCHMARK(hover)->Apply(sizes);
BENCHMARK(lassoFound)->Apply(sizes);
BENCHMARK(lassoShown)->Apply(sizes);
BENCHMARK(brush)->Arg(9'000)->Arg(100'000)->Unit(benchmark::kMillisecond)->UseRealTime();

} // namespace

int main(int argc, char** argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv))
        return 1;
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
