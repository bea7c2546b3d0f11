#include "ui/models/selection.h"
#include "ui/plots/map_view.h"

#include <QApplication>
#include <QMouseEvent>

#include <benchmark/benchmark.h>
#include <cmath>
#include <numbers>
#include <random>

// The map as a hand on the mouse has it, by events through the queue, on a map of 1200x900: seconds of one frame of
// panning, of one step of hovering and of a lasso of 200 corners.

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
