#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"

#include <QObject>
#include <QString>
#include <QThreadPool>

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <new>
#include <stop_token>
#include <type_traits>
#include <unordered_map>
#include <utility>

namespace rnnscope::ui {

class JobRunner;

/// What a job has in hand while it runs, on the background thread. As a Progress it tells the runner's signals.
class JobContext final : public Progress
{
public:
    JobContext(JobRunner& runner, quint64 id, QString title, std::stop_token stop);

    std::stop_token stop() const { return m_stop; }
    /// Runs `action` on the runner's thread, in order, unless the job was dropped by then.
    void post(std::function<void()> action);

    void begin(std::string_view what, std::size_t total) override;
    void update(std::size_t done) override; ///< passed on at most every 50 ms
    void note(std::string_view message) override;

private:
    void send(std::size_t done);

    JobRunner& m_runner;
    quint64 m_id;
    QString m_title;
    QString m_what;
    std::size_t m_total = 0;
    std::stop_token m_stop;
    std::chrono::steady_clock::time_point m_lastSent {};
};

/// Runs functions on one background thread, one after the other, and delivers their results on the thread that owns
/// it. Exceptions never cross: they become errors. Destroying the runner stops all jobs and waits for the running one.
class JobRunner : public QObject
{
    Q_OBJECT
public:
    using Id = quint64;

    explicit JobRunner(QObject* parent = nullptr);
    ~JobRunner() override;

    /// `work(JobContext&) -> Result<T>` runs in the background, then `done(Result<T>)` here. When `owner` dies the job
    /// is stopped and `done` never called. `title` is what progress says; empty: what the work itself says.
    template <typename Work, typename Done>
    Id run(QObject* owner, const QString& title, Work work, Done done)
    {
        return start(owner, title, wrapped(std::move(work), std::move(done)), true);
    }

    /// The same for a slice of work that goes on for long in many jobs: it waits in the same queue, but busy(), idle()
    /// and stopAll() do not count it, and nobody hears of its progress.
    template <typename Work, typename Done>
    Id runSlice(QObject* owner, Work work, Done done)
    {
        return start(owner, {}, wrapped(std::move(work), std::move(done)), false);
    }

    void stop(Id id); ///< the job ends as Cancelled, which is delivered
    void stopAll();
    void drop(Id id); ///< stops the job; nothing of it is delivered any more
    bool busy() const { return m_counted > 0; }

Q_SIGNALS:
    void progressed(const QString& what, std::size_t done, std::size_t total);
    void noted(const QString& message);
    void idle(); ///< the last job has ended or was dropped

private:
    friend class JobContext;
    using Delivery = std::function<void()>;
    using Job = std::function<Delivery(JobContext&)>;

    template <typename Work, typename Done>
    static Job wrapped(Work work, Done done)
    {
        using R = std::invoke_result_t<Work&, JobContext&>;
        return [work = std::move(work), done = std::move(done)](JobContext& context) mutable {
            auto result = std::make_shared<R>(guarded<R>(work, context));
            return [result, done = std::move(done)]() mutable { done(std::move(*result)); };
        };
    }

    template <typename R, typename Work>
    static R guarded(Work& work, JobContext& context)
    {
        try {
            if (context.stop().stop_requested())
                return cancelled("the job");
            return work(context);
        } catch (const std::bad_alloc&) {
            return fail(Errc::Io, "There is not enough memory for this");
        } catch (const std::exception& e) {
            return fail(Errc::BadValue, "Something unexpected went wrong in the background", e.what());
        }
    }

    Id start(QObject* owner, const QString& title, Job job, bool counted);
    bool knows(Id id) const { return m_jobs.contains(id); }
    bool counts(Id id) const { return knows(id) && m_jobs.at(id).counted; }
    bool forget(Id id); ///< false when it was dropped before
    void finish(Id id, const Delivery& deliver);
    void tellIdle(bool wasBusy);

    QThreadPool m_pool;
    struct Running
    {
        std::stop_source stop;
        QMetaObject::Connection owner;
        bool counted = true;
    };

    std::unordered_map<Id, Running> m_jobs;
    std::size_t m_counted = 0; ///< jobs that are not slices
    Id m_next = 1;
};

} // namespace rnnscope::ui
