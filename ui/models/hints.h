#pragma once

#include <QObject>
#include <QSet>
#include <QString>

namespace rnnscope::ui {

/// Which hints of the first run the user has followed or taken away. They never come back.
class Hints : public QObject
{
    Q_OBJECT
public:
    enum class Memory { Settings, Window }; ///< kept in QSettings, or as long as this lives

    explicit Hints(Memory memory, QObject* parent = nullptr);

    bool pending(const QString& id) const { return !m_done.contains(id); }
    void finish(const QString& id);

Q_SIGNALS:
    void finished(const QString& id);

private:
    Memory m_memory;
    QSet<QString> m_done;
};

} // namespace rnnscope::ui
