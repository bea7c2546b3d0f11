#include "ui/dialogs/export_dialog.h"

#include "ui/dialogs/figure_preview.h"
#include "ui/models/labels.h"
#include "ui/plots/text.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QDoubleSpinBox>
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
#include <QVBoxLayout>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <utility>

namespace rnnscope::ui {

namespace {

constexpr std::chrono::milliseconds kSoon {80};

struct Preset
{
    const char* name;
    double widthMm;
    std::optional<double> heightMm {}; ///< else the view's proportions
};

constexpr std::array<Preset, 4> kPresets {{{QT_TR_NOOP("Single column, 85 mm"), 85.0},
                                           {QT_TR_NOOP("One and a half columns, 120 mm"), 120.0},
                                           {QT_TR_NOOP("Double column, 174 mm"), 174.0},
                                           {QT_TR_NOOP("Slide, 254 × 143 mm"), 254.0, 143.0}}};

template <typename Box>
Box* number(const QString& name, double low, double high, const QString& unit)
{
    auto* box = new Box;
    box->setObjectName(name);
    box->setRange(static_cast<decltype(box->value())>(low), static_cast<decltype(box->value())>(high));
    box->setSuffix(QLatin1Char(' ') + unit);
    return box;
}

QString fileName(const QString& path)
{
    return plainText(QFileInfo(path).fileName().toStdString());
}

} // namespace

ExportDialog::ExportDialog(std::vector<Figure> figures, const FigureSettings& settings, QWidget* parent)
    : QDialog(parent)
    , m_figures(std::move(figures))
    , m_preview(new FigurePreview)
    , m_view(new QComboBox)
    , m_format(new QComboBox)
    , m_preset(new QComboBox)
    , m_width(number<QDoubleSpinBox>(QStringLiteral("figureWidth"), 20.0, 1000.0, tr("mm")))
    , m_height(number<QDoubleSpinBox>(QStringLiteral("figureHeight"), 20.0, 1000.0, tr("mm")))
    , m_text(number<QDoubleSpinBox>(QStringLiteral("figureText"), 4.0, 36.0, tr("pt")))
    , m_dpi(number<QSpinBox>(QStringLiteral("figureDpi"), 72.0, 1200.0, tr("dpi")))
    , m_legend(new QCheckBox(tr("&Legend")))
    , m_light(new QCheckBox(tr("Light &background, for print")))
    , m_pixels(new QLabel)
    , m_target(new QLineEdit)
    , m_problem(new QLabel)
{
    setObjectName(QStringLiteral("exportDialog"));
    setWindowTitle(tr("Export Figure"));
    build(settings);
    connectFields();
    changeView();
    m_height->setValue(settings.heightMm);
    refresh();
}

void ExportDialog::build(const FigureSettings& settings)
{
    m_preview->setObjectName(QStringLiteral("figurePreview"));
    m_view->setObjectName(QStringLiteral("figureView"));
    fillViews();
    m_view->setCurrentIndex(std::max(0, m_view->findData(settings.view)));
    m_format->setObjectName(QStringLiteral("figureFormat"));
    m_format->addItem(tr("PDF, vectors"), QStringLiteral("pdf"));
    m_format->addItem(tr("SVG, vectors"), QStringLiteral("svg"));
    m_format->addItem(tr("PNG, pixels"), QStringLiteral("png"));
    m_format->addItem(tr("CSV, its numbers"), QStringLiteral("csv"));
    m_format->setCurrentIndex(std::max(0, m_format->findData(settings.format)));
    m_preset->setObjectName(QStringLiteral("figurePreset"));
    for (const auto& preset : kPresets)
        m_preset->addItem(tr(preset.name));
    m_preset->addItem(tr("As given below"));
    for (auto* box : {m_width, m_height, m_text})
        box->setDecimals(1);
    m_text->setSingleStep(0.5);
    m_width->setValue(settings.widthMm);
    m_height->setValue(settings.heightMm);
    m_text->setValue(settings.textPt);
    m_dpi->setValue(settings.dpi);
    m_legend->setObjectName(QStringLiteral("figureLegend"));
    m_legend->setChecked(settings.look.legend);
    m_light->setObjectName(QStringLiteral("figureLight"));
    m_light->setChecked(settings.look.light);
    m_pixels->setObjectName(QStringLiteral("mutedText"));
    m_target->setObjectName(QStringLiteral("figureTarget"));
    m_target->setText((settings.folder.isEmpty() ? QDir::homePath() : settings.folder) + QLatin1Char('/'));
    m_problem->setObjectName(QStringLiteral("saveProblem"));
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setAccessibleName(tr("What will be written"));
    m_problem->setWordWrap(true);
    m_problem->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_problem->setMinimumHeight(3 * m_problem->fontMetrics().height()); // so that nothing jumps

    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    buttons->button(QDialogButtonBox::Cancel)->setIcon({});
    m_save = buttons->addButton(tr("Save"), QDialogButtonBox::AcceptRole);
    m_save->setObjectName(QStringLiteral("figureSave"));
    m_save->setDefault(true);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* above = new QHBoxLayout;
    above->setSpacing(16);
    above->addWidget(m_preview, 1);
    above->addWidget(buildForm());
    auto* browse = new QPushButton(tr("B&rowse…"));
    browse->setAutoDefault(false);
    connect(browse, &QPushButton::clicked, this, &ExportDialog::chooseTarget);
    auto* label = new QLabel(tr("&File"));
    label->setBuddy(m_target);
    auto* line = new QHBoxLayout;
    for (QWidget* widget : std::initializer_list<QWidget*> {label, m_target, browse})
        line->addWidget(widget, widget == m_target ? 1 : 0);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 12);
    layout->setSpacing(12);
    layout->addLayout(above, 1);
    layout->addLayout(line);
    layout->addWidget(m_problem);
    layout->addWidget(buttons);
}

QWidget* ExportDialog::buildForm()
{
    auto* side = new QWidget;
    auto* form = new QFormLayout(side);
    form->setContentsMargins({});
    form->setVerticalSpacing(8);
    form->setHorizontalSpacing(12);
    form->addRow(tr("&View"), m_view);
    form->addRow(tr("For&mat"), m_format);
    form->addRow(tr("Si&ze"), m_preset);
    form->addRow(tr("&Width"), m_width);
    form->addRow(tr("&Height"), m_height);
    form->addRow(tr("&Text"), m_text);
    form->addRow(tr("Resolutio&n"), m_dpi);
    form->addRow(QString(), m_pixels);
    form->addRow(QString(), m_legend);
    form->addRow(QString(), m_light);
    constexpr int kSideWidth = 320;
    side->setFixedWidth(kSideWidth);
    return side;
}

/// Empty views can be chosen all the same: only then is there room for why they are.
void ExportDialog::fillViews()
{
    for (const auto& figure : m_figures) {
        m_view->addItem(figure.title, figure.id);
        if (!figure.missing.isEmpty())
            m_view->setItemData(m_view->count() - 1, palette().color(QPalette::PlaceholderText), Qt::ForegroundRole);
    }
    m_view->insertSeparator(m_view->count());
    m_view->addItem(tr("All views, a file each"), FigureSettings::allViews());
}

void ExportDialog::connectFields()
{
    m_nextPage.setSingleShot(true);
    connect(&m_nextPage, &QTimer::timeout, this, &ExportDialog::drawNextPage);
    m_soon.setSingleShot(true);
    m_soon.setInterval(kSoon);
    connect(&m_soon, &QTimer::timeout, this, &ExportDialog::showPreview);
    connect(m_preview, &FigurePreview::resized, &m_soon, qOverload<>(&QTimer::start));
    connect(m_view, &QComboBox::currentIndexChanged, this, &ExportDialog::changeView);
    connect(m_format, &QComboBox::currentIndexChanged, this, &ExportDialog::changeFormat);
    connect(m_preset, &QComboBox::activated, this, &ExportDialog::choosePreset);
    connect(m_width, &QDoubleSpinBox::valueChanged, this, &ExportDialog::changeWidth);
    for (auto* box : {m_height, m_text})
        connect(box, &QDoubleSpinBox::valueChanged, this, &ExportDialog::refresh);
    connect(m_dpi, &QSpinBox::valueChanged, this, &ExportDialog::refresh);
    for (auto* box : {m_legend, m_light})
        connect(box, &QCheckBox::toggled, this, &ExportDialog::refresh);
    connect(m_target, &QLineEdit::textChanged, this, &ExportDialog::validate);
    connect(m_target, &QLineEdit::textEdited, this, &ExportDialog::followEnding);
}

const Figure* ExportDialog::figure() const
{
    const auto at = std::find_if(m_figures.begin(), m_figures.end(),
                                 [id = m_view->currentData().toString()](const Figure& each) { return each.id == id; });
    return at != m_figures.end() ? &*at : nullptr;
}

bool ExportDialog::numbers() const
{
    return m_format->currentData().toString() == QLatin1String("csv");
}

FigureSettings ExportDialog::settings() const
{
    return {.view = m_view->currentData().toString(),
            .format = m_format->currentData().toString(),
            .widthMm = m_width->value(),
            .heightMm = m_height->value(),
            .textPt = m_text->value(),
            .dpi = m_dpi->value(),
            .look = {.light = m_light->isChecked(), .legend = m_legend->isChecked()},
            .folder = QFileInfo(m_target->text().trimmed()).absolutePath()};
}

std::vector<FigureFile> ExportDialog::files() const
{
    return filesOf(m_figures, settings(), m_target->text().trimmed());
}

/// Proportions and the proposed name follow; numbers are offered where there are some.
void ExportDialog::changeView()
{
    const auto* chosen = figure();
    const int csv = m_format->findData(QStringLiteral("csv"));
    const bool offered = chosen != nullptr && chosen->hasNumbers;
    qobject_cast<QStandardItemModel*>(m_format->model())->item(csv)->setEnabled(offered);
    if (numbers() && !offered)
        m_format->setCurrentIndex(0);
    changeFormat();
    changeWidth();
}

void ExportDialog::changeFormat()
{
    const QFileInfo target(m_target->text().trimmed());
    const bool proposed = target.completeBaseName().isEmpty() || target.completeBaseName() == m_proposed;
    m_proposed = figure() != nullptr ? figure()->id : QStringLiteral("figures");
    m_target->setText(QDir(target.path())
                          .filePath((proposed ? m_proposed : target.completeBaseName()) + QLatin1Char('.')
                                    + m_format->currentData().toString()));
    refresh();
}

/// The format that the name's ending asks for; false where it asks for none.
bool ExportDialog::followEnding()
{
    const int asked = m_format->findData(QFileInfo(m_target->text().trimmed()).suffix().toLower());
    if (asked < 0 || !qobject_cast<QStandardItemModel*>(m_format->model())->item(asked)->isEnabled())
        return false;
    const QSignalBlocker quiet(m_format); // which would write the name anew
    m_format->setCurrentIndex(asked);
    refresh();
    return true;
}

void ExportDialog::choosePreset(int index)
{
    if (index < 0 || static_cast<std::size_t>(index) >= kPresets.size())
        return;
    const auto& preset = kPresets[static_cast<std::size_t>(index)];
    m_width->setValue(preset.widthMm);
    changeWidth();
    if (preset.heightMm && figure() != nullptr)
        m_height->setValue(*preset.heightMm);
    const QSignalBlocker quiet(m_preset);
    m_preset->setCurrentIndex(index);
}

void ExportDialog::changeWidth()
{
    if (const auto* chosen = figure())
        m_height->setValue(usualHeight(*chosen, m_width->value()));
    refresh();
}

void ExportDialog::showPreset()
{
    const QSignalBlocker quiet(m_preset);
    const auto same = std::find_if(kPresets.begin(), kPresets.end(), [this](const Preset& each) {
        return each.widthMm == m_width->value() && (!each.heightMm || *each.heightMm == m_height->value());
    });
    m_preset->setCurrentIndex(static_cast<int>(same - kPresets.begin()));
}

void ExportDialog::chooseTarget()
{
    const auto path = QFileDialog::getSaveFileName(
        this, windowTitle(), m_target->text(), tr("Figures (*.pdf *.svg *.png *.csv)"), nullptr,
        QFileDialog::DontConfirmOverwrite); // the dialog says what is replaced
    if (path.isEmpty())
        return;
    m_target->setText(path);
    if (!followEnding())
        m_target->setText(path + QLatin1Char('.') + m_format->currentData().toString());
}

/// What does not matter for this view and format cannot be set.
void ExportDialog::refresh()
{
    const auto* chosen = figure();
    const bool pixels = m_format->currentData().toString() == QLatin1String("png");
    for (QWidget* field : std::initializer_list<QWidget*> {m_preset, m_width, m_text, m_light})
        field->setEnabled(!numbers());
    m_height->setEnabled(!numbers() && chosen != nullptr);
    m_height->setToolTip(chosen == nullptr ? tr("Every view has its own proportions") : QString());
    m_dpi->setEnabled(pixels);
    m_legend->setEnabled(!numbers() && (chosen == nullptr || chosen->hasLegend));
    const auto size = chosen != nullptr && pixels ? pixelsOf(optionsOf(*chosen, settings())) : QSize();
    m_pixels->setText(size.isEmpty()
                          ? QString()
                          : tr("%1 × %2 pixels").arg(groupedNumber(size.width()), groupedNumber(size.height())));
    showPreset();
    validate();
    m_nextPage.stop();
    m_soon.start();
}

/// Only what cannot work keeps Save from working; what will be written, replaced and left out is said.
void ExportDialog::validate()
{
    const QFileInfo target(m_target->text().trimmed());
    const auto* chosen = figure();
    const auto written = files();
    QString problem;
    if (chosen != nullptr && !chosen->missing.isEmpty())
        problem = chosen->missing;
    else if (written.empty())
        problem = tr("No view has anything to write yet");
    else if (target.completeBaseName().isEmpty() || target.isDir())
        problem = tr("Name a file");
    else if (!target.absoluteDir().exists())
        problem = tr("There is no folder %1").arg(plainText(target.absolutePath().toStdString(), 120));
    else if (target.suffix().toLower() != m_format->currentData().toString())
        problem = tr("The name must end in .%1").arg(m_format->currentData().toString());
    QStringList names, replaced;
    for (const auto& file : written)
        (QFileInfo::exists(file.path) ? replaced : names) << fileName(file.path);
    QStringList remarks;
    if (!names.isEmpty())
        remarks << tr("Writes %1").arg(names.join(QStringLiteral(", ")));
    if (!replaced.isEmpty())
        remarks << tr("Replaces %1").arg(replaced.join(QStringLiteral(", ")));
    QStringList empty;
    for (const auto& each : m_figures)
        if (chosen == nullptr && !each.missing.isEmpty())
            empty << each.title;
    if (!empty.isEmpty())
        remarks << tr("Leaves out what is empty: %1").arg(empty.join(QStringLiteral(", ")));
    m_problem->setText(problem.isEmpty() ? remarks.join(QStringLiteral(". ")) : problem);
    m_problem->setProperty("wrong", !problem.isEmpty());
    style()->unpolish(m_problem); // the style sheet looks at the property
    style()->polish(m_problem);
    m_save->setEnabled(problem.isEmpty());
}

void ExportDialog::showPreview()
{
    const auto shown = files();
    if (shown.empty())
        return m_preview->setMessage(figure() != nullptr ? figure()->missing : tr("No view has anything to write yet"));
    m_pages.clear();
    m_nextPage.start();
}

void ExportDialog::drawNextPage()
{
    const auto shown = files();
    if (m_pages.size() < shown.size()) {
        const auto& figure = *shown[m_pages.size()].figure;
        const auto chosen = settings();
        m_pages.push_back(
            previewOf(figure.picture(chosen.look), optionsOf(figure, chosen), m_preview->roomFor(shown.size())));
    }
    if (m_pages.size() < shown.size())
        return m_nextPage.start();
    m_preview->setPages(std::exchange(m_pages, {}));
}

} // namespace rnnscope::ui
