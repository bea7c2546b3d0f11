#include "ui/panels/file_delegate.h"
#include "ui/panels/file_list.h"
#include "ui/panels/property_text.h"
#include "ui/plots/map_view.h"
#include "ui/plots/zoo_marks.h"
#include "window_case.h"

#include <QComboBox>
#include <QLabel>
#include <QTextBrowser>
#include <QTextDocument>

namespace rnnscope::ui {
namespace {

const test::ZooSpec kGru {.name = "gated", .size = 9, .hidden = 7, .cell = zoo::Cell::Gru};

/// The list of files in a whole window.
class FilesWindow : public WindowCase
{
protected:
    void wait() const
    {
        ASSERT_TRUE(test::waitFor([&] { return !session.busy(); }));
    }

    void dropFile(const std::string& name, const test::ZooSpec& spec = {.size = 1, .hidden = 5})
    {
        auto zoo = std::make_shared<zoo::Zoo>(test::makeZoo(spec));
        zoo->name = name;
        zoo->path = "/files/" + name;
        zoo->properties.clear();
        session.addWeights({.zoos = {zoo}, .reports = {}, .refused = {}});
        wait();
    }

    void clickAt(FileList& list, int row, QPoint (*place)(const QRect&, const QModelIndex&)) const
    {
        const auto index = list.model()->index(row, 0);
        QTest::mouseClick(list.viewport(), Qt::LeftButton, Qt::NoModifier, place(list.visualRect(index), index));
    }

    static QPoint box(const QRect& row, const QModelIndex& index)
    {
        return FileDelegate::checkBox(row, index).center();
    }
    static QPoint cross(const QRect& row, const QModelIndex& index) { return FileDelegate::cross(row, index).center(); }
    static QPoint name(const QRect& row, const QModelIndex&) { return row.center(); }

    FileList& zoos() const { return *find<FileList>("zooList"); }
    FileList& dropped() const { return *find<FileList>("droppedList"); }
};

TEST_F(FilesWindow, CheckBoxesShowAndHideZoos)
{
    drop({files.zoo(), files.zoo(kGru), files.checkpoint("probing")});
    ASSERT_EQ(session.embedded()->zoo->size, 27U);
    clickAt(zoos(), 1, &box);
    wait();
    EXPECT_EQ(session.embedded()->zoo->size, 18U);
    EXPECT_EQ(zoos().item(1)->checkState(), Qt::Unchecked);
    EXPECT_EQ(session.currentZoo()->name, "languages") << "the box chooses nothing";
    zoos().setCurrentRow(1);
    QTest::keyClick(&zoos(), Qt::Key_Space);
    wait();
    EXPECT_EQ(session.embedded()->zoo->size, 27U);
    clickAt(zoos(), 0, &box);
    clickAt(zoos(), 1, &box);
    wait();
    EXPECT_FALSE(session.embedded());
    clickAt(zoos(), 1, &name);
    wait();
    EXPECT_EQ(session.currentZoo()->name, "gated");
    EXPECT_EQ(session.embedded()->zoo->name, "gated");
}

TEST_F(FilesWindow, AZooTheEncoderCannotReadSaysWhy)
{
    drop({files.zoo(), files.checkpoint("statistics", zoo::EncoderKind::LayerwiseStatistics)});
    EXPECT_TRUE(zoos().item(0)->data(SecondRole).toString().isEmpty());
    drop({files.zoo(kGru)});
    EXPECT_EQ(zoos().item(1)->data(SecondRole).toString(), "GRU 1×7, not LSTM 1×4");
    EXPECT_TRUE(zoos().item(1)->data(MutedRole).toBool());
    EXPECT_GT(zoos().visualItemRect(zoos().item(1)).height(), zoos().visualItemRect(zoos().item(0)).height());
    EXPECT_TRUE(zoos().item(1)->toolTip().contains("This layerwise_statistics encoder reads the weights of LSTM"));
}

TEST_F(FilesWindow, AZooThatDiffersInItsInputsSaysSo)
{
    drop({files.zoo(), files.checkpoint("statistics", zoo::EncoderKind::LayerwiseStatistics)});
    drop({files.zoo({.name = "wide", .symbols = 8})});
    EXPECT_EQ(zoos().item(1)->data(SecondRole).toString(), "8 in, 8 out, not 6 in, 6 out");
}

TEST_F(FilesWindow, ADroppedFileIsListedSelectedAndClosedByDelete)
{
    drop({files.zoo(), files.checkpoint("probing")});
    EXPECT_FALSE(dropped().isVisible());
    dropFile("mine.pt");
    ASSERT_EQ(dropped().count(), 1);
    EXPECT_TRUE(dropped().isVisible());
    EXPECT_EQ(dropped().item(0)->data(ShapeRole).toInt(), kStarShape);
    EXPECT_EQ(window.selection().current(), 18U);
    const auto text = find<QTextBrowser>("networkText")->toPlainText();
    EXPECT_TRUE(text.startsWith("mine.pt")) << text.toStdString();
    EXPECT_TRUE(text.contains("NEAREST NETWORKS"));
    EXPECT_TRUE(text.contains("not known")) << "it is of no zoo that could have recorded it";
    EXPECT_FALSE(text.contains("in this"));
    EXPECT_EQ(control->tracedZoo, "mine.pt") << "its probes are shown";
    window.selection().select(3);
    clickAt(dropped(), 0, &name);
    EXPECT_EQ(window.selection().current(), 18U);
    dropped().setCurrentRow(0);
    QTest::keyClick(&dropped(), Qt::Key_Delete);
    wait();
    EXPECT_EQ(dropped().count(), 0);
    EXPECT_EQ(session.embedded()->zoo->size, 18U);
    EXPECT_LT(window.selection().current().value_or(99), 18U);
    dropFile("again.pt");
    clickAt(dropped(), 0, &cross);
    EXPECT_EQ(dropped().count(), 0);
}

TEST_F(FilesWindow, AStarIsRevealedOnAMapTheUserMoved)
{
    drop({files.zoo(), files.checkpoint("probing")});
    auto* map = window.findChild<MapView*>();
    for (int i = 0; i < 20; ++i)
        QTest::keyClick(map, Qt::Key_Plus);
    const QPointF before = map->dataAt({100, 100}) - map->dataAt({0, 0});
    dropFile("mine.pt");
    QApplication::processEvents();
    EXPECT_TRUE(QRectF(map->rect()).contains(map->pixelOf(18)));
    EXPECT_EQ(map->dataAt({100, 100}) - map->dataAt({0, 0}), before) << "the zoom stays";
}

TEST_F(FilesWindow, TextOutOfFilesIsNeverMarkup)
{
    const std::string nasty = "<b>x</b><img src=y>";
    auto spec = kGru;
    spec.name = "gated";
    drop({files.zoo(), files.zoo(spec), files.checkpoint("probing")});
    dropFile(nasty);
    const auto plain = QString::fromStdString(nasty);
    EXPECT_EQ(dropped().item(0)->text(), plain);
    QTextDocument tip;
    tip.setHtml(dropped().item(0)->toolTip());
    EXPECT_TRUE(tip.toPlainText().contains(plain)) << "as a tool tip shows it";
    const auto* text = find<QTextBrowser>("networkText");
    EXPECT_TRUE(text->toPlainText().startsWith(plain)) << text->toPlainText().toStdString();
    QTextDocument card;
    card.setHtml(hoverHtml(*session.embedded(), 27));
    EXPECT_TRUE(card.toPlainText().contains(plain));
    window.setColour("zoo");
    EXPECT_EQ(find<QComboBox>("colourChooser")->currentText(), "Zoo");
    session.setCurrentCheckpoint(nullptr);
    dropFile(nasty + "2", {.size = 1, .symbols = 9}); // fits nothing
    QStringList shown;
    for (const auto* label : window.findChildren<QLabel*>()) {
        shown << label->text();
        if (label->text().contains(plain)) {
            EXPECT_EQ(label->textFormat(), Qt::PlainText) << label->objectName().toStdString();
        }
    }
    EXPECT_EQ(shown.filter("is not on the map").size(), 1);
}

TEST_F(FilesWindow, AZooOfThatNameIsPlainTextToo)
{
    const std::string nasty = "<b>x</b><img src=y>";
    auto zoo = std::make_shared<zoo::Zoo>(test::makeZoo({.size = 30}));
    zoo->name = nasty + std::string(500, 'z') + "\n";
    zoo->path = "/files/zoo";
    drop({files.checkpoint("probing")});
    session.addWeights({.zoos = {zoo}, .reports = {}, .refused = {}}); // many: a zoo
    wait();
    ASSERT_EQ(zoos().count(), 1);
    EXPECT_TRUE(zoos().item(0)->text().startsWith(QString::fromStdString(nasty)));
    EXPECT_LE(zoos().item(0)->text().size(), 60);
    EXPECT_LE(window.windowTitle().size(), 80);
    const auto text = find<QTextBrowser>("networkText")->toPlainText();
    EXPECT_TRUE(text.contains(QString::fromStdString(nasty))) << text.toStdString();
    for (const auto* label : window.findChildren<QLabel*>())
        if (label->text().contains("<img")) {
            EXPECT_EQ(label->textFormat(), Qt::PlainText) << label->objectName().toStdString();
        }
}

} // namespace
} // namespace rnnscope::ui
