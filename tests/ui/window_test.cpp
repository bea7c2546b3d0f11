#include "ui/models/colour_channel.h"
#include "ui/models/labels.h"
#include "ui/plots/export.h"
#include "ui/plots/map_legend.h"
#include "ui/plots/map_view.h"
#include "window_case.h"

#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QFile>
#include <QFileInfo>
#include <QImage>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSet>
#include <QToolButton>

namespace rnnscope::ui {
namespace {

using WindowTest = WindowCase;

TEST_F(WindowTest, ShowsDroppedFilesAndSelectsANetwork)
{
    drop({files.zoo(), files.checkpoint("probing")});
    EXPECT_EQ(find<QListWidget>("zooList")->count(), 1);
    EXPECT_EQ(find<QListWidget>("checkpointList")->count(), 1);
    ASSERT_TRUE(window.selection().current());
    EXPECT_EQ(*window.selection().current(), 8U) << "the first network that is good at its task";
    EXPECT_EQ(control->traced, 1);
    EXPECT_EQ(find<QLabel>("device")->text(), "CPU, 2 threads");
    EXPECT_EQ(messages().count(), 0);
}

TEST_F(WindowTest, BeginsWithANetworkThatTheEncoderKnowsWell)
{
    const auto zoo = test::makeZoo({});
    EXPECT_EQ(representative(zoo, {}), 8U);
    std::vector<double> trust(18, 50.0);
    trust[8] = 100.0;
    EXPECT_EQ(representative(zoo, {}, trust), 17U);
    trust[17] = 100.0;
    EXPECT_EQ(representative(zoo, {}, trust), 8U) << "better than none";
    EXPECT_EQ(representative(zoo, {8, 17}, trust), 7U) << "the best that has an embedding";
}

TEST_F(WindowTest, ChoosingAnEncoderEmbedsWithIt)
{
    drop({files.zoo(), files.checkpoint("probing"), files.checkpoint("flat", zoo::EncoderKind::Flat)});
    auto* chooser = find<QComboBox>("encoderChooser");
    ASSERT_EQ(chooser->count(), 2);
    EXPECT_EQ(chooser->currentText(), "Interactive probing");
    chooser->setFocus();
    QTest::keyClick(chooser, Qt::Key_Down);
    ASSERT_TRUE(test::waitFor([&] { return !session.busy(); }));
    EXPECT_EQ(session.currentCheckpoint()->config.kind, zoo::EncoderKind::Flat);
    EXPECT_TRUE(session.embedded()->complete);
}

TEST_F(WindowTest, OffersPropertiesPredictionsAndErrorsAsColours)
{
    drop({files.zoo(), files.checkpoint("probing")});
    auto* chooser = find<QComboBox>("colourChooser");
    EXPECT_EQ(chooser->currentText(), "Accuracy");
    for (const char* title : {"Task", "Training step", "Accuracy, predicted", "Accuracy, error"})
        EXPECT_GE(chooser->findText(title), 0) << title;
    window.setColour("error:accuracy");
    EXPECT_EQ(chooser->currentText(), "Accuracy, error");
    QTest::keyClick(&window, Qt::Key_C, Qt::ShiftModifier);
    EXPECT_EQ(chooser->currentText(), "Accuracy, predicted");
}

TEST_F(WindowTest, WhatTheFilterHidesCanNeitherBeSeenNorSelected)
{
    drop({files.zoo(), files.checkpoint("probing")});
    auto* map = find<MapView>("map");
    QTest::keyClick(&window, Qt::Key_F, Qt::ControlModifier);
    auto* field = find<QLineEdit>("expression");
    EXPECT_TRUE(field->hasFocus());
    QTest::keyClicks(field, "run == 1");
    QTest::keyClick(field, Qt::Key_Return);
    EXPECT_EQ(window.filter().shownCount(), 9U);
    EXPECT_TRUE(map->accessibleDescription().startsWith("9 networks")) << map->accessibleDescription().toStdString();
    QTest::keyClick(map, Qt::Key_A, Qt::ControlModifier);
    EXPECT_EQ(window.selection().ids().front(), 9U);
    EXPECT_EQ(window.selection().ids().size(), 9U);
    QTest::keyClick(map, Qt::Key_F, Qt::ControlModifier | Qt::ShiftModifier);
    EXPECT_FALSE(window.filter().active());
    EXPECT_TRUE(field->text().isEmpty());
    EXPECT_TRUE(map->accessibleDescription().startsWith("18 networks"));
    const auto first = map->pixelOf(0).toPoint();
    ASSERT_TRUE(window.filter().setExpression("run == 1"));
    QTest::mouseClick(map, Qt::LeftButton, {}, first);
    for (const auto id : window.selection().ids())
        EXPECT_GE(id, 9U);
}

TEST_F(WindowTest, TheTableIsWrittenAsCsvAndTheMapCopied)
{
    drop({files.zoo(), files.checkpoint("probing")});
    const auto path = QString::fromStdString((files.folder() / "networks.csv").string());
    window.selection().set({2, 3});
    window.exportTo(Exportable::Table, path, {});
    QFile file(path);
    ASSERT_TRUE(file.open(QIODevice::ReadOnly));
    const auto lines = QString::fromUtf8(file.readAll()).split('\n');
    ASSERT_EQ(lines.size(), 4);
    EXPECT_TRUE(lines[0].startsWith("Network,")) << lines[0].toStdString();
    EXPECT_TRUE(lines[1].startsWith("run 0")) << "names, not numbers of rows";
    EXPECT_EQ(messages().count(), 0);
    window.exportTo(Exportable::Table, path + ".pdf", {});
    EXPECT_EQ(messages().count(), 1);
    QApplication::clipboard()->clear();
    QTest::keyClick(&window, Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
    EXPECT_EQ(QApplication::clipboard()->image().size(), find<MapView>("map")->size() * 2);
}

TEST_F(WindowTest, AClickOnACategoryOfTheLegendHidesIt)
{
    drop({files.zoo(), files.checkpoint("probing")});
    auto* map = find<MapView>("map");
    window.setColour("property:task");
    ASSERT_FALSE(map->legendLine(1).isNull());
    EXPECT_TRUE(map->legendLine(2).isNull());
    EXPECT_TRUE(map->legendBar().isNull());
    const auto before = window.selection().ids();
    QTest::mouseClick(map, Qt::LeftButton, {}, map->legendLine(0).center().toPoint());
    EXPECT_EQ(window.filter().shownCount(), 9U);
    EXPECT_FALSE(window.filter().shows(0));
    EXPECT_EQ(window.selection().ids(), before) << "the click was not for the map";
    QTest::mouseClick(map, Qt::LeftButton, {}, map->legendLine(0).center().toPoint());
    EXPECT_FALSE(window.filter().active());
    QTest::mouseClick(map, Qt::LeftButton, Qt::ControlModifier, map->legendLine(0).center().toPoint());
    EXPECT_FALSE(window.filter().shows(9));
    EXPECT_TRUE(window.filter().shows(0));
    QTest::mouseClick(map, Qt::LeftButton, Qt::ControlModifier, map->legendLine(0).center().toPoint());
    EXPECT_FALSE(window.filter().active());
}

TEST_F(WindowTest, ADragOverTheBarOfTheLegendClipsTheColours)
{
    drop({files.zoo(), files.checkpoint("probing")});
    auto* map = find<MapView>("map");
    const auto bar = map->legendBar();
    ASSERT_FALSE(bar.isNull());
    const auto at = [&](double share) { return QPointF(bar.left() + share * bar.width(), bar.center().y()).toPoint(); };
    QTest::mousePress(map, Qt::LeftButton, {}, at(0.75));
    QTest::mouseMove(map, at(0.5));
    QTest::mouseMove(map, at(0.25));
    QTest::mouseRelease(map, Qt::LeftButton, {}, at(0.25));
    ASSERT_TRUE(map->colour().clip);
    EXPECT_NEAR(map->colour().clip->first, 0.25, 0.02);
    EXPECT_NEAR(map->colour().clip->second, 0.75, 0.02);
    const auto colour = [&](double value) { return channelColour(map->colour(), value, false); };
    EXPECT_EQ(colour(0.1), colour(0.2));
    EXPECT_EQ(colour(0.8), colour(1.0));
    EXPECT_NE(colour(0.4), colour(0.6));
    window.setColour("predicted:accuracy");
    EXPECT_FALSE(map->colour().clip) << "another field";
    window.setColour("property:accuracy");
    QTest::mouseDClick(map, Qt::LeftButton, {}, at(0.5));
    EXPECT_FALSE(map->colour().clip);
}

TEST_F(WindowTest, ColoursATaskOfFewLanguagesByCategory)
{
    drop({files.zoo(), files.checkpoint("probing")});
    const auto channel = colourChannel(*session.embedded(), "property:task");
    EXPECT_EQ(channel.scale, ColourChannel::Scale::Categorical);
    EXPECT_EQ(channel.categories.size(), 2);
    EXPECT_EQ(channel.values.front(), 0.0);
    EXPECT_EQ(channel.values.back(), 1.0);
}

TEST_F(WindowTest, ErrorsStayInsideTheWindowAndCanBeDismissed)
{
    drop({"/does/not/exist.h5"});
    ASSERT_EQ(messages().count(), 1);
    EXPECT_TRUE(messages().isVisible());
    QTest::mouseClick(find<QToolButton>("dismiss"), Qt::LeftButton);
    EXPECT_EQ(messages().count(), 0);
    EXPECT_FALSE(messages().isVisible());
}

TEST_F(WindowTest, MessagesAreSentencesButFileNamesStayAsTheyAre)
{
    messages().showError("the disk is full");
    messages().showError("x.h5 is a PNG image");
    QStringList texts;
    for (const auto* label : messages().findChildren<QLabel*>())
        texts << label->text();
    EXPECT_TRUE(texts.contains("The disk is full."));
    EXPECT_TRUE(texts.contains("x.h5 is a PNG image."));
}

TEST_F(WindowTest, ShowsAtMostThreeMessagesAndNoneTwice)
{
    for (const char* text : {"first", "second", "second", "third", "fourth"})
        messages().showError(QString::fromLatin1(text), "why");
    EXPECT_EQ(messages().count(), 3);
}

TEST_F(WindowTest, KeysChooseToolsAndSelections)
{
    drop({files.zoo(), files.checkpoint("probing")});
    auto* map = window.findChild<MapView*>();
    QTest::keyClick(&window, Qt::Key_L);
    EXPECT_EQ(map->tool(), MapView::Tool::Lasso);
    EXPECT_TRUE(find<QAction>("lasso")->isChecked());
    QTest::keyClick(&window, Qt::Key_B);
    EXPECT_EQ(map->tool(), MapView::Tool::Box);
    QTest::keyClick(&window, Qt::Key_R, Qt::ControlModifier);
    EXPECT_EQ(window.selection().ids().size(), 9U) << "the run of the selected network";
    QTest::keyClick(&window, Qt::Key_I, Qt::ControlModifier);
    EXPECT_EQ(window.selection().ids().front(), 9U);
    QTest::keyClick(&window, Qt::Key_A, Qt::ControlModifier);
    EXPECT_EQ(window.selection().ids().size(), 18U);
}

TEST_F(WindowTest, CancelIsInReachWhileWorkRuns)
{
    control->gated = true;
    session.open({files.zoo(), files.checkpoint("probing")});
    ASSERT_TRUE(test::waitFor([&] { return session.embedded() != nullptr; }));
    QPushButton* cancel = nullptr;
    for (auto* button : window.findChildren<QPushButton*>())
        if (button->text() == "Cancel")
            cancel = button;
    ASSERT_NE(cancel, nullptr);
    ASSERT_TRUE(test::waitFor([&] { return cancel->isVisible(); }));
    QTest::mouseClick(cancel, Qt::LeftButton);
    ASSERT_TRUE(test::waitFor([&] { return !session.busy(); }));
    EXPECT_FALSE(session.embedded());
    EXPECT_FALSE(cancel->isVisible());
}

TEST_F(WindowTest, DrawsItsViewsInBothThemes)
{
    drop({files.zoo(), files.checkpoint("probing")});
    QSet<QRgb> backgrounds;
    for (const auto theme : {ThemeChoice::Light, ThemeChoice::Dark}) {
        style.setChoice(theme);
        const auto image = window.grab().toImage();
        EXPECT_EQ(image.size(), QSize(1280, 800));
        QSet<QRgb> colours;
        for (int y = 0; y < image.height(); y += 4)
            for (int x = 0; x < image.width(); x += 4)
                colours.insert(image.pixel(x, y));
        EXPECT_GT(colours.size(), 50) << "text, points and heat maps have many colours";
        backgrounds.insert(image.pixel(4, 400));
    }
    EXPECT_EQ(backgrounds.size(), 2);
}

TEST_F(WindowTest, ExportsEveryView)
{
    drop({files.zoo(), files.checkpoint("probing")});
    for (const auto view :
         {Exportable::Map, Exportable::Network, Exportable::Probing, Exportable::Training, Exportable::Evaluation})
        for (const char* ending : {"pdf", "svg", "png"}) {
            const auto path = QString::fromStdString((files.folder() / "view.").string()) + QString::fromLatin1(ending);
            window.exportTo(view, path, {.dpi = 100, .title = "View"});
            EXPECT_TRUE(test::waitFor([&] { return !window.busy(); }));
            EXPECT_GT(QFileInfo(path).size(), 500) << path.toStdString();
        }
    EXPECT_EQ(messages().count(), 0);
    for (const auto view : {Exportable::Map, Exportable::Network}) {
        messages().dismissAll();
        window.exportTo(view, "/does/not/exist/view.png", {});
        EXPECT_TRUE(test::waitFor([&] { return !window.busy(); }));
        EXPECT_EQ(messages().count(), 1);
    }
}

TEST_F(WindowTest, EveryControlHasAnAccessibleName)
{
    for (auto* control_ : window.findChildren<QComboBox*>())
        EXPECT_FALSE(control_->accessibleName().isEmpty()) << control_->objectName().toStdString();
    for (auto* list : window.findChildren<QListWidget*>())
        EXPECT_FALSE(list->accessibleName().isEmpty()) << list->objectName().toStdString();
}

} // namespace
} // namespace rnnscope::ui
