#include "ui/panels/hint_line.h"

#include "ui/models/hints.h"
#include "ui/plots/text.h"
#include "ui/plots/theme.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QToolButton>

namespace rnnscope::ui {

namespace {

constexpr int kMargin = 12;
constexpr int kButton = 20;

} // namespace

HintLine::HintLine(Hints& hints, const QString& id, const QString& text, QWidget* parent)
    : QWidget(parent)
    , m_text(text)
{
    setObjectName(id + QStringLiteral("Hint"));
    setAccessibleName(text);
    setToolTip(text);
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    auto* dismiss = new QToolButton;
    dismiss->setObjectName(QStringLiteral("dismiss"));
    dismiss->setText(QStringLiteral("×"));
    dismiss->setFixedSize(kButton, kButton);
    dismiss->setToolTip(tr("Do not show this hint again"));
    dismiss->setAccessibleName(tr("Do not show this hint again"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 4, 0);
    layout->addStretch();
    layout->addWidget(dismiss);
    connect(dismiss, &QToolButton::clicked, this, [&hints, id] { hints.finish(id); });
    connect(&hints, &Hints::finished, this, [this, id](const QString& done) {
        if (done == id)
            hide();
    });
}

QSize HintLine::sizeHint() const
{
    return {120, fontMetrics().height() + 10};
}

QSize HintLine::minimumSizeHint() const
{
    return {0, sizeHint().height()};
}

void HintLine::paintEvent(QPaintEvent* /*event*/)
{
    const Theme theme = currentTheme();
    QPainter painter(this);
    painter.fillRect(rect(), theme.panel);
    painter.fillRect(QRect(0, 0, width(), 1), theme.line);
    painter.setFont(pixelFont(font(), 0.92));
    painter.setPen(theme.muted);
    paintText(painter, QRectF(rect()).adjusted(kMargin, 1, -kButton - 8, 0), Qt::AlignLeft | Qt::AlignVCenter, m_text);
}

} // namespace rnnscope::ui
