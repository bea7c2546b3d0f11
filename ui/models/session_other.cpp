#include "ui/models/embedding_job.h"
#include "ui/models/session_private.h"

#include <utility>

namespace rnnscope::ui {

void Session::embedBy(const std::shared_ptr<const zoo::Checkpoint>& other, QObject* owner, OtherMap done)
{
    const auto shown = m_d->embedded;
    if (!shown || !other)
        return;
    if (other == shown->checkpoint)
        return done(shown);
    EmbeddingTask task {.members = {}, .checkpoint = other, .publish = [](const auto&) {}, .keep = {}, .device = {}};
    std::size_t rows = 0;
    const auto add = [&](const Private::ZooPtr& zoo, bool isDropped) {
        if (!m_d->reads(other, *zoo))
            return;
        const auto known = m_d->cache.find({zoo, other});
        task.members.push_back({.zoo = zoo,
                                .number = m_d->numberOf(zoo),
                                .dropped = isDropped,
                                .first = rows,
                                .part = known != m_d->cache.end() ? known->second : nullptr});
        rows += zoo->size;
    };
    if (shown->members.empty())
        add(shown->zoo, false);
    for (const auto& member : shown->members)
        add(member.zoo, member.dropped);
    if (task.members.empty())
        return done(nullptr);
    const auto work = [this, task = std::move(task), state = m_d->compute](JobContext& context) mutable {
        task.device = [](const engine::DeviceInfo&) {};
        task.keep = [this, &context](std::shared_ptr<const EmbeddedZoo> part) {
            context.post([this, part = std::move(part)] { m_d->keep(part); });
        };
        return embed(task, *state, context);
    };
    using Embedded = Result<std::shared_ptr<const EmbeddedZoo>>;
    m_d->otherJob = m_d->computing.run(owner, tr("Embedding for another map"), work,
                                       [this, done = std::move(done)](const Embedded& embedded) {
                                           if (!embedded)
                                               m_d->report(embedded.error());
                                           done(embedded ? *embedded : nullptr);
                                       });
}

} // namespace rnnscope::ui
