#include "qt_test.h"
#include "sample_zoo.h"
#include "ui/panels/network_table_model.h"
#include "ui/panels/table_panel.h"

#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QLabel>
#include <QSignalSpy>
#include <QTableView>

#include <gmock/gmock.h>

namespace rnnscope::ui {
namespace {

/// 18 networks: 6 runs of 3 snapshots, steps 1000, 11000, 21000; the accuracy of row 7 is unknown.
class TableTest : public testing::Test
{
protected:
    TableTest()
    {
        auto zoo = std::make_shared<zoo::Zoo>(*networks->zoo);
        for (auto& property : zoo->properties)
            if (property.name == "accuracy")
                property.values[7] = std::nan("");
        networks->zoo = zoo;
        filter.setNetworks(networks);
        panel.resize(700, 300);
        panel.show();
        EXPECT_TRUE(QTest::qWaitForWindowExposed(&panel));
    }

    QTableView& table() const { return *panel.table(); }
    QAbstractItemModel& model() const { return *panel.table()->model(); }
    int column(const QString& title) const
    {
        for (int i = 0; i < model().columnCount(); ++i)
            if (model().headerData(i, Qt::Horizontal).toString() == title)
                return i;
        ADD_FAILURE() << title.toStdString();
        return 0;
    }
    QStringList texts(const QString& title) const
    {
        QStringList all;
        for (int row = 0; row < model().rowCount(); ++row)
            all << model().index(row, column(title)).data().toString();
        return all;
    }
    void click(int row, Qt::KeyboardModifiers modifiers = {})
    {
        const auto at = table().visualRect(model().index(row, 0)).center();
        QTest::mouseClick(table().viewport(), Qt::LeftButton, modifiers, at);
    }

    std::shared_ptr<EmbeddedZoo> networks = test::sampleZoo();
    Filter filter;
    Selection selection;
    TablePanel panel {filter, selection};
};

TEST_F(TableTest, HasALineForEveryNetworkAndAColumnForEveryField)
{
    EXPECT_EQ(model().rowCount(), 18);
    EXPECT_EQ(model().columnCount(), static_cast<int>(filter.fields().size()) + 1);
    EXPECT_EQ(texts("Network").front(), QStringLiteral("run 0 · step 1\u2009000"));
    EXPECT_EQ(
        texts("Training step").mid(0, 3),
        (QStringList {QStringLiteral("1\u2009000"), QStringLiteral("11\u2009000"), QStringLiteral("21\u2009000")}));
    EXPECT_EQ(texts("Accuracy")[7], QStringLiteral("\u2013"));
    EXPECT_EQ(texts("Split")[0], "validation");
}

TEST_F(TableTest, FollowsTheFilter)
{
    filter.setInterval("property:step", Filter::Interval {1000, 1000});
    EXPECT_EQ(model().rowCount(), 6);
    ASSERT_TRUE(filter.setExpression("step < 0"));
    EXPECT_EQ(model().rowCount(), 0);
    EXPECT_TRUE(panel.findChild<QLabel*>("mutedText")->isVisible());
    filter.clear();
    EXPECT_EQ(model().rowCount(), 18);
}

TEST_F(TableTest, SortsByNumbersWithUnknownOnesLastWhicheverWay)
{
    const auto values = [&](Qt::SortOrder order) {
        table().sortByColumn(column("Accuracy"), order);
        auto all = texts("Accuracy");
        EXPECT_EQ(all.takeLast(), QStringLiteral("\u2013"));
        std::vector<double> numbers;
        for (const auto& text : all)
            numbers.push_back(text.toDouble());
        return numbers;
    };
    const auto up = values(Qt::AscendingOrder);
    EXPECT_TRUE(std::is_sorted(up.begin(), up.end()));
    const auto down = values(Qt::DescendingOrder);
    EXPECT_TRUE(std::is_sorted(down.rbegin(), down.rend()));
    table().sortByColumn(column("Training step"), Qt::DescendingOrder);
    EXPECT_EQ(texts("Training step").front(), QStringLiteral("21\u2009000")) << "by number, not by text";
}

TEST_F(TableTest, SharesTheSelection)
{
    click(3);
    EXPECT_THAT(selection.ids(), testing::ElementsAre(3));
    EXPECT_EQ(selection.current(), 3U);
    click(5, Qt::ShiftModifier);
    EXPECT_THAT(selection.ids(), testing::ElementsAre(3, 4, 5));
    EXPECT_EQ(selection.current(), 5U);
    selection.set({1, 2, 9, 17}, 9);
    EXPECT_EQ(table().selectionModel()->selectedRows().size(), 4);
    EXPECT_EQ(table().currentIndex().row(), 9);
    table().sortByColumn(0, Qt::DescendingOrder);
    EXPECT_TRUE(table().selectionModel()->isRowSelected(17 - 9, {})) << "the selection goes with its networks";
    EXPECT_THAT(selection.ids(), testing::ElementsAre(1, 2, 9, 17));
    filter.setInterval("property:run", Filter::Interval {0, 0});
    EXPECT_EQ(table().selectionModel()->selectedRows().size(), 2);
    EXPECT_THAT(selection.ids(), testing::ElementsAre(1, 2, 9, 17)) << "hiding does not deselect";
}

TEST_F(TableTest, CopiesWhatIsSelectedInFull)
{
    table().horizontalHeader()->setSectionHidden(column("Run"), true);
    click(2);
    QTest::keyClick(&table(), Qt::Key_C, Qt::ControlModifier);
    const auto lines = QApplication::clipboard()->text().split('\n');
    ASSERT_EQ(lines.size(), 3) << "a head, a line and the end";
    const auto head = lines[0].split('\t');
    const auto cells = lines[1].split('\t');
    ASSERT_EQ(head.size(), cells.size());
    EXPECT_FALSE(head.contains("Run"));
    EXPECT_EQ(cells[head.indexOf("Training step")], "21000");
    EXPECT_NEAR(cells[head.indexOf("Accuracy")].toDouble(), networks->zoo->property("accuracy")->value(2), 1e-8);
    EXPECT_EQ(panel.csv().count('\n'), 2);
    selection.clear();
    panel.copy();
    EXPECT_EQ(QApplication::clipboard()->text().count('\n'), 19) << "all, when none is selected";
}

TEST_F(TableTest, CsvQuotesWhatHoldsACommaOrAQuote)
{
    auto odd = test::sampleZoo();
    auto zoo = std::make_shared<zoo::Zoo>(*odd->zoo);
    zoo::Property label;
    label.name = "optimiser";
    label.kind = zoo::PropertyKind::Categorical;
    label.labels = {"Adam, \"W\"", "plain"};
    for (std::size_t row = 0; row < zoo->size; ++row)
        label.values.push_back(row == 0 ? 0 : 1);
    zoo->properties.push_back(label);
    odd->zoo = zoo;
    filter.setNetworks(odd);
    selection.select(0);
    EXPECT_TRUE(panel.csv().contains("\"Adam, \"\"W\"\"\"")) << panel.csv().toStdString();
}

TEST_F(TableTest, ActivatingALineNamesItsNetwork)
{
    QSignalSpy activated(&panel, &TablePanel::activated);
    click(4);
    QTest::keyClick(&table(), Qt::Key_Return);
    ASSERT_EQ(activated.count(), 1);
    EXPECT_EQ(activated[0][0].value<std::size_t>(), 4U);
}

TEST_F(TableTest, SurvivesTheMapGoingAway)
{
    table().sortByColumn(column("Accuracy"), Qt::DescendingOrder);
    filter.setNetworks(nullptr);
    EXPECT_EQ(model().rowCount(), 0);
    EXPECT_EQ(model().columnCount(), 1);
    filter.setNetworks(networks);
    EXPECT_EQ(model().rowCount(), 18);
}

} // namespace
} // namespace rnnscope::ui
