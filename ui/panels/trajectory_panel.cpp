#include "ui/panels/trajectory_panel.h"

#include "ui/plots/text.h"
#include "ui/plots/trajectory_plot.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QScopedValueRollback>
#include <QSignalBlocker>
#include <QSlider>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <limits>

namespace rnnscope::ui {

namespace {

constexpr int kFrame = 600; // ms a snapshot

} // namespace

TrajectoryPanel::TrajectoryPanel(Filter& filter, Selection& selection, QWidget* parent)
    : QWidget(parent)
    , m_filter(filter)
    , m_selection(selection)
    , m_plot(new TrajectoryPlot)
    , m_play(new QToolButton)
    , m_slider(new QSlider(Qt::Horizontal))
    , m_step(new QLabel)
    , m_hint(new QLabel)
    , m_controls(new QWidget)
{
    build();
    m_timer.setInterval(kFrame);
    connect(&m_timer, &QTimer::timeout, this, &TrajectoryPanel::advance);
    connect(m_play, &QToolButton::clicked, this, [this] { playing() ? stop() : play(); });
    connect(m_slider, &QSlider::valueChanged, this, [this](int step) { choose(static_cast<std::size_t>(step)); });
    connect(m_plot, &TrajectoryPlot::chosen, this, &TrajectoryPanel::choose);
    connect(&m_selection, &Selection::changed, this, &TrajectoryPanel::follow);
    connect(&m_filter, &Filter::networksChanged, this, &TrajectoryPanel::follow);
    follow();
}

void TrajectoryPanel::build()
{
    constexpr int kMargin = 12;
    m_hint->setObjectName(QStringLiteral("mutedText"));
    m_hint->setWordWrap(true);
    m_play->setObjectName(QStringLiteral("playTrajectory"));
    m_play->setAutoRaise(true);
    m_slider->setObjectName(QStringLiteral("stepSlider"));
    m_slider->setAccessibleName(tr("Training step"));
    m_slider->setPageStep(1);
    m_step->setMinimumWidth(QFontMetrics(font()).horizontalAdvance(QStringLiteral("step 20 000")));
    m_step->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    auto* controls = new QHBoxLayout(m_controls);
    controls->setContentsMargins({});
    controls->addWidget(m_play);
    controls->addWidget(m_slider, 1);
    controls->addWidget(m_step);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(kMargin, 0, kMargin, 8);
    layout->setSpacing(4);
    layout->addWidget(m_hint);
    layout->addWidget(m_plot, 1);
    layout->addWidget(m_controls);
    layout->addStretch();
    stop();
}

void TrajectoryPanel::follow()
{
    if (m_choosing)
        return showStep(); // of the same runs
    const auto networks = m_filter.networks();
    m_trajectories = networks ? trajectoriesOf(*networks, m_selection.ids(), kMostRuns) : std::vector<Trajectory> {};
    m_steps = stepsOf(m_trajectories);
    const bool any = !m_trajectories.empty();
    if (!any)
        stop();
    m_hint->setVisible(!any);
    m_hint->setText(m_selection.ids().empty()
                        ? tr("Select a network to follow its training")
                        : tr("Follows the training of up to %1 runs with several snapshots").arg(kMostRuns));
    m_plot->setVisible(any);
    m_controls->setVisible(any);
    showCurves();
    showStep();
    Q_EMIT changed();
}

void TrajectoryPanel::setField(const QString& id)
{
    if (id == m_field)
        return;
    m_field = id;
    showCurves();
}

void TrajectoryPanel::render(QPainter& painter, const QSize& size, bool light) const
{
    m_plot->render(painter, size, light);
}

QString TrajectoryPanel::curveField() const
{
    const auto& fields = m_filter.fields();
    const auto usable = [&](const QString& id) {
        return id != QLatin1String("property:step") && id != QLatin1String("property:run")
            && std::any_of(fields.begin(), fields.end(), [&](const FieldChoice& each) { return each.id == id; })
            && m_filter.field(id).categories.isEmpty();
    };
    for (const auto& id : {m_field, QStringLiteral("property:accuracy")})
        if (usable(id))
            return id;
    const auto first
        = std::find_if(fields.begin(), fields.end(), [&](const FieldChoice& each) { return usable(each.id); });
    return first != fields.end() ? first->id : QString();
}

void TrajectoryPanel::showCurves()
{
    const auto id = curveField();
    if (m_trajectories.empty() || id.isEmpty())
        return m_plot->setCurves({});
    const Field& field = m_filter.field(id);
    constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
    TrajectoryCurves curves {.title = field.title, .steps = m_steps, .values = {}};
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (const auto& trajectory : m_trajectories) {
        auto& values = curves.values.emplace_back(m_steps.size(), kNaN);
        for (std::size_t i = 0; i < trajectory.rows.size(); ++i) {
            const double value = field.values[trajectory.rows[i]];
            values[static_cast<std::size_t>(std::lower_bound(m_steps.begin(), m_steps.end(), trajectory.steps[i])
                                            - m_steps.begin())]
                = value;
            if (std::isfinite(value)) {
                low = std::min(low, value);
                high = std::max(high, value);
            }
        }
    }
    const bool whole = std::isfinite(field.range.lowest) && std::isfinite(field.range.highest);
    curves.low = whole ? field.range.lowest : low <= high ? low : 0.0;
    curves.high = whole ? field.range.highest : low <= high ? high : 1.0;
    m_plot->setCurves(std::move(curves));
}

std::optional<std::size_t> TrajectoryPanel::currentStep() const
{
    const auto current = m_selection.current();
    for (const auto& trajectory : m_trajectories)
        for (std::size_t i = 0; current && i < trajectory.rows.size(); ++i)
            if (trajectory.rows[i] == *current)
                return static_cast<std::size_t>(std::lower_bound(m_steps.begin(), m_steps.end(), trajectory.steps[i])
                                                - m_steps.begin());
    return std::nullopt;
}

void TrajectoryPanel::showStep()
{
    const auto step = currentStep();
    const QSignalBlocker quiet(m_slider);
    m_slider->setRange(0, std::max(0, static_cast<int>(m_steps.size()) - 1));
    m_slider->setValue(static_cast<int>(step.value_or(0)));
    m_plot->setCurrent(step);
    m_step->setText(step ? tr("step %1").arg(groupedNumber(static_cast<qlonglong>(m_steps[*step]))) : QString());
}

/// Every run at that step, or at its last one before.
void TrajectoryPanel::choose(std::size_t step)
{
    if (step >= m_steps.size())
        return;
    std::vector<Selection::Id> rows;
    std::optional<Selection::Id> current;
    const auto was = m_selection.current();
    for (const auto& trajectory : m_trajectories) {
        rows.push_back(trajectory.rows[trajectory.at(m_steps[step])]);
        if (was && std::find(trajectory.rows.begin(), trajectory.rows.end(), *was) != trajectory.rows.end())
            current = rows.back();
    }
    const QScopedValueRollback choosing(m_choosing, true);
    m_selection.set(std::move(rows), current);
}

void TrajectoryPanel::play()
{
    if (m_steps.size() < 2)
        return;
    if (currentStep() == m_steps.size() - 1)
        choose(0);
    m_timer.start();
    m_play->setText(QStringLiteral("\u23f8"));
    m_play->setToolTip(tr("Pause"));
    m_play->setAccessibleName(tr("Pause"));
}

void TrajectoryPanel::stop()
{
    m_timer.stop();
    m_play->setText(QStringLiteral("\u25b6"));
    m_play->setToolTip(tr("Play the training"));
    m_play->setAccessibleName(tr("Play the training"));
}

void TrajectoryPanel::advance()
{
    const auto next = currentStep().value_or(0) + 1;
    if (next >= m_steps.size())
        return stop();
    choose(next);
    if (next + 1 == m_steps.size())
        stop();
}

} // namespace rnnscope::ui
