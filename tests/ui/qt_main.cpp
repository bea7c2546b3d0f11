#include <QApplication>

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <string_view>

namespace {

/// What the offscreen platform says about itself; anything else Qt complains about is a failure.
constexpr std::array<std::string_view, 3> kAllowed {"This plugin does not support propagateSizeHints()",
                                                    "This plugin does not support raise()",
                                                    "This plugin does not support grabbing the keyboard"};

void judge(QtMsgType type, const QMessageLogContext& /*context*/, const QString& message)
{
    const std::string text = message.toStdString();
    std::fprintf(stderr, "Qt: %s\n", text.c_str());
    if (type == QtInfoMsg) // QCustomPlot complains by qDebug
        return;
    for (const std::string_view allowed : kAllowed)
        if (text.starts_with(allowed))
            return;
    ADD_FAILURE() << "Qt: " << text;
}

} // namespace

int main(int argc, char** argv)
{
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    const QApplication application(argc, argv);
    testing::InitGoogleTest(&argc, argv);
    qInstallMessageHandler(judge);
    return RUN_ALL_TESTS();
}
