#include "ui/panels/stack_form.h"

#include "ui/models/labels.h"
#include "ui/plots/text.h"

#include <QComboBox>
#include <QSignalBlocker>
#include <QStandardItemModel>

#include <algorithm>
#include <utility>

namespace rnnscope::ui {

namespace {

QString title(const WeightQuestion& question)
{
    const auto files = filesTitle(question.files);
    const auto stacks = question.stacks.size();
    if (stacks > 1)
        return QObject::tr("%1: %2 recurrent networks are in it. Which one is meant?")
            .arg(files, groupedNumber(static_cast<qlonglong>(stacks)));
    return QObject::tr("%1: several linear layers fit its network. Which one reads it?").arg(files);
}

} // namespace

QString filesTitle(const std::vector<std::filesystem::path>& files)
{
    const auto first = plainText(files.front().filename().string());
    if (files.size() == 1)
        return first;
    if (files.size() == 2)
        return QObject::tr("%1 and another like it").arg(first);
    return QObject::tr("%1 and %2 others like it").arg(first, groupedNumber(static_cast<qlonglong>(files.size() - 1)));
}

StackForm::StackForm(WeightQuestion question, QWidget* parent)
    : QuestionForm(title(question), parent)
    , m_question(std::move(question))
    , m_stack(narrowChooser("stackChooser", tr("Recurrent network")))
    , m_head(narrowChooser("headChooser", tr("Read-out")))
    , m_nonlinearity(narrowChooser("nonlinearityChooser", tr("Nonlinearity")))
{
    auto* model = qobject_cast<QStandardItemModel*>(m_stack->model());
    int first = -1;
    for (const auto& each : m_question.stacks) {
        const int row = m_stack->count();
        m_stack->addItem(each.unfit.isEmpty() ? each.text : QStringLiteral("%1 (%2)").arg(each.text, each.unfit));
        if (each.unfit.isEmpty() && first < 0)
            first = row;
        if (model != nullptr)
            model->item(row)->setEnabled(each.unfit.isEmpty());
    }
    m_stack->setCurrentIndex(first);
    m_nonlinearity->addItem(tr("tanh"), static_cast<int>(zoo::Cell::RnnTanh));
    m_nonlinearity->addItem(tr("ReLU"), static_cast<int>(zoo::Cell::RnnRelu));
    m_nonlinearity->setToolTip(tr("The file does not tell; tanh is PyTorch's default"));
    addField(tr("Network"), m_stack, 3);
    addField(tr("Read-out"), m_head, 2);
    if (std::any_of(m_question.stacks.begin(), m_question.stacks.end(),
                    [](const StackOption& each) { return each.tanhOrRelu; }))
        addField(tr("Nonlinearity"), m_nonlinearity);
    connect(m_stack, &QComboBox::currentIndexChanged, this, &StackForm::showStack);
    showStack();
}

const StackOption* StackForm::stack() const
{
    const auto index = m_stack->currentIndex();
    return index < 0 ? nullptr : &m_question.stacks[static_cast<std::size_t>(index)];
}

void StackForm::showStack()
{
    const auto* chosen = stack();
    m_head->clear();
    if (chosen != nullptr)
        for (const auto& head : chosen->heads)
            m_head->addItem(head.text);
    m_head->setEnabled(m_head->count() > 1);
    m_nonlinearity->setEnabled(chosen != nullptr && chosen->tanhOrRelu);
    const bool ready = chosen != nullptr && chosen->unfit.isEmpty();
    setReady(ready);
    if (ready)
        setVerdict(Verdict::Neutral, {});
    else
        setVerdict(Verdict::Wrong, tr("None of them can be loaded"));
}

weights::Choices StackForm::choices() const
{
    weights::Choices choices;
    const auto* chosen = stack();
    if (chosen == nullptr)
        return choices;
    choices.rnnPrefix = chosen->name;
    if (const auto head = m_head->currentIndex(); head >= 0)
        choices.head = chosen->heads[static_cast<std::size_t>(head)].name;
    if (chosen->tanhOrRelu)
        choices.sizes.cell = static_cast<zoo::Cell>(m_nonlinearity->currentData().toInt());
    return choices;
}

} // namespace rnnscope::ui
