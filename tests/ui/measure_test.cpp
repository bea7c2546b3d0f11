#include "ui/models/measured_accuracy.h"
#include "ui/panels/measure_line.h"
#include "window_case.h"
#include "zoo/zoo_files.h"

#include <QLabel>
#include <QPushButton>

#include <gmock/gmock.h>

namespace rnnscope::ui {
namespace {

std::shared_ptr<EmbeddedZoo> sample(const char* folder)
{
    auto embedded = std::make_shared<EmbeddedZoo>();
    embedded->zoo = zoo::openZoo(testdata::sampleZoos() / folder).value();
    embedded->embedding = Matrix(embedded->zoo->size, 2);
    return embedded;
}

TEST(MeasuredAccuracy, IsAsGoodAsTheRecordedOne)
{
    const auto networks = sample(testdata::kFormalFolder);
    NoProgress quiet;
    const std::vector<std::size_t> rows {1, 0};
    const auto measured = measureAccuracy(*networks, rows, nullptr, quiet, {}).value();
    for (std::size_t i = 0; i < 2; ++i) {
        const double recorded = networks->zoo->property("accuracy")->value(rows[i]);
        EXPECT_NEAR(measured[i], recorded, 4 * std::sqrt(2 * recorded * (1 - recorded) / 1000) + 1e-9);
    }
    EXPECT_TRUE(std::isnan(predictedAccuracy(*networks, 0)));
    std::stop_source stop;
    stop.request_stop();
    EXPECT_FALSE(measureAccuracy(*networks, rows, nullptr, quiet, stop.get_token()));
    const auto digits = measureAccuracy(*sample(testdata::kMnistFolder), rows, nullptr, quiet, {});
    ASSERT_FALSE(digits);
    EXPECT_EQ(digits.error().code, Errc::NotFound);
}

class MeasureWindowTest : public WindowCase
{
protected:
    QString measured()
    {
        QTest::mouseClick(find<QPushButton>("measureAccuracy"), Qt::LeftButton);
        auto* button = find<QPushButton>("measureAccuracy");
        EXPECT_TRUE(test::waitFor([&] { return button->text() == "Measure accuracy"; }));
        return find<QLabel>("measuredAccuracy")->text();
    }
};

TEST_F(MeasureWindowTest, AButtonMeasuresTheSelectedNetworks)
{
    drop({files.zoo(), files.checkpoint("probing")});
    EXPECT_TRUE(measured().contains("predicted 0.25")) << measured().toStdString();
    window.selection().set({1, 2, 3});
    EXPECT_TRUE(find<QLabel>("measuredAccuracy")->text().isEmpty()) << "of other networks";
    EXPECT_TRUE(measured().contains("predictions off by")) << measured().toStdString();
    window.selection().clear();
    EXPECT_FALSE(find<QPushButton>("measureAccuracy")->isVisible());
}

TEST(MeasureLineTest, SaysWhichDigitsItWants)
{
    MeasureLine line;
    line.setNetworks(sample(testdata::kMnistFolder), {0});
    line.setDigits(QStringLiteral("/nowhere"));
    auto* button = line.findChild<QPushButton*>();
    button->click();
    auto* text = line.findChild<QLabel*>();
    ASSERT_TRUE(test::waitFor([&] { return button->text() == "Measure accuracy"; }));
    EXPECT_TRUE(text->text().contains("idx")) << text->text().toStdString();
}

} // namespace
} // namespace rnnscope::ui
