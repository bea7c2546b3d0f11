#include "ui/panels/expression_field.h"

#include "ui/models/filter.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QKeyEvent>
#include <QStringListModel>
#include <QStyle>
#include <QToolTip>

#include <array>

namespace rnnscope::ui {

namespace {

/// Completes the word at the cursor instead of the whole line.
class WordCompleter : public QCompleter
{
public:
    using QCompleter::QCompleter;

protected:
    QStringList splitPath(const QString& path) const override
    {
        const auto* field = qobject_cast<const QLineEdit*>(widget());
        const auto before = path.left(field != nullptr ? field->cursorPosition() : static_cast<int>(path.size()));
        m_start = before.size();
        while (m_start > 0 && isPart(before[m_start - 1]))
            --m_start;
        m_before = path.left(m_start);
        m_after = path.mid(before.size());
        const auto word = before.mid(m_start);
        return {word.isEmpty() ? QStringLiteral("\n") : word}; // of nothing typed nothing is offered
    }
    QString pathFromIndex(const QModelIndex& index) const override
    {
        return m_before + QCompleter::pathFromIndex(index) + m_after;
    }

private:
    static bool isPart(QChar c) { return c.isLetterOrNumber() || c == QLatin1Char('_') || c == QLatin1Char('.'); }
    mutable qsizetype m_start = 0;
    mutable QString m_before;
    mutable QString m_after;
};

} // namespace

ExpressionField::ExpressionField(Filter& filter, QWidget* parent)
    : QLineEdit(parent)
    , m_filter(filter)
{
    setObjectName(QStringLiteral("expression"));
    setAccessibleName(tr("Filter expression"));
    setPlaceholderText(tr("Filter, e.g. accuracy > 0.9 and step >= 1000"));
    setClearButtonEnabled(true);
    constexpr int kNarrowest = 100;
    constexpr int kWidest = 400;
    setMinimumWidth(kNarrowest);
    setMaximumWidth(kWidest);
    m_pause.setSingleShot(true);
    constexpr int kPause = 250; // ms
    m_pause.setInterval(kPause);
    connect(&m_pause, &QTimer::timeout, this, &ExpressionField::apply);
    connect(this, &QLineEdit::textEdited, this, [this] { m_pause.start(); });
    connect(&m_filter, &Filter::changed, this, &ExpressionField::follow);
    connect(&m_filter, &Filter::networksChanged, this, &ExpressionField::offerNames);
    offerNames();
    setProblem({});
}

QSize ExpressionField::sizeHint() const
{
    constexpr int kWidth = 200; // most of the placeholder
    return {kWidth, QLineEdit::sizeHint().height()};
}

void ExpressionField::apply()
{
    m_pause.stop();
    const auto understood = m_filter.setExpression(text());
    setProblem(understood ? QString() : QString::fromStdString(understood.error().message));
}

/// What somebody else has set; never while it is being typed.
void ExpressionField::follow()
{
    if (m_pause.isActive() || m_filter.state().expression == text().trimmed())
        return;
    setText(m_filter.state().expression);
    setProblem({});
}

void ExpressionField::setProblem(const QString& problem)
{
    m_problem = problem;
    setProperty("wrong", !problem.isEmpty());
    style()->unpolish(this);
    style()->polish(this);
    QStringList names;
    for (const auto& each : m_filter.fields())
        names << each.name;
    constexpr qsizetype kMost = 12;
    const auto known = names.mid(0, kMost).join(QStringLiteral(", "));
    setToolTip(!problem.isEmpty() ? problem
                                  : tr("Show only networks that meet a condition (Ctrl+F): numbers, names, "
                                       "\"text\", + - * /, < <= > >= == !=, ~ for \"contains\", and, or, not\n%1")
                                        .arg(known));
    setAccessibleDescription(problem);
}

void ExpressionField::offerNames()
{
    QStringList names;
    for (const auto& each : m_filter.fields())
        names << each.name;
    if (completer() == nullptr) {
        auto* made = new WordCompleter(this);
        made->setModel(new QStringListModel(made));
        made->setCaseSensitivity(Qt::CaseInsensitive);
        setCompleter(made);
    }
    qobject_cast<QStringListModel*>(completer()->model())->setStringList(names);
    setProblem(m_problem);
}

void ExpressionField::keyPressEvent(QKeyEvent* event)
{
    const bool choosing = completer()->popup()->isVisible();
    if (event->key() == Qt::Key_Escape && !choosing && !text().isEmpty()) {
        clear();
        return apply();
    }
    QLineEdit::keyPressEvent(event);
    if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && !choosing) {
        apply();
        if (!m_problem.isEmpty())
            QToolTip::showText(mapToGlobal(QPoint(0, height())), m_problem, this);
    }
}

} // namespace rnnscope::ui
