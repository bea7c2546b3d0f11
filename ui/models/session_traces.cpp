#include "ui/models/embedding_job.h"
#include "ui/models/session_private.h"

#include <QTimer>

#include <algorithm>
#include <utility>

namespace rnnscope::ui {

std::vector<Session::Private::Asked> Session::Private::placesOf(const std::vector<std::size_t>& rows) const
{
    std::vector<Asked> asked;
    for (const std::size_t row : rows)
        if (row < embedded->zoo->size) {
            const auto place = placeOf(*embedded, row);
            asked.push_back({row, place.embedded.zoo, place.row});
        }
    return asked;
}

void Session::Private::dropTrace()
{
    for (auto* job : {&traceJob, &gateJob})
        if (const auto id = std::exchange(*job, 0); id != 0)
            computing.drop(id);
    answered.clear();
}

void Session::requestTraces(const std::vector<std::size_t>& rows)
{
    m_d->dropTrace();
    const auto checkpoint = m_d->checkpoint;
    if (!m_d->embedded || !checkpoint)
        return;
    const auto asked = m_d->placesOf(rows);
    if (!checkpoint->config.probing()) {
        QTimer::singleShot(0, this, [this, asked] {
            for (const auto& each : asked)
                Q_EMIT traceReady(each.row, std::make_shared<engine::Traces>());
        });
        return;
    }
    using Answers = Result<std::vector<Private::Answered>>;
    const auto work = [compute = m_d->compute, checkpoint, asked](JobContext& context) -> Answers {
        const auto encoder = compute->encoder(checkpoint);
        if (!encoder)
            return forward(encoder);
        std::vector<Private::Answered> answers;
        for (const auto& each : asked) {
            const auto traces = trace(*each.zoo, **encoder, each.place, context);
            if (!traces)
                return forward(traces);
            auto activity = activityOf(*each.zoo, each.place, **traces);
            answers.push_back(
                {each, *traces, activity ? std::make_shared<const Activity>(std::move(*activity)) : nullptr});
        }
        return answers;
    };
    m_d->traceJob = m_d->computing.run(this, {}, work, [this](const Answers& answers) {
        m_d->traceJob = 0;
        if (!answers)
            return m_d->report(answers.error());
        m_d->answered = *answers;
        for (const auto& each : *answers)
            Q_EMIT traceReady(each.asked.row, each.traces);
        for (const auto& each : *answers)
            if (each.activity)
                Q_EMIT activityReady(each.asked.row, each.activity);
    });
}

void Session::requestGates(const std::vector<std::size_t>& rows)
{
    if (const auto id = std::exchange(m_d->gateJob, 0); id != 0)
        m_d->computing.drop(id);
    std::vector<Private::Answered> wanted;
    for (const auto& each : m_d->answered)
        if (each.activity && std::find(rows.begin(), rows.end(), each.asked.row) != rows.end())
            wanted.push_back(each);
    if (wanted.empty())
        return;
    using Seen = Result<std::vector<std::shared_ptr<const Activity>>>;
    const auto work = [wanted](JobContext& context) -> Seen {
        std::vector<std::shared_ptr<const Activity>> seen;
        for (const auto& each : wanted) {
            auto gates = withGates(*each.activity, *each.asked.zoo, each.asked.place, *each.traces, context.stop());
            if (!gates)
                return forward(gates);
            seen.push_back(std::make_shared<const Activity>(std::move(*gates)));
        }
        return seen;
    };
    m_d->gateJob = m_d->computing.run(this, {}, work, [this, wanted](const Seen& seen) {
        m_d->gateJob = 0;
        if (!seen)
            return m_d->report(seen.error());
        for (std::size_t i = 0; i < wanted.size(); ++i)
            Q_EMIT activityReady(wanted[i].asked.row, (*seen)[i]);
    });
}

} // namespace rnnscope::ui
