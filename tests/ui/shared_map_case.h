#pragma once

#include "fake_engine.h"
#include "qt_test.h"
#include "ui/models/session.h"
#include "written_files.h"

#include <algorithm>
#include <memory>
#include <string>

namespace rnnscope::ui {

/// A session over a fake engine, with zoos of different cells and with weight files.
class SharedMapCase : public testing::Test
{
protected:
    static constexpr const char* kNasty = "<b>x</b><img src=y>";

    SharedMapCase()
    {
        session = std::make_unique<Session>([control = control]() -> Result<std::shared_ptr<engine::Engine>> {
            return std::make_shared<test::FakeEngine>(control);
        });
        QObject::connect(session.get(), &Session::failed, [this](const QString& message) { failures << message; });
    }

    void wait() const
    {
        ASSERT_TRUE(test::waitFor([&] { return !session->busy(); }));
    }

    void openAndWait(const QStringList& paths)
    {
        session->open(paths);
        wait();
    }

    /// As if a file had been dropped; reading it is somebody else's test.
    std::shared_ptr<const zoo::Zoo> dropFile(const std::string& name, test::ZooSpec spec = {.size = 1, .hidden = 5})
    {
        spec.name = name;
        auto zoo = std::make_shared<zoo::Zoo>(test::makeZoo(spec));
        zoo->path = "/files/" + name;
        zoo->family = zoo::TaskFamily::Custom;
        auto file = test::property("file", zoo::PropertyKind::Categorical, std::vector<double>(spec.size, 0.0));
        file.labels = {name};
        zoo->properties = {file};
        session->addWeights({.zoos = {zoo}, .reports = {}, .refused = {}});
        return zoo;
    }

    std::shared_ptr<const EmbeddedZoo> shown() const { return session->embedded(); }

    test::WrittenFiles files;
    std::shared_ptr<test::FakeControl> control = std::make_shared<test::FakeControl>();
    std::unique_ptr<Session> session;
    QStringList failures;
};

inline const test::ZooSpec kGru {.name = "gated", .size = 9, .hidden = 7, .cell = zoo::Cell::Gru};

} // namespace rnnscope::ui
