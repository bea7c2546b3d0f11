#include "ui/models/session_private.h"

#include <algorithm>

namespace rnnscope::ui {

Session::Private::Private(Session& session, EngineLoader loader)
    : q(session)
    , compute(std::make_shared<ComputeState>(std::move(loader)))
{
}

bool Session::Private::isOpen(const ZooPtr& candidate) const
{
    return candidate && std::find(zoos.begin(), zoos.end(), candidate) != zoos.end();
}

bool Session::Private::isDropped(const ZooPtr& candidate) const
{
    return std::any_of(dropped.begin(), dropped.end(),
                       [&](const WeightsOpened& each) { return each.zoo == candidate; });
}

Result<void> Session::Private::reads(const CheckpointPtr& reader, const zoo::Zoo& candidate) const
{
    if (!reader)
        return fail(Errc::NotFound, "no encoder is chosen");
    if (reader == learning && training.plan().zoo.get() != &candidate)
        return fail(Errc::NotFound, "the encoder is still learning and shows the zoo it learns from");
    return zoo::checkFits(reader->config, candidate.architecture);
}

std::vector<Session::Private::CheckpointPtr> Session::Private::fitting(const ZooPtr& candidate) const
{
    std::vector<CheckpointPtr> fits;
    std::copy_if(checkpoints.begin(), checkpoints.end(), std::back_inserter(fits),
                 [&](const CheckpointPtr& each) { return reads(each, *candidate).has_value(); });
    return fits;
}

/// The one in use where it can be, so that the zoos share a map; else the one this zoo had before.
Session::Private::CheckpointPtr Session::Private::preferred(const ZooPtr& candidate) const
{
    const auto fits = fitting(candidate);
    const auto usable
        = [&](const CheckpointPtr& each) { return std::find(fits.begin(), fits.end(), each) != fits.end(); };
    if (usable(checkpoint))
        return checkpoint;
    if (const auto remembered = chosen.find(candidate); remembered != chosen.end() && usable(remembered->second))
        return remembered->second;
    const auto interactive = std::find_if(fits.begin(), fits.end(), [](const CheckpointPtr& each) {
        return each->config.kind == zoo::EncoderKind::InteractiveProbing;
    });
    if (interactive != fits.end())
        return *interactive;
    return fits.empty() ? nullptr : fits.front();
}

std::size_t Session::Private::numberOf(const ZooPtr& candidate) const
{
    const auto at = numbers.find(candidate);
    return at == numbers.end() ? 0 : at->second;
}

void Session::Private::report(const Error& error)
{
    if (error.code == Errc::Cancelled)
        return;
    Q_EMIT q.failed(QString::fromStdString(error.message), QString::fromStdString(error.detail));
}

void Session::Private::tellIdle()
{
    if (!q.busy())
        tellTraining();
}

} // namespace rnnscope::ui
