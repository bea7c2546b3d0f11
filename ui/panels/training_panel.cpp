#include "ui/panels/training_panel.h"

#include "ui/models/labels.h"
#include "ui/models/session.h"
#include "ui/models/training.h"
#include "ui/plots/loss_plot.h"
#include "ui/plots/text.h"

#include <QCheckBox>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

#include <cmath>
#include <utility>

namespace rnnscope::ui {

namespace {

constexpr int kSideWidth = 272;

QString kindTitle(zoo::EncoderKind kind)
{
    const auto title = zoo::title(kind);
    return QString::fromUtf8(title);
}

QString number(std::size_t value)
{
    return groupedNumber(static_cast<qlonglong>(value));
}

/// Two columns, the right one tabular.
QString factsHtml(const std::vector<std::pair<QString, QString>>& facts)
{
    QString rows;
    for (const auto& [name, value] : facts)
        rows += QStringLiteral("<tr><td style=\"padding-right:12px\">%1</td><td style=\"white-space:pre\">%2</td></tr>")
                    .arg(name, value.toHtmlEscaped());
    return QStringLiteral("<table cellspacing=\"0\" cellpadding=\"1\">%1</table>").arg(rows);
}

QString stateText(const Training& training)
{
    const auto& status = training.status();
    const auto file = QFileInfo(QString::fromStdString(training.plan().output.string())).fileName();
    switch (training.state()) {
    case Training::State::Running:
        return status.step == 0 ? QObject::tr("Preparing…") : QString();
    case Training::State::Paused:
        return status.saved ? QObject::tr("Paused, saved to %1").arg(file) : QObject::tr("Paused");
    case Training::State::Finishing:
        return training.message();
    case Training::State::Done:
        return QObject::tr("Finished, saved to %1").arg(file);
    case Training::State::Failed:
        return training.message();
    case Training::State::Idle:
        break;
    }
    return {};
}

} // namespace

TrainingPanel::TrainingPanel(Session& session, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_plot(new LossPlot)
    , m_empty(new QLabel(tr("No training yet. Encoder > Train… starts one.")))
    , m_side(new QWidget)
    , m_title(new QLabel)
    , m_facts(new QLabel)
    , m_progress(new QProgressBar)
    , m_pause(new QPushButton(tr("Pause")))
    , m_cancel(new QPushButton(tr("Cancel")))
    , m_goOn(new QPushButton(tr("Go on training")))
    , m_logarithmic(new QCheckBox(tr("Logarithmic")))
{
    setObjectName(QStringLiteral("trainingPanel"));
    m_empty->setObjectName(QStringLiteral("mutedText"));
    m_empty->setAlignment(Qt::AlignCenter);
    m_title->setObjectName(QStringLiteral("trainingTitle"));
    m_title->setTextFormat(Qt::RichText);
    m_title->setWordWrap(true);
    m_facts->setObjectName(QStringLiteral("trainingFacts"));
    m_facts->setWordWrap(true);
    m_facts->setTextFormat(Qt::RichText);
    m_progress->setObjectName(QStringLiteral("trainingProgress"));
    m_progress->setTextVisible(false);
    m_progress->setAccessibleName(tr("Training progress"));
    m_pause->setObjectName(QStringLiteral("trainingPause"));
    m_cancel->setObjectName(QStringLiteral("trainingCancel"));
    m_cancel->setAccessibleName(tr("Cancel training"));
    m_cancel->setToolTip(tr("End this training; the last saved checkpoint stays"));
    m_goOn->setObjectName(QStringLiteral("trainingGoOn"));
    m_goOn->setAccessibleName(tr("Go on training"));
    m_logarithmic->setObjectName(QStringLiteral("trainingLogarithmic"));
    m_logarithmic->setAccessibleName(tr("Logarithmic loss axis"));
    m_logarithmic->setChecked(true);

    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    for (auto* button : {m_pause, m_cancel, m_goOn})
        buttons->addWidget(button);
    buttons->addStretch(1);
    auto* side = new QVBoxLayout(m_side);
    side->setContentsMargins(0, 0, 0, 0);
    side->setSpacing(6);
    side->addWidget(m_title);
    side->addWidget(m_progress);
    side->addWidget(m_facts);
    side->addLayout(buttons);
    side->addWidget(m_logarithmic);
    side->addStretch(1);
    m_side->setFixedWidth(kSideWidth);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 8, 12, 8);
    layout->setSpacing(16);
    layout->addWidget(m_empty, 1);
    layout->addWidget(m_plot, 1);
    layout->addWidget(m_side);

    auto& training = session.training();
    connect(m_pause, &QPushButton::clicked, this, &TrainingPanel::pauseOrResume);
    connect(m_cancel, &QPushButton::clicked, &training, &Training::cancel);
    connect(m_goOn, &QPushButton::clicked, this, [this] {
        if (const auto checkpoint = m_session.currentCheckpoint())
            Q_EMIT goOn(checkpoint);
    });
    connect(m_logarithmic, &QCheckBox::toggled, this,
            [this](bool on) { m_plot->setScale(on ? Axis::Scale::Logarithmic : Axis::Scale::Linear); });
    connect(&training, &Training::stateChanged, this, &TrainingPanel::refresh);
    connect(&training, &Training::advanced, this, &TrainingPanel::refresh);
    connect(&session, &Session::currentChanged, this, &TrainingPanel::refresh);
    refresh();
}

void TrainingPanel::refresh()
{
    const auto& training = m_session.training();
    const auto checkpoint = m_session.currentCheckpoint();
    const bool stored = checkpoint && checkpoint->training && !checkpoint->training->step.empty();
    const bool running = training.active() || training.state() == Training::State::Failed;
    const bool nothing = !running && !stored;
    m_empty->setVisible(nothing);
    m_plot->setVisible(!nothing);
    m_side->setVisible(!nothing);
    showButtons();
    if (running)
        showTraining();
    else if (stored)
        showCheckpoint(*checkpoint);
}

void TrainingPanel::showButtons()
{
    const auto& training = m_session.training();
    const auto checkpoint = m_session.currentCheckpoint();
    const bool paused = training.state() == Training::State::Paused;
    m_pause->setVisible(paused || training.state() == Training::State::Running);
    m_pause->setText(paused ? tr("Resume") : tr("Pause"));
    m_pause->setAccessibleName(paused ? tr("Resume training") : tr("Pause training"));
    m_pause->setToolTip(paused ? tr("Go on with this training") : tr("Save and stop for a while"));
    m_cancel->setVisible(training.active());
    m_progress->setVisible(training.active());
    m_goOn->setVisible(!training.active() && checkpoint && checkpoint->resume);
}

void TrainingPanel::showTraining()
{
    const auto& training = m_session.training();
    const auto& status = training.status();
    const auto& plan = training.plan();
    m_plot->setCurves({status.record, status.constant, status.steps});
    m_title->setText(QStringLiteral("<b>%1</b><br>%2")
                         .arg(kindTitle(plan.options.config.kind), plainText(plan.zoo->name).toHtmlEscaped()));
    const bool finishing = training.state() == Training::State::Finishing;
    m_progress->setRange(0, finishing ? 0 : static_cast<int>(status.steps));
    m_progress->setValue(static_cast<int>(status.step));
    std::vector<std::pair<QString, QString>> facts {
        {tr("Step"), tr("%1 of %2").arg(number(status.step), number(status.steps))}};
    if (training.state() == Training::State::Running && status.stepsPerSecond > 0.0) {
        facts.emplace_back(tr("Rate"), tr("%1 steps/s").arg(shortNumber(status.stepsPerSecond)));
        facts.emplace_back(tr("Time left"), durationText(status.secondsLeft()));
    }
    const auto state = stateText(training).toHtmlEscaped();
    m_facts->setText(factsHtml(facts)
                     + (state.isEmpty() ? QString() : QStringLiteral("<p style=\"margin:2px 0\">%1</p>").arg(state)));
}

void TrainingPanel::showCheckpoint(const zoo::Checkpoint& checkpoint)
{
    const auto& record = *checkpoint.training;
    const LossCurves curves {record, checkpoint.constant, 0};
    m_plot->setCurves(curves);
    m_title->setText(QStringLiteral("<b>%1</b><br>%2")
                         .arg(kindTitle(checkpoint.config.kind),
                              QFileInfo(QString::fromStdString(checkpoint.path.string())).fileName().toHtmlEscaped()));
    std::vector<std::pair<QString, QString>> facts {{tr("Steps"), groupedNumber(std::llround(record.step.back()))}};
    if (const auto best = zoo::bestRow(record))
        facts.emplace_back(tr("Best step"), groupedNumber(std::llround(record.step[*best])));
    if (checkpoint.constant) {
        facts.emplace_back(tr("Constant, validation"), shortNumber(checkpoint.constant->validation));
        facts.emplace_back(tr("Constant, out of distribution"), shortNumber(checkpoint.constant->ood));
    }
    if (checkpoint.resume)
        facts.emplace_back(tr("Unfinished"), tr("at step %1").arg(number(checkpoint.resume->step)));
    m_facts->setText(factsHtml(facts));
}

void TrainingPanel::pauseOrResume()
{
    auto& training = m_session.training();
    if (training.state() == Training::State::Paused)
        training.resume();
    else
        training.pause();
}

void TrainingPanel::render(QPainter& painter, const QSize& size, bool light) const
{
    m_plot->render(painter, size, light);
}

} // namespace rnnscope::ui
