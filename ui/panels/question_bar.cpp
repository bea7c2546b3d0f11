#include "ui/panels/question_bar.h"

#include "ui/panels/question_form.h"

#include <QAbstractSpinBox>
#include <QAccessible>
#include <QApplication>
#include <QComboBox>
#include <QLineEdit>
#include <QVBoxLayout>

#include <algorithm>

namespace rnnscope::ui {

namespace {

/// Is the user in the middle of typing or choosing somewhere?
bool isBusyElsewhere(const QWidget* focus)
{
    return qobject_cast<const QLineEdit*>(focus) != nullptr || qobject_cast<const QAbstractSpinBox*>(focus) != nullptr
        || qobject_cast<const QComboBox*>(focus) != nullptr;
}

} // namespace

QuestionBar::QuestionBar(QWidget* parent)
    : QWidget(parent)
    , m_layout(new QVBoxLayout(this))
{
    setObjectName(QStringLiteral("questions"));
    setAccessibleName(tr("Questions about files"));
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    m_layout->setContentsMargins(0, 0, 0, 0);
    hide();
}

void QuestionBar::add(QuestionForm* form)
{
    form->setParent(this);
    form->hide();
    m_layout->addWidget(form);
    m_forms.push_back(form);
    connect(form, &QuestionForm::accepted, this, [this, form] { remove(form); });
    connect(form, &QuestionForm::dismissed, this, [this, form] { remove(form); });
    if (m_forms.size() == 1)
        showFirst();
    else
        m_forms.front()->setQueue(count() - 1);
}

void QuestionBar::remove(QuestionForm* form)
{
    const auto at = std::find(m_forms.begin(), m_forms.end(), form);
    if (at == m_forms.end())
        return;
    m_forms.erase(at);
    form->hide();
    form->deleteLater();
    showFirst();
}

void QuestionBar::showFirst()
{
    setVisible(!m_forms.empty());
    if (m_forms.empty())
        return;
    auto* form = m_forms.front();
    form->setQueue(count() - 1);
    form->show();
    if (!isBusyElsewhere(QApplication::focusWidget()))
        form->focusFirstField();
    QAccessibleEvent alert(form, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
}

} // namespace rnnscope::ui
