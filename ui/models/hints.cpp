#include "ui/models/hints.h"

#include <QSettings>

namespace rnnscope::ui {

namespace {

const QString kKey = QStringLiteral("hintsDone");

} // namespace

Hints::Hints(Memory memory, QObject* parent)
    : QObject(parent)
    , m_memory(memory)
{
    if (m_memory == Memory::Settings)
        for (const auto& id : QSettings().value(kKey).toStringList())
            m_done.insert(id);
}

void Hints::finish(const QString& id)
{
    if (!pending(id))
        return;
    m_done.insert(id);
    if (m_memory == Memory::Settings)
        QSettings().setValue(kKey, QStringList(m_done.cbegin(), m_done.cend()));
    Q_EMIT finished(id);
}

} // namespace rnnscope::ui
