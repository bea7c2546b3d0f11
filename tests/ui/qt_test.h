#pragma once

#include <QApplication>
#include <QTest>

#include <functional>

namespace rnnscope::test {

/// The one that qt_main.cpp made.
inline QApplication& application()
{
    return *qobject_cast<QApplication*>(QCoreApplication::instance());
}

/// Runs the event loop until `condition` holds; false after ten seconds.
inline bool waitFor(const std::function<bool()>& condition)
{
    constexpr int kLimit = 10000;
    return QTest::qWaitFor(condition, kLimit);
}

} // namespace rnnscope::test
