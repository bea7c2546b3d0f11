#include "ui/models/training_plan.h"

#include "ui/models/labels.h"

#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>
#include <QStringList>

#include <cmath>

namespace rnnscope::ui {

namespace {

using Field = PlanProblem::Field;
constexpr double kLargestRate = 10.0;

QString listed(const std::vector<int>& sizes)
{
    QStringList parts;
    for (const int size : sizes)
        parts << QString::number(size);
    return parts.join(QStringLiteral(", "));
}

QString encoderSizes(const zoo::EncoderConfig& config)
{
    switch (config.kind) {
    case zoo::EncoderKind::LayerwiseStatistics:
    case zoo::EncoderKind::Flat:
        return QStringLiteral("hidden layers %1").arg(listed(config.mlpHiddenSizes));
    case zoo::EncoderKind::ParameterTransformer:
        return QStringLiteral("%1 layers of %2 with %3 heads")
            .arg(config.transformerLayers)
            .arg(config.modelSize)
            .arg(config.transformerHeads);
    case zoo::EncoderKind::DwsNet:
        return QStringLiteral("channels %1").arg(listed(config.channels));
    case zoo::EncoderKind::NoninteractiveProbing:
    case zoo::EncoderKind::InteractiveProbing:
        break;
    }
    return QStringLiteral("core %1 %2×%3 · %4 probes")
        .arg(config.coreCell == zoo::Cell::Gru ? QStringLiteral("GRU") : QStringLiteral("LSTM"))
        .arg(config.coreLayers)
        .arg(config.coreHiddenSize)
        .arg(config.probingLength);
}

QString outputProblem(const TrainingPlan& plan)
{
    const QFileInfo file(QString::fromStdString(plan.output.string()));
    if (plan.output.empty() || file.fileName().isEmpty())
        return QStringLiteral("Name the file that the trained encoder goes into");
    if (file.isDir())
        return QStringLiteral("%1 is a folder; name a file").arg(file.fileName());
    const QFileInfo folder(file.absolutePath());
    if (!folder.isDir())
        return QStringLiteral("There is no folder %1").arg(folder.absoluteFilePath());
    if (!folder.isWritable())
        return QStringLiteral("The folder %1 cannot be written").arg(folder.absoluteFilePath());
    if (file.exists() && file == QFileInfo(QString::fromStdString(plan.zoo->path.string())))
        return QStringLiteral("This is the zoo itself; name another file");
    return {};
}

} // namespace

QString whyNotTrainable(const zoo::Zoo& zoo)
{
    const auto name = plainText(zoo.name);
    if (!zoo.rollouts)
        return QStringLiteral("%1 has no recorded roll-outs to learn from").arg(name);
    if (zoo.size < 2)
        return QStringLiteral("%1 has a single network").arg(name);
    return {};
}

std::filesystem::path proposedOutput(const zoo::Zoo& zoo, zoo::EncoderKind kind)
{
    QFileInfo folder(QFileInfo(QString::fromStdString(zoo.path.string())).absolutePath());
    if (!folder.isWritable())
        folder = QFileInfo(QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation));
    if (!folder.isDir() || !folder.isWritable())
        folder = QFileInfo(QDir::homePath());
    const auto encoder = zoo::name(kind);
    auto stem = QStringLiteral("%1.%2").arg(plainText(zoo.name), QString::fromUtf8(encoder));
    stem.replace(QLatin1Char('/'), QLatin1Char('_')); // a zoo may be called anything
    const QDir place(folder.absoluteFilePath());
    auto name = stem + QStringLiteral(".encoder.h5");
    for (int number = 2; place.exists(name); ++number)
        name = QStringLiteral("%1.%2.encoder.h5").arg(stem).arg(number);
    return place.filePath(name).toStdString();
}

PlanProblem check(const TrainingPlan& plan)
{
    if (!plan.zoo)
        return {Field::Zoo, QStringLiteral("Open a zoo with recorded roll-outs first")};
    if (const auto reason = whyNotTrainable(*plan.zoo); !reason.isEmpty())
        return {Field::Zoo, reason};
    if (const auto fits = zoo::checkFits(plan.options.config, plan.zoo->architecture); !fits)
        return {Field::Zoo, QString::fromStdString(fits.error().message)};
    if (plan.options.batch == 0)
        return {Field::Batch, QStringLiteral("A batch needs at least one network")};
    const double rate = plan.options.learningRate;
    if (!(rate > 0.0) || rate > kLargestRate)
        return {Field::LearningRate, QStringLiteral("The learning rate must be above 0 and at most 10, e.g. 0.001")};
    if (const auto problem = outputProblem(plan); !problem.isEmpty())
        return {Field::Output, problem};
    return {};
}

QString whatItReads(zoo::EncoderKind kind)
{
    switch (kind) {
    case zoo::EncoderKind::LayerwiseStatistics:
        return QStringLiteral("Reads mean, spread and quantiles of every weight matrix");
    case zoo::EncoderKind::Flat:
        return QStringLiteral("Reads all weights as one long vector");
    case zoo::EncoderKind::ParameterTransformer:
        return QStringLiteral("Reads the weights unit by unit, as a sequence of tokens");
    case zoo::EncoderKind::DwsNet:
        return QStringLiteral("Reads the weights whatever the order of the hidden units");
    case zoo::EncoderKind::NoninteractiveProbing:
        return QStringLiteral("Asks every network the same learned questions and reads its answers");
    case zoo::EncoderKind::InteractiveProbing:
        return QStringLiteral("Asks questions that depend on the answers so far, and reads the answers");
    }
    return {};
}

QString sizesText(const engine::TrainOptions& options)
{
    QString text
        = QStringLiteral("Embedding %1 · %2").arg(options.config.embeddingSize).arg(encoderSizes(options.config));
    if (!options.endToEnd)
        text += QStringLiteral(" · emulator LSTM %1×%2")
                    .arg(options.emulator.numLayers)
                    .arg(options.emulator.hiddenSize);
    return text;
}

} // namespace rnnscope::ui
