#pragma once

#include <QElapsedTimer>
#include <QStatusBar>
#include <QString>

#include <cstddef>

class QLabel;
class QProgressBar;
class QPushButton;

namespace rnnscope::ui {

class Session;

/// Device, memory in use, running work with progress, rate, time left and Cancel.
class StatusStrip : public QStatusBar
{
    Q_OBJECT
public:
    explicit StatusStrip(Session& session, QWidget* parent = nullptr);

private:
    void showWork(const QString& what, std::size_t done, std::size_t total);
    void showMemory();

    QLabel* m_device;
    QLabel* m_memory;
    QLabel* m_work;
    QProgressBar* m_progress;
    QLabel* m_rate;
    QPushButton* m_cancel;
    QString m_what; ///< running work
    std::size_t m_firstDone = 0; ///< when it was first heard of
    std::size_t m_lastDone = 0;
    QElapsedTimer m_since; ///< start of the running work
};

} // namespace rnnscope::ui
