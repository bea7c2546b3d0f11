#include "ui/drop_overlay.h"

#include "ui/plots/theme.h"

#include <QPainter>

namespace rnnscope::ui {

DropOverlay::DropOverlay(QWidget* window)
    : QWidget(window)
{
    setObjectName(QStringLiteral("dropOverlay"));
    setAttribute(Qt::WA_TransparentForMouseEvents);
    hide();
}

void DropOverlay::cover()
{
    setGeometry(parentWidget()->rect());
    raise();
    show();
}

void DropOverlay::paintEvent(QPaintEvent*)
{
    constexpr int kMargin = 8;
    constexpr int kVeilAlpha = 200;
    const auto theme = currentTheme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    auto veil = theme.background;
    veil.setAlpha(kVeilAlpha);
    painter.fillRect(rect(), veil);
    painter.setPen(QPen(theme.accent, 2.0, Qt::DashLine));
    painter.drawRoundedRect(rect().adjusted(kMargin, kMargin, -kMargin, -kMargin), kMargin, kMargin);
    painter.setPen(theme.text);
    painter.drawText(rect(), Qt::AlignCenter, tr("Drop to open"));
}

} // namespace rnnscope::ui
