#include "ui/panels/probing_view.h"

#include "ui/panels/comparison_view.h"
#include "ui/plots/heat_map_view.h"
#include "ui/plots/text.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace rnnscope::ui {

namespace {

constexpr int kMargin = 12;
constexpr int kGap = 28; // between two plots

} // namespace

ProbingView::ProbingView(QWidget* parent)
    : QWidget(parent)
    , m_chooser(new QComboBox(this))
    , m_summary(new QLabel(this))
    , m_message(new QLabel(this))
    , m_single(new QWidget(this))
    , m_input(new HeatMapView(m_single))
    , m_output(new HeatMapView(m_single))
    , m_image(new ImageView(m_single))
    , m_comparison(new ComparisonView(this))
{
    m_chooser->setObjectName(QStringLiteral("sequenceChooser"));
    m_chooser->setAccessibleName(QStringLiteral("Parallel probing sequence"));
    m_summary->setObjectName(QStringLiteral("comparisonSummary"));
    m_summary->setTextFormat(Qt::PlainText);
    m_summary->setWordWrap(true);
    m_message->setObjectName(QStringLiteral("probingMessage"));
    m_message->setAlignment(Qt::AlignCenter);
    m_message->setTextFormat(Qt::PlainText);
    m_message->setWordWrap(true);
    m_message->setForegroundRole(QPalette::PlaceholderText);
    auto* top = new QHBoxLayout;
    top->addWidget(m_chooser);
    top->addWidget(m_summary, 1);
    top->addStretch();
    auto* plots = new QHBoxLayout(m_single);
    plots->setContentsMargins({});
    plots->setSpacing(kGap);
    plots->addWidget(m_image, 2);
    plots->addWidget(m_input, 5);
    plots->addWidget(m_output, 5);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(kMargin, 8, kMargin, 8);
    layout->addLayout(top);
    layout->addWidget(m_single, 1);
    layout->addWidget(m_comparison, 1);
    layout->addWidget(m_message, 1);
    connect(m_chooser, &QComboBox::currentIndexChanged, this, [this](int index) {
        showSequence();
        Q_EMIT sequenceChosen(static_cast<std::size_t>(std::max(index, 0)));
    });
    connect(m_input, &HeatMapView::cursorMoved, this, [this](int step) { moveCursor(step); });
    connect(m_output, &HeatMapView::cursorMoved, this, [this](int step) { moveCursor(step); });
    connect(m_image, &ImageView::cursorMoved, this, [this](int step) { moveCursor(step); });
    connect(m_comparison, &ComparisonView::cursorMoved, this, [this](int step) { moveCursor(step); });
    showMessage(QStringLiteral("Click a point on the map to see what that network is asked and what it answers"));
}

void ProbingView::hideAll()
{
    m_traces.reset();
    m_compared.clear();
    for (QWidget* widget : std::initializer_list<QWidget*> {m_chooser, m_summary, m_message, m_single, m_comparison})
        widget->hide();
}

void ProbingView::showMessage(const QString& text)
{
    hideAll();
    m_message->setText(text);
    m_message->show();
}

QString ProbingView::message() const
{
    return m_traces || !m_compared.empty() ? QString() : m_message->text();
}

void ProbingView::showTrace(zoo::TaskFamily family, bool softmaxProbes, std::shared_ptr<const engine::Traces> traces)
{
    hideAll();
    m_traces = std::move(traces);
    showSequences(family, softmaxProbes, m_traces->parallel);
}

void ProbingView::showTraces(zoo::TaskFamily family, bool softmaxProbes, std::vector<NamedTraces> networks,
                             const QString& note)
{
    hideAll();
    m_compared = std::move(networks);
    m_note = note;
    showSequences(family, softmaxProbes, m_compared.front().traces->parallel);
}

void ProbingView::showSequences(zoo::TaskFamily family, bool softmaxProbes, std::size_t parallel)
{
    m_family = family;
    m_softmaxProbes = softmaxProbes;
    const int count = static_cast<int>(parallel);
    if (m_chooser->count() != count) {
        const QSignalBlocker quiet(m_chooser);
        m_chooser->clear();
        for (int i = 1; i <= count; ++i)
            m_chooser->addItem(QStringLiteral("sequence %1 of %2").arg(i).arg(count));
    }
    m_chooser->setVisible(count > 1);
    showSequence();
}

void ProbingView::showSequence()
{
    const auto sequence = static_cast<std::size_t>(std::max(m_chooser->currentIndex(), 0));
    if (!m_compared.empty())
        return compareSequence(sequence);
    if (!m_traces)
        return;
    ProbingPlots plots = makeProbingPlots(m_family, m_softmaxProbes, *m_traces, sequence);
    const bool picture = !plots.image.image.isNull();
    m_input->setData(std::move(plots.input));
    m_output->setData(std::move(plots.output));
    m_image->setData(std::move(plots.image));
    m_image->setVisible(picture);
    m_input->setVisible(!picture);
    m_single->show();
}

void ProbingView::compareSequence(std::size_t sequence)
{
    m_comparison->setData(makeComparison(m_family, m_softmaxProbes, m_compared, sequence));
    QStringList parts {comparisonText(m_comparison->data()), m_note};
    parts.removeAll(QString());
    m_summary->setText(parts.join(QStringLiteral(" · ")));
    m_summary->show();
    m_comparison->show();
}

void ProbingView::moveCursor(int step)
{
    m_input->setCursor(step);
    m_output->setCursor(step);
    m_image->setCursor(step);
    m_comparison->setCursor(step);
    Q_EMIT cursorMoved(step);
}

void ProbingView::render(QPainter& painter, const QSize& size, bool light) const
{
    const Theme theme = light ? lightTheme() : darkTheme();
    const QRectF area = QRectF(QPointF(), QSizeF(size)).adjusted(kMargin, 8, -kMargin, -8);
    painter.fillRect(QRectF(QPointF(), QSizeF(size)), theme.panel);
    if (!m_compared.empty())
        return renderComparison(painter, area, theme);
    if (!m_traces) {
        painter.setFont(pixelFont(font()));
        painter.setPen(theme.muted);
        painter.drawText(area, Qt::AlignCenter | Qt::TextWordWrap, m_message->text());
        return;
    }
    const bool picture = !m_image->data().image.isNull();
    const double left = picture ? std::min(area.width() * 2 / 7, area.height()) : (area.width() - kGap) / 2;
    const QRectF first(area.topLeft(), QSizeF(left, area.height()));
    const QRectF second = area.adjusted(left + kGap, 0, 0, 0);
    if (picture)
        paintTileImage(painter, m_image->data(), first, theme, font(), m_output->cursor());
    else
        paintHeatMap(painter, m_input->data(), first, theme, font(), m_output->cursor());
    paintHeatMap(painter, m_output->data(), second, theme, font(), m_output->cursor());
}

void ProbingView::renderComparison(QPainter& painter, const QRectF& area, const Theme& theme) const
{
    painter.setFont(pixelFont(font()));
    painter.setPen(theme.text);
    const double line = QFontMetricsF(painter.font()).height();
    paintText(painter, QRectF(area.topLeft(), QSizeF(area.width(), line)), Qt::AlignLeft | Qt::AlignVCenter,
              m_summary->text());
    m_comparison->render(painter, area.adjusted(0, m_summary->text().isEmpty() ? 0 : line + 6, 0, 0), theme);
}

} // namespace rnnscope::ui
