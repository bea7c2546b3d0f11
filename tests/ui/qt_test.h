#pragma once

#include <QApplication>
#include <QTest>

#include <gtest/gtest.h>

#include <functional>

namespace rnnscope::test {

/// The one application of the test program, off screen. Qt warnings fail the running test.
inline QApplication& application()
{
    static const auto handler = [](QtMsgType type, const QMessageLogContext&, const QString& message) {
        static const QStringList allowed {"This plugin does not support", "QStandardPaths: ", "propagateSizeHints"};
        for (const auto& each : allowed)
            if (message.contains(each))
                return;
        if (type != QtDebugMsg && type != QtInfoMsg)
            ADD_FAILURE() << "Qt says: " << message.toStdString();
    };
    static auto* made = [] {
        qputenv("QT_QPA_PLATFORM", "offscreen");
        static int argc = 1;
        static char name[] = "ui_test";
        static char* argv[] = {name, nullptr};
        qInstallMessageHandler(+handler);
        return new QApplication(argc, argv); // never deleted: widgets of failed tests may outlive main
    }();
    return *made;
}

/// Runs the event loop until `condition` holds; false after ten seconds.
inline bool waitFor(const std::function<bool()>& condition)
{
    constexpr int kLimit = 10000;
    return QTest::qWaitFor(condition, kLimit);
}

} // namespace rnnscope::test
