#include "ui/models/labels.h"
#include "ui/models/load_reports.h"
#include "ui/models/session_private.h"

#include <algorithm>

namespace rnnscope::ui {

void Session::Private::connectQuestions()
{
    connect(&asking, &FileQuestions::loaded, &q, &Session::addWeights);
    connect(&asking, &FileQuestions::imported, &q, &Session::addCheckpoint);
    connect(&asking, &FileQuestions::failed, &q, &Session::failed);
    connect(&asking, &FileQuestions::noted, &q, &Session::noted);
    connect(&q, &Session::encoderStateFound, &asking,
            [this](const QString& path) { asking.askEncoder(path.toStdString()); });
    connect(&writing, &Saving::failed, &q, &Session::failed);
    connect(&writing, &Saving::saved, &q, &Session::noted);
}

/// Of what is open, the current zoo's first.
std::vector<zoo::Architecture> Session::Private::shapes() const
{
    std::vector<zoo::Architecture> shapes;
    const auto add = [&](const zoo::Architecture& each) {
        if (zoo::validate(each) && std::find(shapes.begin(), shapes.end(), each) == shapes.end())
            shapes.push_back(each);
    };
    if (zoo)
        add(zoo->architecture);
    for (const auto& each : zoos)
        add(each->architecture);
    for (const auto& each : dropped)
        add(each.zoo->architecture);
    for (const auto& each : checkpoints)
        add(each->config.rnn);
    return shapes;
}

FileQuestions& Session::questions()
{
    return m_d->asking;
}

Saving& Session::saving()
{
    return m_d->writing;
}

const weights::LoadReport* Session::loadReport(const std::shared_ptr<const zoo::Zoo>& zoo, std::size_t row) const
{
    const auto at = m_d->reports.find(zoo);
    return at == m_d->reports.end() ? nullptr : reportOf(at->second, *zoo, row);
}

void Session::addCheckpoint(const std::shared_ptr<const zoo::Checkpoint>& checkpoint)
{
    m_d->takeCheckpoint(checkpoint);
}

/// An encoder imported again with other answers takes the place of the one before.
void Session::Private::takeCheckpoint(const CheckpointPtr& fresh)
{
    const auto same = [&](const CheckpointPtr& each) { return each->path == fresh->path && each != learning; };
    const bool shown = checkpoint && same(checkpoint);
    for (const auto& each : checkpoints)
        if (same(each))
            forgetCheckpoint(each);
    std::erase_if(checkpoints, same);
    checkpoints.push_back(fresh);
    Q_EMIT q.filesChanged();
    if (fresh->heads.empty())
        Q_EMIT q.noted(QStringLiteral("%1 has no predictors: the map and its neighbours are there, predictions are not")
                           .arg(plainText(fresh->path.filename().string())));
    if (shown)
        become(zoo, zoo ? preferred(zoo) : readerOfDropped());
    adopt({fresh});
}

} // namespace rnnscope::ui
