#include "ui/dialogs/save_dialog.h"

#include "ui/models/labels.h"
#include "ui/plots/text.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStyle>

#include <utility>

namespace rnnscope::ui {

namespace {

constexpr int kWidth = 560;

QString endingOf(weights::SaveFormat format)
{
    const auto ending = weights::extension(format);
    return QString::fromUtf8(ending);
}

} // namespace

SaveDialog::SaveDialog(std::vector<NetworksToSave> networks, const QString& folder, QWidget* parent)
    : QDialog(parent)
    , m_plan {.networks = std::move(networks), .format = weights::SaveFormat::Safetensors, .target = {}}
    , m_format(new QComboBox)
    , m_target(new QLineEdit)
    , m_problem(new QLabel)
{
    setObjectName(QStringLiteral("saveDialog"));
    const auto count = groupedNumber(static_cast<qlonglong>(m_plan.count()));
    setWindowTitle(isOne() ? tr("Save the selected network") : tr("Save %1 selected networks").arg(count));
    m_format->setObjectName(QStringLiteral("saveFormat"));
    m_format->setAccessibleName(tr("Format"));
    m_format->addItem(tr("safetensors, with PyTorch's names (.safetensors)"),
                      static_cast<int>(weights::SaveFormat::Safetensors));
    m_format->addItem(tr("NumPy archive, with PyTorch's names (.npz)"), static_cast<int>(weights::SaveFormat::Npz));
    m_target->setObjectName(QStringLiteral("saveTarget"));
    m_target->setAccessibleName(isOne() ? tr("File") : tr("Folder"));
    const auto& first = m_plan.networks.front();
    const auto proposed = isOne() ? proposedFileName(*first.zoo, first.rows.front()) + endingOf(m_plan.format)
                                  : proposedFolderName(*first.zoo);
    m_target->setText(QDir(folder).filePath(proposed));
    m_problem->setObjectName(QStringLiteral("saveProblem"));
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setAccessibleName(tr("What keeps the networks from being saved"));
    m_problem->setWordWrap(true);
    m_problem->setMinimumHeight(2 * m_problem->fontMetrics().height()); // so that nothing jumps
    m_problem->setAlignment(Qt::AlignLeft | Qt::AlignVCenter);

    auto* browse = new QPushButton(tr("Browse…"));
    browse->setAutoDefault(false);
    auto* line = new QHBoxLayout;
    line->addWidget(m_target, 1);
    line->addWidget(browse);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    m_save = buttons->addButton(tr("Save"), QDialogButtonBox::AcceptRole);
    m_save->setObjectName(QStringLiteral("saveStart"));
    m_save->setDefault(true);
    buttons->button(QDialogButtonBox::Cancel)->setIcon({});
    auto* form = new QFormLayout(this);
    form->setContentsMargins(16, 16, 16, 12);
    form->setVerticalSpacing(8);
    form->setHorizontalSpacing(16);
    form->addRow(tr("For&mat"), m_format);
    auto* label = new QLabel(isOne() ? tr("&File") : tr("&Folder"));
    label->setBuddy(m_target);
    form->addRow(label, line);
    form->addRow(m_problem);
    form->addRow(buttons);
    setMinimumWidth(kWidth);

    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(browse, &QPushButton::clicked, this, &SaveDialog::chooseTarget);
    connect(m_format, &QComboBox::currentIndexChanged, this, &SaveDialog::changeFormat);
    connect(m_target, &QLineEdit::textChanged, this, &SaveDialog::validate);
    validate();
}

SavePlan SaveDialog::plan() const
{
    auto plan = m_plan;
    plan.format = static_cast<weights::SaveFormat>(m_format->currentData().toInt());
    plan.target = m_target->text().trimmed().toStdString();
    return plan;
}

void SaveDialog::changeFormat()
{
    auto path = m_target->text();
    for (const auto format : {weights::SaveFormat::Safetensors, weights::SaveFormat::Npz})
        if (isOne() && path.endsWith(endingOf(format), Qt::CaseInsensitive))
            return m_target->setText(path.chopped(endingOf(format).size()) + endingOf(plan().format));
    validate();
}

void SaveDialog::chooseTarget()
{
    const auto ending = endingOf(plan().format);
    auto path = isOne()
        ? QFileDialog::getSaveFileName(this, windowTitle(), m_target->text(), QStringLiteral("%1 (*%1)").arg(ending))
        : QFileDialog::getExistingDirectory(this, windowTitle(), QFileInfo(m_target->text()).absolutePath());
    if (path.isEmpty())
        return;
    if (isOne() && QFileInfo(path).suffix().isEmpty())
        path += ending;
    m_target->setText(path);
}

/// Only what cannot work keeps Save from working; what will be replaced is said.
void SaveDialog::validate()
{
    const QFileInfo target(m_target->text().trimmed());
    QString problem;
    QString remark;
    if (target.filePath().isEmpty())
        problem = isOne() ? tr("Name a file") : tr("Name a folder");
    else if (isOne() && target.isDir())
        problem = tr("%1 is a folder").arg(plainText(target.fileName().toStdString()));
    else if (!isOne() && target.exists() && !target.isDir())
        problem = tr("%1 is a file, not a folder").arg(plainText(target.fileName().toStdString()));
    else if (!target.exists() && isOne() && !target.absoluteDir().exists())
        problem = tr("There is no folder %1").arg(plainText(target.absolutePath().toStdString(), 120));
    else if (isOne() && target.exists())
        remark = tr("%1 is there already and will be replaced").arg(plainText(target.fileName().toStdString()));
    else if (!isOne() && QFileInfo::exists(QDir(target.filePath()).filePath(QStringLiteral("labels.csv"))))
        remark = tr("labels.csv is there already and will be replaced");
    else if (!isOne())
        remark = m_plan.networks.size() == 1
            ? tr("A file for every network, and labels.csv with their properties")
            : tr("A folder for every zoo, with a file for every network and labels.csv with their properties");
    m_problem->setText(problem.isEmpty() ? remark : problem);
    m_problem->setProperty("wrong", !problem.isEmpty());
    style()->unpolish(m_problem); // the style sheet looks at the property
    style()->polish(m_problem);
    m_save->setEnabled(problem.isEmpty());
}

} // namespace rnnscope::ui
