#include "ui/jobs/job.h"

#include <QMetaObject>

namespace rnnscope::ui {

namespace {
constexpr std::chrono::milliseconds kProgressInterval {50};
} // namespace

JobContext::JobContext(JobRunner& runner, quint64 id, QString title, std::stop_token stop)
    : m_runner(runner)
    , m_id(id)
    , m_title(std::move(title))
    , m_stop(std::move(stop))
{
}

void JobContext::post(std::function<void()> action)
{
    auto* runner = &m_runner;
    const auto run = [runner, id = m_id, action = std::move(action)] {
        if (runner->knows(id))
            action();
    };
    QMetaObject::invokeMethod(runner, run, Qt::QueuedConnection);
}

void JobContext::begin(std::string_view what, std::size_t total)
{
    m_what = m_title.isEmpty() ? QString::fromUtf8(what) : m_title;
    m_total = total;
    send(0);
}

void JobContext::update(std::size_t done)
{
    if (done >= m_total || std::chrono::steady_clock::now() - m_lastSent >= kProgressInterval)
        send(done);
}

void JobContext::note(std::string_view message)
{
    auto text = QString::fromUtf8(message);
    post([runner = &m_runner, text = std::move(text)] { Q_EMIT runner->noted(text); });
}

void JobContext::send(std::size_t done)
{
    m_lastSent = std::chrono::steady_clock::now();
    post([runner = &m_runner, id = m_id, what = m_what, done, total = m_total] {
        if (runner->counts(id))
            Q_EMIT runner->progressed(what, done, total);
    });
}

JobRunner::JobRunner(QObject* parent)
    : QObject(parent)
{
    m_pool.setMaxThreadCount(1);
    m_pool.setExpiryTimeout(-1);
    m_pool.start([] {}); // the thread is there before the first job: starting it waits while LibTorch is being loaded
}

JobRunner::~JobRunner()
{
    for (auto& [id, job] : m_jobs)
        job.stop.request_stop();
    m_jobs.clear();
    m_pool.waitForDone();
}

void JobRunner::stop(Id id)
{
    if (const auto job = m_jobs.find(id); job != m_jobs.end())
        job->second.stop.request_stop();
}

void JobRunner::stopAll()
{
    for (auto& [id, job] : m_jobs)
        if (job.counted)
            job.stop.request_stop();
}

void JobRunner::drop(Id id)
{
    stop(id);
    const bool wasBusy = busy();
    if (forget(id))
        tellIdle(wasBusy);
}

void JobRunner::tellIdle(bool wasBusy)
{
    if (wasBusy && !busy())
        Q_EMIT idle();
}

JobRunner::Id JobRunner::start(QObject* owner, const QString& title, Job job, bool counted)
{
    const Id id = m_next++;
    const std::stop_source source;
    auto& running = m_jobs[id];
    running.stop = source;
    running.counted = counted;
    m_counted += counted ? 1 : 0;
    if (owner != nullptr)
        running.owner = connect(owner, &QObject::destroyed, this, [this, id] { drop(id); });
    m_pool.start([this, id, title, job = std::move(job), stop = source.get_token()]() mutable {
        JobContext context(*this, id, title, stop);
        const Delivery deliver = job(context);
        QMetaObject::invokeMethod(
            this, [this, id, deliver] { finish(id, deliver); }, Qt::QueuedConnection);
    });
    return id;
}

bool JobRunner::forget(Id id)
{
    const auto job = m_jobs.find(id);
    if (job == m_jobs.end())
        return false;
    disconnect(job->second.owner);
    m_counted -= job->second.counted ? 1 : 0;
    m_jobs.erase(job);
    return true;
}

void JobRunner::finish(Id id, const Delivery& deliver)
{
    const bool wasBusy = busy();
    if (!forget(id))
        return;
    deliver();
    tellIdle(wasBusy);
}

} // namespace rnnscope::ui
