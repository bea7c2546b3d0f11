#include "ui/models/embedding_job.h"
#include "ui/models/session_private.h"

#include <QTimer>

namespace rnnscope::ui {

namespace {

/// A network of the map and where its weights are.
struct Asked
{
    std::size_t row = 0; ///< of the map
    std::shared_ptr<const zoo::Zoo> zoo;
    std::size_t place = 0; ///< row of the zoo
};

struct Answered
{
    std::size_t row = 0; ///< of the map
    std::shared_ptr<const engine::Traces> traces;
    std::shared_ptr<const Activity> activity; ///< null: the network could not be run
};

Result<Answered> ask(const Asked& asked, engine::Encoder& encoder, JobContext& context)
{
    const auto traces = trace(*asked.zoo, encoder, asked.place, context);
    if (!traces)
        return forward(traces);
    auto activity = activityOf(*asked.zoo, asked.place, **traces);
    return Answered {asked.row, *traces, activity ? std::make_shared<const Activity>(std::move(*activity)) : nullptr};
}

} // namespace

void Session::requestTraces(const std::vector<std::size_t>& rows)
{
    m_d->dropTrace();
    const auto shown = m_d->embedded;
    const auto checkpoint = m_d->checkpoint;
    if (!shown || !checkpoint)
        return;
    std::vector<Asked> asked;
    for (const std::size_t row : rows)
        if (row < shown->zoo->size) {
            const auto place = placeOf(*shown, row);
            asked.push_back({row, place.embedded.zoo, place.row});
        }
    if (!checkpoint->config.probing()) {
        QTimer::singleShot(0, this, [this, asked] {
            for (const auto& each : asked)
                Q_EMIT traceReady(each.row, std::make_shared<engine::Traces>());
        });
        return;
    }
    using Answers = Result<std::vector<Answered>>;
    const auto work = [compute = m_d->compute, checkpoint, asked](JobContext& context) -> Answers {
        const auto encoder = compute->encoder(checkpoint);
        if (!encoder)
            return forward(encoder);
        std::vector<Answered> answers;
        for (const auto& each : asked) {
            auto answer = ask(each, **encoder, context);
            if (!answer)
                return forward(answer);
            answers.push_back(std::move(*answer));
        }
        return answers;
    };
    m_d->traceJob = m_d->computing.run(this, {}, work, [this](const Answers& answers) {
        m_d->traceJob = 0;
        if (!answers)
            return m_d->report(answers.error());
        for (const auto& each : *answers)
            Q_EMIT traceReady(each.row, each.traces);
        for (const auto& each : *answers)
            if (each.activity)
                Q_EMIT activityReady(each.row, each.activity);
    });
}

} // namespace rnnscope::ui
