#include "ui/panels/message_bar.h"

#include "ui/application_style.h"
#include "ui/plots/text.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace rnnscope::ui {

namespace {

constexpr int kMostMessages = 3;

QString asSentence(QString text)
{
    const auto first = text.section(QLatin1Char(' '), 0, 0);
    const bool word = std::all_of(first.begin(), first.end(), [](QChar c) { return c.isLetter(); });
    if (!text.isEmpty() && word) // file and tensor names stay as they are
        text[0] = text[0].toUpper();
    if (!text.isEmpty() && !text.endsWith(QLatin1Char('.')))
        text += QLatin1Char('.');
    return text;
}

QLabel* textLabel(const QString& text)
{
    auto* label = new QLabel(breakable(text));
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

} // namespace

MessageBar::MessageBar(QWidget* parent)
    : QWidget(parent)
    , m_rows(new QVBoxLayout(this))
{
    m_rows->setContentsMargins(0, 0, 0, 0);
    m_rows->setSpacing(0);
    setAccessibleName(tr("Messages"));
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    hide();
}

void MessageBar::showError(const QString& message, const QString& detail)
{
    add({QStringLiteral("error"), message, detail, {}, {}});
}

void MessageBar::showNote(const QString& message)
{
    add({QStringLiteral("note"), message, {}, {}, {}});
}

void MessageBar::showOffer(const QString& message, const QString& action, std::function<void()> act)
{
    add({QStringLiteral("note"), message, {}, action, std::move(act)});
}

int MessageBar::count() const
{
    return m_rows->count();
}

void MessageBar::dismissAll()
{
    while (auto* item = m_rows->takeAt(0)) {
        item->widget()->deleteLater();
        delete item;
    }
    hide();
}

void MessageBar::remove(QWidget* row)
{
    m_rows->removeWidget(row);
    row->deleteLater();
    setVisible(m_rows->count() > 0);
}

void MessageBar::add(const Message& message)
{
    const auto sentence = asSentence(message.text);
    for (int i = 0; i < m_rows->count(); ++i)
        if (m_rows->itemAt(i)->widget()->accessibleName() == sentence)
            return;
    auto* row = new QFrame;
    row->setObjectName(QStringLiteral("message"));
    row->setAccessibleName(sentence);
    auto* mark = new QFrame;
    mark->setObjectName(QStringLiteral("messageMark"));
    mark->setProperty("severity", message.severity);
    mark->setFixedWidth(4);
    auto* details = textLabel(message.detail);
    details->setObjectName(QStringLiteral("mutedText"));
    details->hide();
    auto* toggle = new QPushButton(tr("Details"));
    toggle->setObjectName(QStringLiteral("link"));
    toggle->setVisible(!message.detail.isEmpty());
    auto* action = new QPushButton(message.action);
    action->setObjectName(QStringLiteral("link"));
    action->setVisible(!message.action.isEmpty());
    auto* dismiss = new QToolButton;
    dismiss->setObjectName(QStringLiteral("dismiss"));
    dismiss->setAccessibleName(tr("Dismiss"));
    dismiss->setToolTip(tr("Dismiss (Esc)"));
    const auto muted = currentTheme().muted;
    dismiss->setIcon(themedIcon(QStringLiteral("close"), muted, muted));

    auto* texts = new QVBoxLayout;
    texts->setContentsMargins(12, 8, 0, 8);
    texts->addWidget(textLabel(sentence));
    texts->addWidget(details);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 8, 0);
    layout->setSpacing(8);
    layout->addWidget(mark);
    layout->addLayout(texts, 1);
    layout->addWidget(action);
    layout->addWidget(toggle);
    layout->addWidget(dismiss);

    connect(toggle, &QPushButton::clicked, details, [details] { details->setVisible(details->isHidden()); });
    connect(dismiss, &QToolButton::clicked, this, [this, row] { remove(row); });
    connect(action, &QPushButton::clicked, this, [this, row, act = message.act] {
        remove(row);
        act();
    });
    m_rows->addWidget(row);
    if (m_rows->count() > kMostMessages) {
        auto* oldest = m_rows->takeAt(0);
        oldest->widget()->deleteLater();
        delete oldest;
    }
    show();
}

} // namespace rnnscope::ui
