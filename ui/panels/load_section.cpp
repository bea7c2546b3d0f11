#include "ui/panels/load_section.h"

#include "ui/panels/load_text.h"
#include "ui/plots/text.h"

#include <QEvent>
#include <QFontMetrics>
#include <QLabel>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>

namespace rnnscope::ui {

namespace {

constexpr int kMostLines = 12; ///< of the details at once; the rest is scrolled to

QLabel* plainLabel(const char* name)
{
    auto* label = new QLabel;
    label->setObjectName(QString::fromLatin1(name));
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

} // namespace

LoadSection::LoadSection(QWidget* parent)
    : QWidget(parent)
    , m_toggle(new QToolButton)
    , m_summary(plainLabel("loadSummary"))
    , m_warning(plainLabel("loadWarning"))
    , m_details(plainLabel("loadDetails"))
    , m_scroll(new QScrollArea)
{
    setObjectName(QStringLiteral("loadSection"));
    setAccessibleName(tr("Load report"));
    m_toggle->setObjectName(QStringLiteral("loadToggle"));
    m_toggle->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_toggle->setArrowType(Qt::RightArrow);
    m_toggle->setCheckable(true);
    m_toggle->setToolTip(tr("Tensors that were used and ignored"));
    m_toggle->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed); // long names are cut, not the panel widened
    for (auto* label : {m_summary, m_warning}) {
        label->setWordWrap(true);
        label->setMinimumWidth(1);
    }
    m_summary->setAccessibleName(tr("What was loaded"));
    m_warning->setAccessibleName(tr("Warning"));
    m_details->setAlignment(Qt::AlignTop);
    m_details->setAccessibleName(tr("Tensors used and ignored"));
    m_scroll->setObjectName(QStringLiteral("loadScroll"));
    m_scroll->setWidget(m_details);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setMaximumHeight(kMostLines * QFontMetrics(font()).lineSpacing());
    m_scroll->hide();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 8, 12, 8);
    layout->setSpacing(4);
    for (QWidget* each : {static_cast<QWidget*>(m_toggle), static_cast<QWidget*>(m_warning),
                          static_cast<QWidget*>(m_summary), static_cast<QWidget*>(m_scroll)})
        layout->addWidget(each);
    connect(m_toggle, &QToolButton::toggled, this, &LoadSection::unfold);
    hide();
}

void LoadSection::showReport(const std::optional<weights::LoadReport>& report)
{
    setVisible(report.has_value());
    if (!report) {
        m_file.reset();
        return;
    }
    if (m_file != report->file)
        m_toggle->setChecked(false);
    m_file = report->file;
    // A button's text has shortcuts after '&'.
    m_toggle->setText(loadTitle(*report).replace(QLatin1Char('&'), QStringLiteral("&&")));
    m_toggle->setAccessibleName(loadTitle(*report));
    m_summary->setText(breakable(loadSummary(*report)));
    const auto warning = loadWarning(*report);
    m_warning->setText(warning);
    m_warning->setVisible(!warning.isEmpty());
    m_details->setText(loadDetails(*report));
}

void LoadSection::unfold(bool open)
{
    m_toggle->setArrowType(open ? Qt::DownArrow : Qt::RightArrow);
    m_scroll->setVisible(open);
}

void LoadSection::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::FontChange)
        m_scroll->setMaximumHeight(kMostLines * QFontMetrics(font()).lineSpacing());
    QWidget::changeEvent(event);
}

} // namespace rnnscope::ui
