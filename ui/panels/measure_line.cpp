#include "ui/panels/measure_line.h"

#include "ui/models/measured_accuracy.h"
#include "ui/plots/text.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

#include <chrono>
#include <cmath>

namespace rnnscope::ui {

namespace {

QString measuredText(const EmbeddedZoo& shown, const std::vector<std::size_t>& rows,
                     const std::vector<double>& accuracies)
{
    if (rows.size() == 1) {
        const double predicted = predictedAccuracy(shown, rows.front());
        const auto measured = QObject::tr("measured %1").arg(shortNumber(accuracies.front()));
        return std::isnan(predicted) ? measured : QObject::tr("%1, predicted %2").arg(measured, shortNumber(predicted));
    }
    double off = 0.0;
    double sum = 0.0;
    double known = 0.0;
    double compared = 0.0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (std::isnan(accuracies[i]))
            continue;
        sum += accuracies[i];
        known += 1.0;
        const double predicted = predictedAccuracy(shown, rows[i]);
        if (std::isnan(predicted))
            continue;
        off += std::abs(predicted - accuracies[i]);
        compared += 1.0;
    }
    const auto mean = QObject::tr("measured %1 on average").arg(shortNumber(sum / known));
    return compared == 0.0 ? mean : QObject::tr("%1, predictions off by %2").arg(mean, shortNumber(off / compared, 2));
}

} // namespace

MeasureLine::MeasureLine(QWidget* parent)
    : QWidget(parent)
    , m_button(new QPushButton)
    , m_text(new QLabel)
{
    constexpr int kMargin = 12;
    m_button->setObjectName(QStringLiteral("measureAccuracy"));
    m_button->setToolTip(
        tr("Runs the selected networks and judges what they do: strings they write, or digits they have "
           "not learned from"));
    m_text->setObjectName(QStringLiteral("measuredAccuracy"));
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_text->setMinimumWidth(1);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(kMargin, 4, kMargin, 4);
    layout->addWidget(m_button);
    layout->addWidget(m_text, 1);
    connect(m_button, &QPushButton::clicked, this, &MeasureLine::press);
    setRunning(false);
    hide();
}

void MeasureLine::setNetworks(const std::shared_ptr<const EmbeddedZoo>& shown, const std::vector<std::size_t>& rows)
{
    m_runner.drop(m_job);
    setRunning(false);
    m_text->clear();
    m_shown = shown;
    m_rows = rows;
    setVisible(shown && !rows.empty() && shown->zoo->family != zoo::TaskFamily::Custom);
}

void MeasureLine::setDigits(const QString& folder)
{
    m_digits = folder;
}

void MeasureLine::press()
{
    if (m_job != 0)
        return m_runner.stop(m_job);
    if (m_shown->zoo->family == zoo::TaskFamily::SequentialMnist && m_digits.isEmpty())
        m_digits = QFileDialog::getExistingDirectory(this, tr("Folder with MNIST\u2019s four IDX files"));
    if (m_shown->zoo->family != zoo::TaskFamily::SequentialMnist || !m_digits.isEmpty())
        measure();
}

void MeasureLine::measure()
{
    const auto work
        = [shown = m_shown, rows = m_rows, folder = m_digits.toStdString()](JobContext& context) -> Result<Measured> {
        const auto start = std::chrono::steady_clock::now();
        tasks::Digits digits;
        if (shown->zoo->family == zoo::TaskFamily::SequentialMnist) {
            auto read = tasks::readMnist(folder);
            if (!read)
                return forward(read);
            digits = std::move(*read);
        }
        const auto accuracies
            = measureAccuracy(*shown, rows, digits.size() > 0 ? &digits : nullptr, context, context.stop());
        if (!accuracies)
            return forward(accuracies);
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
        return Measured {*accuracies, seconds.count()};
    };
    m_job = m_runner.run(this, {}, work, [this](const Result<Measured>& measured) { tell(measured); });
    setRunning(true);
}

void MeasureLine::tell(const Result<Measured>& measured)
{
    setRunning(false);
    if (measured)
        return m_text->setText(
            tr("%1 (%2)").arg(measuredText(*m_shown, m_rows, measured->accuracies), durationText(measured->seconds)));
    if (measured.error().code == Errc::Cancelled)
        return m_text->clear();
    m_digits.clear(); // another folder may have them
    m_text->setText(QString::fromStdString(measured.error().message));
}

void MeasureLine::setRunning(bool running)
{
    if (!running)
        m_job = 0;
    m_button->setText(running ? tr("Cancel") : tr("Measure accuracy"));
    if (running)
        m_text->setText(tr("Measuring…"));
}

} // namespace rnnscope::ui
