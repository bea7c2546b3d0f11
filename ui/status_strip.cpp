#include "ui/status_strip.h"

#include "ui/models/session.h"
#include "ui/plots/text.h"

#include <QFile>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QTimer>

#include <unistd.h>

namespace rnnscope::ui {

namespace {

constexpr int kMemoryInterval = 2000; ///< ms
constexpr qint64 kRateAfter = 300; ///< ms; a rate measured over less says nothing

/// Resident bytes of this process; 0 where /proc does not say.
qint64 residentBytes()
{
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return file.readAll().split(' ').value(1).toLongLong() * sysconf(_SC_PAGESIZE);
}

/// `done` of them in `elapsed` ms, `left` to go.
QString rateText(std::size_t done, std::size_t left, qint64 elapsed)
{
    if (done == 0 || elapsed < kRateAfter)
        return {};
    const double perSecond = static_cast<double>(done) * 1000.0 / static_cast<double>(elapsed);
    const auto rate = perSecond < 100.0 ? shortNumber(perSecond, 2) : shortNumber(perSecond);
    return QStringLiteral("%1 per s · %2 left").arg(rate, durationText(static_cast<double>(left) / perSecond));
}

} // namespace

StatusStrip::StatusStrip(Session& session, QWidget* parent)
    : QStatusBar(parent)
    , m_device(new QLabel)
    , m_memory(new QLabel)
    , m_work(new QLabel)
    , m_progress(new QProgressBar)
    , m_rate(new QLabel)
    , m_cancel(new QPushButton(tr("Cancel")))
{
    constexpr int kProgressWidth = 160;
    setSizeGripEnabled(false);
    setContentsMargins(8, 0, 8, 0);
    m_device->setObjectName(QStringLiteral("device"));
    m_device->setAccessibleName(tr("Device"));
    m_memory->setAccessibleName(tr("Memory in use"));
    m_memory->setToolTip(tr("Memory in use by RNNScope"));
    m_work->setObjectName(QStringLiteral("work"));
    m_progress->setFixedWidth(kProgressWidth);
    m_progress->setTextVisible(false);
    m_progress->setAccessibleName(tr("Progress"));
    m_cancel->setObjectName(QStringLiteral("link"));
    m_cancel->setFlat(true);
    m_cancel->setCursor(Qt::PointingHandCursor);
    m_cancel->setToolTip(tr("Stop the running work (Ctrl+.)"));
    for (QWidget* widget : std::initializer_list<QWidget*> {m_device, m_memory, m_work, m_progress, m_rate, m_cancel})
        addWidget(widget);
    for (auto* label : {m_device, m_memory, m_work, m_rate}) {
        label->setTextFormat(Qt::PlainText);
        label->setContentsMargins(0, 0, 8, 0);
    }
    auto* hint = new QLabel(tr("F1 guide"));
    addPermanentWidget(hint);

    connect(m_cancel, &QPushButton::clicked, &session, &Session::cancel);
    connect(&session, &Session::workChanged, this, &StatusStrip::showWork);
    connect(&session, &Session::deviceChanged, m_device, &QLabel::setText);
    auto* timer = new QTimer(this);
    connect(timer, &QTimer::timeout, this, &StatusStrip::showMemory);
    timer->start(kMemoryInterval);
    showMemory();
    showWork({}, 0, 0);
}

void StatusStrip::showWork(const QString& what, std::size_t done, std::size_t total)
{
    const bool running = total > 0;
    for (QWidget* widget : std::initializer_list<QWidget*> {m_work, m_progress, m_rate, m_cancel})
        widget->setVisible(running);
    showMemory();
    if (!running)
        return m_what.clear();
    if (what != m_what || done < m_lastDone) {
        m_what = what;
        m_firstDone = done;
        m_since.start();
    }
    m_lastDone = done;
    const bool counted = total > 1;
    m_work->setText(counted ? tr("%1: %2 of %3")
                                  .arg(what, groupedNumber(static_cast<qlonglong>(done)),
                                       groupedNumber(static_cast<qlonglong>(total)))
                            : what);
    m_progress->setRange(0, counted ? static_cast<int>(total) : 0);
    m_progress->setValue(static_cast<int>(done));
    m_rate->setText(counted ? rateText(done - m_firstDone, total - done, m_since.elapsed()) : QString());
}

void StatusStrip::showMemory()
{
    constexpr qint64 kMegabyte = 1000000;
    m_memory->setText(QStringLiteral("%1 MB").arg(groupedNumber(residentBytes() / kMegabyte)));
}

} // namespace rnnscope::ui
