#pragma once

#include "fake_engine.h"
#include "qt_test.h"
#include "ui/application_style.h"
#include "ui/main_window.h"
#include "ui/models/session.h"
#include "ui/panels/message_bar.h"
#include "written_files.h"

#include <QDragEnterEvent>
#include <QDropEvent>
#include <QMimeData>
#include <QUrl>

#include <memory>

namespace rnnscope::ui {

/// A whole window over a fake engine.
class WindowCase : public testing::Test
{
protected:
    WindowCase()
        : style(test::application())
        , session([control = control]() -> Result<std::shared_ptr<engine::Engine>> {
            return std::make_shared<test::FakeEngine>(control);
        })
        , window(session, style, {.persistent = false, .demoFolder = {}})
    {
        window.resize(1280, 800);
        window.show();
        EXPECT_TRUE(QTest::qWaitForWindowExposed(&window));
    }

    void drop(const QStringList& paths)
    {
        QMimeData data;
        QList<QUrl> urls;
        for (const auto& path : paths)
            urls << QUrl::fromLocalFile(path);
        data.setUrls(urls);
        const QPoint middle = window.rect().center();
        QDragEnterEvent enter(middle, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&window, &enter);
        EXPECT_TRUE(enter.isAccepted());
        EXPECT_TRUE(find<QWidget>("dropOverlay")->isVisible());
        QDropEvent event(middle, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&window, &event);
        EXPECT_FALSE(find<QWidget>("dropOverlay")->isVisible());
        EXPECT_TRUE(test::waitFor([&] { return !session.busy(); }));
    }

    template <typename T>
    T* find(const char* name) const
    {
        auto* found = window.findChild<T*>(QString::fromLatin1(name));
        EXPECT_NE(found, nullptr) << name;
        return found;
    }

    MessageBar& messages() const { return *window.findChild<MessageBar*>(); }

    test::WrittenFiles files;
    std::shared_ptr<test::FakeControl> control = std::make_shared<test::FakeControl>();
    ApplicationStyle style;
    Session session;
    MainWindow window;
};

} // namespace rnnscope::ui
