#include "ui/panels/probing_view.h"

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
    , m_message(new QLabel(this))
    , m_input(new HeatMapView(this))
    , m_output(new HeatMapView(this))
    , m_image(new ImageView(this))
{
    m_chooser->setObjectName(QStringLiteral("sequenceChooser"));
    m_chooser->setAccessibleName(QStringLiteral("Parallel probing sequence"));
    m_message->setObjectName(QStringLiteral("probingMessage"));
    m_message->setAlignment(Qt::AlignCenter);
    m_message->setTextFormat(Qt::PlainText);
    m_message->setWordWrap(true);
    m_message->setForegroundRole(QPalette::PlaceholderText);
    auto* top = new QHBoxLayout;
    top->addWidget(m_chooser);
    top->addStretch();
    auto* plots = new QHBoxLayout;
    plots->setSpacing(kGap);
    plots->addWidget(m_image, 2);
    plots->addWidget(m_input, 5);
    plots->addWidget(m_output, 5);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(kMargin, 8, kMargin, 8);
    layout->addLayout(top);
    layout->addLayout(plots, 1);
    layout->addWidget(m_message, 1);
    connect(m_chooser, &QComboBox::currentIndexChanged, this, [this](int index) {
        showSequence();
        Q_EMIT sequenceChosen(static_cast<std::size_t>(std::max(index, 0)));
    });
    connect(m_input, &HeatMapView::cursorMoved, this, [this](int step) { moveCursor(step); });
    connect(m_output, &HeatMapView::cursorMoved, this, [this](int step) { moveCursor(step); });
    connect(m_image, &ImageView::cursorMoved, this, [this](int step) { moveCursor(step); });
    showMessage(QStringLiteral("Click a point on the map to see what that network is asked and what it answers"));
}

void ProbingView::showMessage(const QString& text)
{
    m_traces.reset();
    for (QWidget* widget : {static_cast<QWidget*>(m_chooser), static_cast<QWidget*>(m_input),
                            static_cast<QWidget*>(m_output), static_cast<QWidget*>(m_image)})
        widget->hide();
    m_message->setText(text);
    m_message->show();
}

QString ProbingView::message() const
{
    return m_traces ? QString() : m_message->text();
}

void ProbingView::showTrace(zoo::TaskFamily family, bool softmaxProbes, std::shared_ptr<const engine::Traces> traces)
{
    m_family = family;
    m_softmaxProbes = softmaxProbes;
    m_traces = std::move(traces);
    const int count = static_cast<int>(m_traces->parallel);
    if (m_chooser->count() != count) {
        const QSignalBlocker quiet(m_chooser);
        m_chooser->clear();
        for (int i = 1; i <= count; ++i)
            m_chooser->addItem(QStringLiteral("sequence %1 of %2").arg(i).arg(count));
    }
    m_chooser->setVisible(count > 1);
    m_message->hide();
    showSequence();
}

void ProbingView::showSequence()
{
    if (!m_traces)
        return;
    const auto sequence = static_cast<std::size_t>(std::max(m_chooser->currentIndex(), 0));
    ProbingPlots plots = makeProbingPlots(m_family, m_softmaxProbes, *m_traces, sequence);
    const bool picture = !plots.image.image.isNull();
    m_input->setData(std::move(plots.input));
    m_output->setData(std::move(plots.output));
    m_image->setData(std::move(plots.image));
    m_image->setVisible(picture);
    m_input->setVisible(!picture);
    m_output->setVisible(true);
}

void ProbingView::moveCursor(int step)
{
    m_input->setCursor(step);
    m_output->setCursor(step);
    m_image->setCursor(step);
    Q_EMIT cursorMoved(step);
}

void ProbingView::render(QPainter& painter, const QSize& size, bool light) const
{
    const Theme theme = light ? lightTheme() : darkTheme();
    const QRectF area = QRectF(QPointF(), QSizeF(size)).adjusted(kMargin, 8, -kMargin, -8);
    painter.fillRect(QRectF(QPointF(), QSizeF(size)), theme.panel);
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

} // namespace rnnscope::ui
