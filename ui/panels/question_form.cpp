#include "ui/panels/question_form.h"

#include "ui/plots/text.h"

#include <QComboBox>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QStyle>

namespace rnnscope::ui {

namespace {

constexpr int kColumns = 6;
constexpr int kShortestEntry = 12; ///< characters

QLabel* plainLabel(const char* name)
{
    auto* label = new QLabel;
    label->setObjectName(QString::fromLatin1(name));
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    return label;
}

} // namespace

QComboBox* narrowChooser(const char* name, const QString& accessibleName)
{
    auto* chooser = new QComboBox;
    chooser->setObjectName(QString::fromLatin1(name));
    chooser->setAccessibleName(accessibleName);
    chooser->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    chooser->setMinimumContentsLength(kShortestEntry);
    return chooser;
}

QuestionForm::QuestionForm(const QString& title, QWidget* parent)
    : QFrame(parent)
    , m_title(plainLabel("questionTitle"))
    , m_text(plainLabel("mutedText"))
    , m_verdict(plainLabel("questionVerdict"))
    , m_queue(plainLabel("mutedText"))
    , m_fields(new QGridLayout)
    , m_open(new QPushButton(tr("Open")))
    , m_dismiss(new QPushButton(tr("Dismiss")))
{
    setObjectName(QStringLiteral("question"));
    setAccessibleName(title);
    m_title->setText(breakable(title));
    auto font = m_title->font();
    font.setBold(true);
    m_title->setFont(font);
    m_text->hide();
    m_queue->hide();
    m_queue->setWordWrap(false);
    m_verdict->setAccessibleName(tr("Does the answer fit the file?"));
    m_open->setObjectName(QStringLiteral("questionOpen"));
    m_open->setToolTip(tr("Open with these answers (Enter)"));
    m_dismiss->setObjectName(QStringLiteral("questionDismiss"));
    m_dismiss->setToolTip(tr("Leave the file closed (Esc)"));
    for (auto* button : {m_open, m_dismiss})
        button->setAutoDefault(true); // Enter presses the one that has the focus
    connect(m_open, &QPushButton::clicked, this, &QuestionForm::accepted);
    connect(m_dismiss, &QPushButton::clicked, this, &QuestionForm::dismissed);

    m_fields->setHorizontalSpacing(12);
    m_fields->setVerticalSpacing(4);
    auto* head = new QHBoxLayout;
    head->addWidget(m_title, 1);
    head->addWidget(m_queue);
    auto* foot = new QHBoxLayout;
    foot->setSpacing(8);
    foot->addWidget(m_verdict, 1);
    foot->addWidget(m_dismiss);
    foot->addWidget(m_open);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 10, 12, 10);
    layout->setSpacing(6);
    layout->addLayout(head);
    layout->addWidget(m_text);
    layout->addLayout(m_fields);
    layout->addLayout(foot);
}

void QuestionForm::setQueue(int waiting)
{
    m_queue->setVisible(waiting > 0);
    m_queue->setText(waiting == 1 ? tr("1 more waits") : tr("%1 more wait").arg(waiting));
}

void QuestionForm::focusFirstField()
{
    for (int i = 0; i < m_fields->count(); ++i)
        if (auto* field = m_fields->itemAt(i)->widget(); field != nullptr && field->focusPolicy() != Qt::NoFocus)
            return field->setFocus(Qt::OtherFocusReason);
    m_open->setFocus(Qt::OtherFocusReason);
}

void QuestionForm::setText(const QString& text)
{
    m_text->setText(breakable(text));
    m_text->setVisible(!text.isEmpty());
}

void QuestionForm::setVerdict(Verdict verdict, const QString& text)
{
    m_verdict->setText(breakable(text));
    m_verdict->setProperty("wrong", verdict == Verdict::Wrong);
    m_verdict->setProperty("good", verdict == Verdict::Good);
    style()->unpolish(m_verdict); // the style sheet looks at the properties
    style()->polish(m_verdict);
}

void QuestionForm::setReady(bool ready)
{
    m_open->setEnabled(ready);
}

void QuestionForm::addField(const QString& caption, QWidget* field, int columns)
{
    if (m_column + columns > kColumns) {
        m_column = 0;
        m_row += 2;
    }
    auto* label = plainLabel("mutedText");
    label->setText(caption);
    label->setWordWrap(false);
    label->setBuddy(field);
    m_fields->addWidget(label, m_row, m_column, 1, columns);
    m_fields->addWidget(field, m_row + 1, m_column, 1, columns);
    for (int column = m_column; column < m_column + columns; ++column)
        m_fields->setColumnStretch(column, 1);
    m_column += columns;
}

void QuestionForm::keyPressEvent(QKeyEvent* event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && m_open->isEnabled())
        Q_EMIT accepted();
    else if (event->key() == Qt::Key_Escape)
        Q_EMIT dismissed();
    else if (!enter)
        QFrame::keyPressEvent(event);
}

} // namespace rnnscope::ui
