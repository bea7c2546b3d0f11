#include "ui/dialogs/export_dialog.h"
#include "ui/dialogs/figure_preview.h"
#include "ui/plots/map_view.h"
#include "window_case.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QDoubleSpinBox>
#include <QFile>
#include <QFileInfo>
#include <QImage>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QSettings>
#include <QSpinBox>
#include <QTemporaryDir>

namespace rnnscope::ui {
namespace {

/// The dialog of a window with networks on its map.
class FigureTest : public WindowCase
{
protected:
    FigureTest() { drop({files.zoo(), files.checkpoint("probing")}); }

    ExportDialog& ask(Qt::KeyboardModifiers modifiers = Qt::ControlModifier)
    {
        window.activateWindow();
        EXPECT_TRUE(QTest::qWaitForWindowActive(&window));
        QTest::keyClick(&window, Qt::Key_E, modifiers);
        auto* dialog = find<ExportDialog>("exportDialog");
        EXPECT_TRUE(QTest::qWaitForWindowExposed(dialog));
        return *dialog;
    }
    template <typename T>
    static T& field(const ExportDialog& dialog, const char* name)
    {
        auto* found = dialog.findChild<T*>(QString::fromLatin1(name));
        EXPECT_NE(found, nullptr) << name;
        return *found;
    }
    static void choose(QComboBox& box, const QString& data)
    {
        box.setFocus();
        QTest::keyClick(&box, Qt::Key_Home);
        for (int i = 0; i < box.count() && box.currentData() != data; ++i)
            QTest::keyClick(&box, Qt::Key_Down);
        EXPECT_EQ(box.currentData().toString(), data);
    }
    template <typename Box>
    static void type(Box& box, const char* value)
    {
        box.setFocus();
        box.selectAll();
        QTest::keyClicks(&box, QString::fromLatin1(value));
        QTest::keyClick(&box, Qt::Key_Tab);
    }
    QString path(const char* name) const { return folder.filePath(QLatin1String(name)); }
    void target(const ExportDialog& dialog, const char* name) const
    {
        auto& line = field<QLineEdit>(dialog, "figureTarget");
        line.setFocus();
        line.selectAll();
        QTest::keyClicks(&line, path(name));
    }
    void save(const ExportDialog& dialog) const
    {
        QTest::mouseClick(&field<QPushButton>(dialog, "figureSave"), Qt::LeftButton);
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        EXPECT_TRUE(test::waitFor([&] { return !window.busy(); }));
    }
    static QByteArray undated(const QByteArray& file)
    {
        return QString::fromLatin1(file).remove(QRegularExpression("\\(D:[0-9]{14}[^)]*\\)")).toLatin1();
    }
    static QByteArray bytes(const QString& path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    QString note() const
    {
        QString said;
        for (const auto* label : messages().findChildren<QLabel*>())
            said += label->text();
        return said;
    }
    static const std::vector<QImage>& pages(const ExportDialog& dialog)
    {
        return field<FigurePreview>(dialog, "figurePreview").pages();
    }

    QTemporaryDir folder;
};

TEST_F(FigureTest, ThePageIsAsLargeAsAskedForAndItsTextIsText)
{
    auto& dialog = ask();
    type(field<QDoubleSpinBox>(dialog, "figureWidth"), "85");
    type(field<QDoubleSpinBox>(dialog, "figureHeight"), "70");
    type(field<QDoubleSpinBox>(dialog, "figureText"), "6");
    choose(field<QComboBox>(dialog, "figureFormat"), "svg");
    target(dialog, "a.svg");
    save(dialog);
    const QString svg = QString::fromUtf8(bytes(path("a.svg")));
    EXPECT_TRUE(svg.contains("width=\"85mm\" height=\"70mm\"")) << svg.left(300).toStdString();
    EXPECT_TRUE(svg.contains(">Accuracy</text>"));
    EXPECT_TRUE(note().contains("a.svg")) << note().toStdString();
}

TEST_F(FigureTest, TheEndingOfTheNameChoosesTheFormat)
{
    auto& dialog = ask();
    const auto& format = field<QComboBox>(dialog, "figureFormat");
    target(dialog, "b.SVG");
    EXPECT_EQ(format.currentData(), "svg");
    EXPECT_EQ(field<QLineEdit>(dialog, "figureTarget").text(), path("b.SVG"));
    target(dialog, "b.png");
    EXPECT_EQ(format.currentData(), "png");
    EXPECT_TRUE(field<QSpinBox>(dialog, "figureDpi").isEnabled());
    target(dialog, "b.csv"); // the map has no numbers to write
    EXPECT_EQ(format.currentData(), "png");
    EXPECT_FALSE(field<QPushButton>(dialog, "figureSave").isEnabled());
    target(dialog, "b.pdf");
    save(dialog);
    EXPECT_TRUE(bytes(path("b.pdf")).startsWith("%PDF"));
}

TEST_F(FigureTest, SmallerTextLeavesMoreRoomForTheView)
{
    const auto sizeOf = [&](double textPt) {
        QSize seen;
        const PaintView look = [&](QPainter&, const QSize& size) { seen = size; };
        EXPECT_TRUE(exportView(path("x.png"), look, {.sizeMm = {90, 60}, .dpi = 100, .title = {}, .textPt = textPt}));
        return seen;
    };
    const double shownPt = QFontInfo(QGuiApplication::font()).pixelSize() * 0.75;
    EXPECT_EQ(sizeOf(0), sizeOf(shownPt));
    EXPECT_NEAR(sizeOf(shownPt / 2).width(), 2 * sizeOf(shownPt).width(), 2);
}

TEST_F(FigureTest, TwoExportsDifferOnlyInTheirDates)
{
    for (const char* format : {"pdf", "svg", "png"}) {
        QByteArray first;
        for (const char* name : {"1.", "2."}) {
            auto& dialog = ask();
            choose(field<QComboBox>(dialog, "figureFormat"), QString::fromLatin1(format));
            target(dialog, (std::string(name) + format).c_str());
            save(dialog);
            const auto written = undated(bytes(path((std::string(name) + format).c_str())));
            EXPECT_GT(written.size(), 500);
            if (first.isEmpty())
                first = written;
            else
                EXPECT_EQ(first, written) << format;
        }
    }
}

TEST_F(FigureTest, TheMapIsWrittenInTheBackgroundAsItWasWhenAskedFor)
{
    const auto finished = [&] { return test::waitFor([&] { return !window.busy(); }); };
    for (const char* name : {"x.pdf", "x.svg", "x.png"}) {
        window.exportTo(Exportable::Map, path(name), {.title = "Map"});
        ASSERT_TRUE(finished());
        const auto before = undated(bytes(path(name)));
        window.exportTo(Exportable::Map, path(name), {.title = "Map"});
        EXPECT_TRUE(window.busy()) << "the window does not wait for it";
        window.setColour("property:step");
        window.selection().set({1, 2, 3});
        ASSERT_TRUE(finished());
        EXPECT_EQ(undated(bytes(path(name))), before);
        window.exportTo(Exportable::Map, path(name), {.title = "Map"});
        ASSERT_TRUE(finished());
        EXPECT_NE(undated(bytes(path(name))), before);
        window.setColour("property:accuracy");
        window.selection().set({0});
    }
}

TEST_F(FigureTest, ThePreviewFollowsWhatIsChosen)
{
    auto& dialog = ask();
    ASSERT_TRUE(test::waitFor([&] { return !pages(dialog).empty(); }));
    const QImage light = pages(dialog).front();
    EXPECT_EQ(light.pixel(3, 3), 0xffffffffU);
    QTest::mouseClick(&field<QCheckBox>(dialog, "figureLight"), Qt::LeftButton, {}, {10, 10});
    ASSERT_TRUE(test::waitFor([&] { return pages(dialog).front().pixel(3, 3) != 0xffffffffU; }));
    const QImage dark = pages(dialog).front();
    QTest::mouseClick(&field<QCheckBox>(dialog, "figureLegend"), Qt::LeftButton, {}, {10, 10});
    ASSERT_TRUE(test::waitFor([&] { return pages(dialog).front() != dark; }));
    type(field<QDoubleSpinBox>(dialog, "figureHeight"), "170");
    ASSERT_TRUE(test::waitFor([&] { return pages(dialog).front().height() > 1.9 * pages(dialog).front().width(); }));
}

TEST_F(FigureTest, APresetSetsTheWidthInTheProportionsOfTheView)
{
    auto& dialog = ask();
    auto& preset = field<QComboBox>(dialog, "figurePreset");
    preset.setFocus();
    QTest::keyClick(&preset, Qt::Key_End);
    QTest::keyClick(&preset, Qt::Key_Home);
    EXPECT_EQ(field<QDoubleSpinBox>(dialog, "figureWidth").value(), 85.0);
    EXPECT_EQ(field<QDoubleSpinBox>(dialog, "figureHeight").value(), 64.0) << "the map is 4 to 3";
    type(field<QDoubleSpinBox>(dialog, "figureWidth"), "174");
    EXPECT_TRUE(preset.currentText().startsWith("Double")) << preset.currentText().toStdString();
    type(field<QDoubleSpinBox>(dialog, "figureWidth"), "99");
    EXPECT_EQ(preset.currentIndex(), preset.count() - 1);
}

TEST_F(FigureTest, OnlyPixelsHaveAResolution)
{
    auto& dialog = ask();
    EXPECT_FALSE(field<QSpinBox>(dialog, "figureDpi").isEnabled());
    choose(field<QComboBox>(dialog, "figureFormat"), "png");
    type(field<QSpinBox>(dialog, "figureDpi"), "254");
    type(field<QDoubleSpinBox>(dialog, "figureWidth"), "100");
    type(field<QDoubleSpinBox>(dialog, "figureHeight"), "50");
    target(dialog, "a.png");
    save(dialog);
    EXPECT_EQ(QImage(path("a.png")).size(), QSize(1000, 500));
}

TEST_F(FigureTest, AllViewsAreAFileEachAndWhatIsEmptyIsLeftOut)
{
    auto& dialog = ask(Qt::ControlModifier | Qt::AltModifier);
    target(dialog, "paper.pdf");
    const auto said = field<QLabel>(dialog, "saveProblem").text();
    EXPECT_TRUE(said.contains("paper-map.pdf")) << said.toStdString();
    EXPECT_TRUE(said.contains("empty: Behaviour")) << said.toStdString();
    ASSERT_TRUE(test::waitFor([&] { return pages(dialog).size() > 3; }));
    save(dialog);
    const auto written = QDir(folder.path()).entryList(QDir::Files);
    for (const char* name : {"map", "network", "probing", "activity", "trajectory"}) {
        EXPECT_TRUE(written.contains(QStringLiteral("paper-%1.pdf").arg(QLatin1String(name)))) << name;
        EXPECT_TRUE(note().contains(QLatin1String(name))) << note().toStdString();
    }
    EXPECT_FALSE(written.contains("paper-behaviour.pdf"));
}

TEST_F(FigureTest, AnEmptyViewSaysWhyAndCannotBeSaved)
{
    window.selection().clear();
    QCoreApplication::processEvents();
    auto& dialog = ask();
    target(dialog, "a.pdf");
    EXPECT_TRUE(field<QPushButton>(dialog, "figureSave").isEnabled());
    choose(field<QComboBox>(dialog, "figureView"), "network");
    EXPECT_EQ(field<QLabel>(dialog, "saveProblem").text(), "No network is selected");
    EXPECT_FALSE(field<QPushButton>(dialog, "figureSave").isEnabled());
    ASSERT_TRUE(test::waitFor([&] { return pages(dialog).empty(); }));
}

TEST_F(FigureTest, TheNextFigureBeginsWithTheSettingsOfTheLast)
{
    {
        auto& dialog = ask();
        choose(field<QComboBox>(dialog, "figureFormat"), "svg");
        type(field<QDoubleSpinBox>(dialog, "figureWidth"), "120");
        type(field<QDoubleSpinBox>(dialog, "figureText"), "9.5");
        target(dialog, "a.svg");
        save(dialog);
    }
    auto& dialog = ask();
    const auto settings = dialog.settings();
    EXPECT_EQ(settings.format, "svg");
    EXPECT_EQ(settings.widthMm, 120.0);
    EXPECT_EQ(settings.textPt, 9.5);
    EXPECT_EQ(field<QLineEdit>(dialog, "figureTarget").text(), path("map.svg")) << "in the same folder";
}

TEST_F(FigureTest, SettingsAreReadBackAndWhatIsDamagedStaysInBounds)
{
    const QString file = path("settings.ini");
    {
        QSettings to(file, QSettings::IniFormat);
        FigureSettings {.format = "png", .widthMm = 174, .dpi = 600, .look = {.light = false}}.write(to);
    }
    FigureSettings read;
    read.read(QSettings(file, QSettings::IniFormat));
    EXPECT_EQ(read.format, "png");
    EXPECT_EQ(read.widthMm, 174);
    EXPECT_EQ(read.dpi, 600);
    EXPECT_FALSE(read.look.light);
    {
        QSettings to(file, QSettings::IniFormat);
        to.setValue("figure/width", "1e9");
        to.setValue("figure/text", "tiny");
    }
    read.read(QSettings(file, QSettings::IniFormat));
    EXPECT_EQ(read.widthMm, 1000);
    EXPECT_EQ(read.textPt, 4);
}

TEST_F(FigureTest, NumbersAreOfferedWhereThereAreSome)
{
    auto& dialog = ask();
    auto& format = field<QComboBox>(dialog, "figureFormat");
    choose(field<QComboBox>(dialog, "figureView"), "evaluation");
    choose(format, "csv");
    EXPECT_FALSE(field<QDoubleSpinBox>(dialog, "figureWidth").isEnabled());
    target(dialog, "e.csv");
    save(dialog);
    EXPECT_GT(QFileInfo(path("e.csv")).size(), 20);
}

TEST_F(FigureTest, ANameWithAnotherEndingOrNoFolderIsSaidInPlace)
{
    auto& dialog = ask();
    target(dialog, "a.txt");
    EXPECT_TRUE(field<QLabel>(dialog, "saveProblem").text().contains(".pdf"));
    EXPECT_FALSE(field<QPushButton>(dialog, "figureSave").isEnabled());
    target(dialog, "nowhere/a.pdf");
    EXPECT_FALSE(field<QPushButton>(dialog, "figureSave").isEnabled());
    target(dialog, "a.pdf");
    EXPECT_TRUE(field<QPushButton>(dialog, "figureSave").isEnabled());
}

} // namespace
} // namespace rnnscope::ui
