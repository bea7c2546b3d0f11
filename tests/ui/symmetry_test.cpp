#include "core/zoo/permuted_zoo.h"
#include "ui/models/answers.h"
#include "ui/models/symmetry.h"
#include "window_case.h"

#include <QAction>
#include <QLabel>

#include <gmock/gmock.h>
#include <mutex>
#include <set>
#include <thread>

namespace rnnscope::ui {
namespace {

TEST(PermutedCopiesTest, AnswerAsTheNetworksTheyAreCopiesOf)
{
    for (const auto cell : {zoo::Cell::Lstm, zoo::Cell::Gru, zoo::Cell::RnnTanh}) {
        auto networks = std::make_shared<EmbeddedZoo>();
        auto own = std::make_shared<zoo::Zoo>(test::makeZoo({.hidden = 7, .cell = cell, .layers = 2}));
        networks->zoo = own;
        const std::vector<std::size_t> rows {4, 2};
        auto copies = std::make_shared<EmbeddedZoo>();
        copies->zoo = zoo::permutedCopies(*own, rows, 3, {}).value();
        ASSERT_EQ(copies->zoo->size, 2U);
        std::vector<float> before(own->architecture.parameterCount());
        std::vector<float> after(before.size());
        const auto probe = stringProbe(std::vector<int> {4, 0, 0, 1, 2, 5}, 6);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            EXPECT_EQ(copies->zoo->property("step")->value(i), own->property("step")->value(rows[i]));
            ASSERT_TRUE(own->parameters->read(rows[i], 1, before));
            ASSERT_TRUE(copies->zoo->parameters->read(i, 1, after));
            EXPECT_NE(before, after);
            std::ranges::sort(before);
            std::ranges::sort(after);
            EXPECT_EQ(before, after) << "the same numbers in another order";
            const auto expected = answerOf(*networks, rows[i], probe).value();
            const auto found = answerOf(*copies, i, probe).value();
            for (std::size_t k = 0; k < expected.probabilities.size(); ++k)
                EXPECT_NEAR(found.probabilities[k], expected.probabilities[k], 1e-5) << name(cell) << " " << k;
        }
    }
}

TEST(SymmetryTest, IsMeasuredByTheNearestOtherNetwork)
{
    auto zoo = std::make_shared<zoo::Zoo>(test::makeZoo({.size = 3}));
    auto copied = std::make_shared<zoo::Zoo>(test::makeZoo({.size = 1}));
    const auto part = [](const auto& of) {
        auto made = std::make_shared<EmbeddedZoo>();
        made->zoo = of;
        return made;
    };
    EmbeddedZoo shown;
    shown.members = {{.zoo = zoo, .first = 0, .part = part(zoo)},
                     {.zoo = copied, .number = 1, .dropped = true, .first = 3, .part = part(copied)}};
    shown.embedding = Matrix(4, 2);
    shown.embedding.values = {0, 0, 2, 0, 9, 0, 2, 0.5};
    const std::vector<PermutedCopies> copies {{.zoo = copied, .of = zoo, .rows = {1}}};
    EXPECT_THAT(copiesOnMap(shown, copies), testing::ElementsAre(testing::Pair(1, 3)));
    const auto found = symmetryOf(shown, copies, {}).value().value();
    EXPECT_EQ(found.networks, 1U);
    EXPECT_DOUBLE_EQ(found.moved, 0.5);
    EXPECT_DOUBLE_EQ(found.nearest, 2.0) << "the copy itself does not count";
    shown.embedding(3, 0) = std::nanf("");
    EXPECT_FALSE(symmetryOf(shown, copies, {}).value());
    EXPECT_FALSE(symmetryOf(shown, {}, {}).value());
    shown.embedding(3, 0) = 2;
    std::stop_source stopped;
    stopped.request_stop();
    EXPECT_EQ(symmetryOf(shown, copies, stopped.get_token()).error().code, Errc::Cancelled);
}

/// Remembers which threads have read it.
class WatchedParameters final : public zoo::ParameterSource
{
public:
    explicit WatchedParameters(std::shared_ptr<const zoo::ParameterSource> source)
        : m_source(std::move(source))
    {
    }
    Result<void> read(std::size_t first, std::size_t count, std::span<float> out) const override
    {
        const std::scoped_lock lock(m_mutex);
        m_readers.insert(std::this_thread::get_id());
        return m_source->read(first, count, out);
    }
    bool isHalf() const override { return m_source->isHalf(); }
    std::set<std::thread::id> takeReaders() const
    {
        const std::scoped_lock lock(m_mutex);
        return std::exchange(m_readers, {});
    }

private:
    std::shared_ptr<const zoo::ParameterSource> m_source;
    mutable std::mutex m_mutex;
    mutable std::set<std::thread::id> m_readers;
};

class SymmetryWindowTest : public WindowCase
{
protected:
    QString said() const
    {
        QStringList said;
        for (const auto* label : messages().findChildren<QLabel*>())
            said << label->text();
        return said.join(QStringLiteral("; "));
    }
    void check()
    {
        const auto actions = window.findChildren<QAction*>();
        const auto at = std::ranges::find(actions, QStringLiteral("Check S&ymmetry"), &QAction::text);
        ASSERT_NE(at, actions.end());
        (*at)->trigger();
        EXPECT_TRUE(test::waitFor([&] { return !window.busy(); }));
    }
};

TEST_F(SymmetryWindowTest, CopiesOfTheSelectedNetworksBecomeStarsAndAreMeasured)
{
    drop({files.zoo(), files.checkpoint("probing")});
    window.selection().set({3, 8});
    check();
    ASSERT_EQ(session.dropped().size(), 1U);
    EXPECT_EQ(session.dropped().front().zoo->size, 2U);
    EXPECT_EQ(session.embedded()->zoo->size, 20U);
    EXPECT_TRUE(said().contains("copies of 2 networks")) << said().toStdString();
    window.selection().set({1});
    check();
    ASSERT_EQ(session.dropped().size(), 1U) << "in place of those before";
    EXPECT_EQ(session.dropped().front().zoo->size, 1U);
    window.selection().set({18}); // the copy
    check();
    EXPECT_TRUE(session.dropped().empty()) << "a copy is not copied";
}

TEST_F(SymmetryWindowTest, WeightsAreReadInTheBackground)
{
    drop({files.zoo(), files.checkpoint("probing")});
    auto zoo = std::make_shared<zoo::Zoo>(test::makeZoo({.name = "one", .size = 1}));
    const auto watched = std::make_shared<WatchedParameters>(zoo->parameters);
    zoo->parameters = watched;
    session.addWeights({.zoos = {zoo}, .reports = {}, .refused = {}});
    ASSERT_TRUE(test::waitFor([&] { return !window.busy(); }));
    watched->takeReaders();
    window.selection().set({18});
    check();
    ASSERT_EQ(session.dropped().size(), 2U);
    const auto readers = watched->takeReaders();
    EXPECT_FALSE(readers.empty());
    EXPECT_FALSE(readers.contains(std::this_thread::get_id()));
}

TEST_F(SymmetryWindowTest, OfAMapThatIsGoneNothingIsSaid)
{
    drop({files.zoo(), files.checkpoint("probing")});
    window.selection().set({3, 8});
    QObject::connect(&session, &Session::embeddedChanged, &window, [&] {
        if (session.embedded() && session.embedded()->complete && !session.permuted().empty())
            session.removePermuted(); // before the window comes back to its event loop
    });
    check();
    EXPECT_TRUE(session.dropped().empty());
    EXPECT_FALSE(said().contains("copies of")) << said().toStdString();
}

TEST_F(SymmetryWindowTest, NetworksThatWereClosedMeanwhileAreNotCopied)
{
    drop({files.zoo(), files.checkpoint("probing")});
    session.addPermuted({3, 8});
    session.close(session.zoos().front());
    ASSERT_TRUE(test::waitFor([&] { return !window.busy(); }));
    EXPECT_TRUE(session.dropped().empty());
}

} // namespace
} // namespace rnnscope::ui
