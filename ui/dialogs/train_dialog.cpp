#include "ui/dialogs/train_dialog.h"

#include "ui/models/labels.h"
#include "ui/models/session.h"
#include "ui/models/training.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QStandardItemModel>
#include <QStyle>

#include <algorithm>
#include <limits>

namespace rnnscope::ui {

namespace {

constexpr int kWidth = 600;
constexpr std::size_t kCurvePoints = 80;
constexpr std::size_t kLeastDistance = 5; ///< steps between evaluations
constexpr int kFieldWidth = 400;

template <typename T>
T* named(T* widget, const char* name, const QString& accessibleName)
{
    widget->setObjectName(QString::fromLatin1(name));
    widget->setAccessibleName(accessibleName);
    return widget;
}

QSpinBox* wholeNumber(int least, int most)
{
    auto* box = new QSpinBox;
    box->setRange(least, most);
    box->setMinimumWidth(110);
    return box;
}

QLabel* mutedLabel()
{
    auto* label = new QLabel;
    label->setObjectName(QStringLiteral("mutedText"));
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setMinimumWidth(kFieldWidth);
    return label;
}

} // namespace

TrainDialog::TrainDialog(Session& session, QWidget* parent)
    : QDialog(parent)
    , m_session(session)
    , m_zoo(named(new QComboBox, "trainZoo", tr("Zoo to learn from")))
    , m_zooReason(mutedLabel())
    , m_encoder(named(new QComboBox, "trainEncoder", tr("Encoder")))
    , m_reads(mutedLabel())
    , m_preset(named(new QComboBox, "trainPreset", tr("Preset of sizes and schedule")))
    , m_sizes(mutedLabel())
    , m_steps(named(wholeNumber(1, std::numeric_limits<int>::max()), "trainSteps", tr("Steps")))
    , m_batch(named(wholeNumber(1, 65536), "trainBatch", tr("Networks a step")))
    , m_rate(named(new QLineEdit, "trainRate", tr("Learning rate")))
    , m_seed(named(wholeNumber(0, std::numeric_limits<int>::max()), "trainSeed", tr("Seed")))
    , m_endToEnd(named(new QCheckBox(tr("&End to end: learn the properties, without emulation")), "trainEndToEnd",
                       tr("End to end")))
    , m_output(named(new QLineEdit, "trainOutput", tr("File for the trained encoder")))
    , m_problem(new QLabel)
{
    setObjectName(QStringLiteral("trainDialog"));
    setWindowTitle(tr("Train an encoder"));
    makeFields();
    arrange();
    fillZoos();
    connect(m_zoo, &QComboBox::currentIndexChanged, this, &TrainDialog::applyPreset);
    connect(m_encoder, &QComboBox::currentIndexChanged, this, &TrainDialog::applyPreset);
    connect(m_preset, &QComboBox::currentIndexChanged, this, &TrainDialog::applyPreset);
    connect(m_batch, &QSpinBox::valueChanged, this, &TrainDialog::validate);
    connect(m_rate, &QLineEdit::textChanged, this, &TrainDialog::validate);
    connect(m_endToEnd, &QCheckBox::toggled, this, &TrainDialog::validate);
    connect(m_output, &QLineEdit::textChanged, this, &TrainDialog::validate);
    connect(m_output, &QLineEdit::textEdited, this, [this] { m_ownOutput = true; });
    connect(&session.training(), &Training::stateChanged, this, &TrainDialog::validate);
    applyPreset();
}

void TrainDialog::makeFields()
{
    for (const auto each : zoo::allEncoderKinds()) {
        const auto title = zoo::title(each);
        m_encoder->addItem(QString::fromUtf8(title), static_cast<int>(each));
    }
    m_encoder->setCurrentIndex(m_encoder->findData(static_cast<int>(zoo::EncoderKind::InteractiveProbing)));
    m_preset->addItem(tr("Compact, for laptops"), static_cast<int>(engine::Preset::Compact));
    m_preset->addItem(tr("As in the paper"), static_cast<int>(engine::Preset::Paper));
    for (auto* box : {m_steps, m_batch})
        box->setGroupSeparatorShown(true);
    m_rate->setMaximumWidth(110);
    m_rate->setToolTip(tr("At the start; it falls as in the preset"));
    m_seed->setValue(1);
    m_seed->setToolTip(tr("The same seed on the same device gives the same encoder"));
    m_problem->setObjectName(QStringLiteral("trainProblem"));
    m_problem->setAccessibleName(tr("What keeps the training from starting"));
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setWordWrap(true);
    m_problem->setMinimumHeight(2 * m_problem->fontMetrics().height()); // so that nothing jumps
    m_problem->setAlignment(Qt::AlignLeft | Qt::AlignVCenter);
}

void TrainDialog::arrange()
{
    auto* form = new QFormLayout(this);
    form->setContentsMargins(16, 16, 16, 12);
    form->setVerticalSpacing(8);
    form->setHorizontalSpacing(16);
    form->setFieldGrowthPolicy(QFormLayout::FieldsStayAtSizeHint);
    form->addRow(tr("&Zoo"), m_zoo);
    form->addRow(QString(), m_zooReason);
    form->addRow(tr("En&coder"), m_encoder);
    form->addRow(QString(), m_reads);
    form->addRow(tr("&Preset"), m_preset);
    form->addRow(QString(), m_sizes);
    form->addRow(tr("&Steps"), m_steps);
    form->addRow(tr("Networks a step, &batch"), m_batch);
    form->addRow(tr("&Learning rate"), m_rate);
    form->addRow(tr("See&d"), m_seed);
    form->addRow(QString(), m_endToEnd);
    auto* browse = new QPushButton(tr("Browse…"));
    browse->setAutoDefault(false);
    connect(browse, &QPushButton::clicked, this, &TrainDialog::chooseOutput);
    auto* file = new QWidget;
    auto* line = new QHBoxLayout(file);
    line->setContentsMargins(0, 0, 0, 0);
    line->addWidget(m_output, 1);
    line->addWidget(browse);
    m_output->setMinimumWidth(kFieldWidth - 90);
    auto* label = new QLabel(tr("&File"));
    label->setBuddy(m_output);
    form->addRow(label, file);
    form->addRow(m_problem);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    m_start = buttons->addButton(tr("Start"), QDialogButtonBox::AcceptRole);
    m_start->setObjectName(QStringLiteral("trainStart"));
    m_start->setDefault(true);
    buttons->button(QDialogButtonBox::Cancel)->setIcon({});
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    form->addRow(buttons);
    setMinimumWidth(kWidth);
}

void TrainDialog::fillZoos()
{
    auto* model = qobject_cast<QStandardItemModel*>(m_zoo->model());
    QStringList reasons;
    const auto& zoos = m_session.zoos();
    for (std::size_t i = 0; i < zoos.size(); ++i) {
        m_zoo->addItem(plainText(zoos[i]->name), static_cast<qulonglong>(i));
        const auto reason = whyNotTrainable(*zoos[i]);
        if (reason.isEmpty())
            continue;
        reasons << reason;
        if (model != nullptr)
            model->item(static_cast<int>(i))->setEnabled(false);
    }
    int chosen = -1;
    for (std::size_t i = 0; i < zoos.size(); ++i)
        if (whyNotTrainable(*zoos[i]).isEmpty() && (chosen < 0 || zoos[i] == m_session.currentZoo()))
            chosen = static_cast<int>(i);
    m_zoo->setCurrentIndex(chosen);
    m_zooReason->setText(reasons.join(QStringLiteral(". ")));
    m_zooReason->setVisible(!reasons.isEmpty());
}

std::shared_ptr<const zoo::Zoo> TrainDialog::zoo() const
{
    const auto index = static_cast<std::size_t>(std::max(m_zoo->currentIndex(), 0));
    return m_zoo->currentIndex() < 0 || index >= m_session.zoos().size() ? nullptr : m_session.zoos()[index];
}

zoo::EncoderKind TrainDialog::kind() const
{
    return static_cast<zoo::EncoderKind>(m_encoder->currentData().toInt());
}

void TrainDialog::applyPreset()
{
    m_reads->setText(whatItReads(kind()));
    if (const auto chosen = zoo()) {
        const auto preset = static_cast<engine::Preset>(m_preset->currentData().toInt());
        const auto options = engine::presetOptions(preset, kind(), *chosen);
        m_steps->setValue(static_cast<int>(options.steps));
        m_batch->setValue(static_cast<int>(options.batch));
        m_rate->setText(QString::number(options.learningRate));
        m_finalShare = options.finalLearningRate / options.learningRate;
        if (!m_ownOutput)
            proposeOutput();
    }
    validate();
}

void TrainDialog::proposeOutput()
{
    m_output->setText(QString::fromStdString(proposedOutput(*zoo(), kind()).string()));
    m_output->setCursorPosition(static_cast<int>(m_output->text().size()));
}

void TrainDialog::chooseOutput()
{
    const auto path = QFileDialog::getSaveFileName(this, tr("File for the trained encoder"), m_output->text(),
                                                   tr("Encoder checkpoint (*.h5)"));
    if (path.isEmpty())
        return;
    m_ownOutput = true;
    m_output->setText(QFileInfo(path).suffix().isEmpty() ? path + QStringLiteral(".encoder.h5") : path);
}

TrainingPlan TrainDialog::plan() const
{
    TrainingPlan plan {.zoo = zoo(), .options = {}, .unfinished = nullptr, .output = m_output->text().toStdString()};
    if (!plan.zoo)
        return plan;
    plan.options
        = engine::presetOptions(static_cast<engine::Preset>(m_preset->currentData().toInt()), kind(), *plan.zoo);
    plan.options.steps = static_cast<std::size_t>(m_steps->value());
    plan.options.batch = static_cast<std::size_t>(m_batch->value());
    bool number = false;
    const double rate = m_rate->text().toDouble(&number);
    plan.options.learningRate = number ? rate : std::numeric_limits<double>::quiet_NaN();
    plan.options.finalLearningRate = plan.options.learningRate * m_finalShare;
    plan.options.seed = static_cast<std::uint64_t>(m_seed->value());
    plan.options.endToEnd = m_endToEnd->isChecked();
    // Short trainings have curves, too.
    plan.options.evaluateEvery
        = std::clamp<std::size_t>(plan.options.steps / kCurvePoints, kLeastDistance, plan.options.evaluateEvery);
    return plan;
}

void TrainDialog::validate()
{
    const auto wanted = plan();
    const auto problem = check(wanted);
    const bool running = m_session.training().active();
    m_sizes->setText(wanted.zoo ? sizesText(wanted.options) : QString());
    QString text = problem.message;
    if (running)
        text = tr("Another training runs; cancel it or wait for its end");
    else if (!problem && QFileInfo::exists(m_output->text()))
        text = tr("%1 is there already and will be replaced").arg(QFileInfo(m_output->text()).fileName());
    m_problem->setText(text);
    m_problem->setProperty("wrong", running || problem);
    style()->unpolish(m_problem); // the style sheet looks at the property
    style()->polish(m_problem);
    m_start->setEnabled(!running && !problem);
}

} // namespace rnnscope::ui
