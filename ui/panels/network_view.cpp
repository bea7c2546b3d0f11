#include "ui/panels/network_view.h"

#include "ui/panels/mark_object.h"
#include "ui/panels/network_html.h"
#include "ui/plots/text.h"
#include "ui/plots/theme.h"

#include <QAbstractTextDocumentLayout>
#include <QEvent>
#include <QPainter>
#include <QScrollBar>
#include <QTextBrowser>
#include <QTextDocument>
#include <QUrl>
#include <QVBoxLayout>

#include <utility>

namespace rnnscope::ui {

NetworkView::NetworkView(QWidget* parent)
    : QWidget(parent)
    , m_text(new QTextBrowser(this))
    , m_marks(new MarkObject(*m_text->document(), currentTheme()))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 8, 12, 4);
    layout->addWidget(m_text);
    m_text->setObjectName(QStringLiteral("networkText"));
    m_text->setAccessibleName(QStringLiteral("Selected network"));
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setOpenLinks(false);
    m_text->viewport()->setAutoFillBackground(false);
    m_text->document()->setDocumentMargin(0);
    m_text->setWordWrapMode(QTextOption::WordWrap); // tables take the longest word as a column's least width
    m_text->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    connect(m_text, &QTextBrowser::anchorClicked, this, [this](const QUrl& link) {
        bool valid = false;
        const qulonglong row = link.path().toULongLong(&valid);
        if (valid && link.scheme() == QLatin1String("network"))
            Q_EMIT activated(row);
    });
    constexpr int kNarrowest = 280;
    setMinimumWidth(kNarrowest);
    refresh();
}

void NetworkView::showNetworks(std::shared_ptr<const EmbeddedZoo> embedded, std::vector<std::size_t> ids,
                               std::optional<std::size_t> current)
{
    const bool other = current != m_current || ids.size() != m_ids.size();
    m_embedded = std::move(embedded);
    m_ids = std::move(ids);
    m_current = current;
    refresh();
    if (other)
        m_text->verticalScrollBar()->setValue(0);
}

QString NetworkView::plainText() const
{
    return m_text->toPlainText();
}

QString NetworkView::html(const Theme& theme) const
{
    const bool usable = m_embedded && m_embedded->zoo && m_current && *m_current < m_embedded->zoo->size;
    if (!usable)
        return hintHtml(QStringLiteral("Click a point on the map to see what that network was trained to do"), theme);
    const int pixels = pixelFont(font()).pixelSize();
    if (m_ids.size() > 1)
        return selectionHtml(describeSelection(*m_embedded, m_ids, m_bins), theme, pixels);
    return networkHtml(describeNetwork(*m_embedded, *m_current), theme, pixels);
}

void NetworkView::refresh()
{
    const int scrolled = m_text->verticalScrollBar()->value();
    m_marks->setTheme(currentTheme());
    m_text->setHtml(html(currentTheme()));
    m_text->verticalScrollBar()->setValue(scrolled);
}

void NetworkView::render(QPainter& painter, const QSize& size, bool light) const
{
    const Theme theme = light ? lightTheme() : darkTheme();
    constexpr int kMargin = 12;
    QTextDocument document;
    document.setDocumentMargin(0);
    document.setDefaultFont(pixelFont(font()));
    document.setDefaultTextOption(m_text->document()->defaultTextOption());
    new MarkObject(document, theme); // the document owns it
    document.setHtml(html(theme));
    document.setTextWidth(size.width() - 2 * kMargin);
    painter.save();
    painter.fillRect(QRect(QPoint(), size), theme.panel);
    painter.setClipRect(QRect(QPoint(), size));
    painter.translate(kMargin, kMargin);
    QAbstractTextDocumentLayout::PaintContext context;
    context.palette.setColor(QPalette::Text, theme.text);
    document.documentLayout()->draw(&painter, context);
    painter.restore();
}

QSize NetworkView::sizeHint() const
{
    return {320, 460};
}

void NetworkView::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        refresh();
    QWidget::changeEvent(event);
}

} // namespace rnnscope::ui
