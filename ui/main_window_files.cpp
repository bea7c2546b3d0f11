#include "ui/dialogs/save_dialog.h"
#include "ui/main_window.h"
#include "ui/models/file_questions.h"
#include "ui/models/saving.h"
#include "ui/models/session.h"
#include "ui/panels/encoder_form.h"
#include "ui/panels/question_bar.h"
#include "ui/panels/sizes_form.h"
#include "ui/panels/stack_form.h"

#include <QAction>
#include <QDir>
#include <QFileInfo>
#include <QMenu>

#include <algorithm>

namespace rnnscope::ui {

namespace {

/// The selected networks by their own zoos, in order of the map.
std::vector<NetworksToSave> networksOf(const EmbeddedZoo& shown, const std::vector<std::size_t>& ids)
{
    std::vector<NetworksToSave> networks;
    for (const auto id : ids) {
        const auto place = placeOf(shown, id);
        const auto same = std::find_if(networks.begin(), networks.end(),
                                       [&](const NetworksToSave& each) { return each.zoo == place.embedded.zoo; });
        if (same != networks.end())
            same->rows.push_back(place.row);
        else
            networks.push_back({.zoo = place.embedded.zoo, .rows = {place.row}});
    }
    return networks;
}

} // namespace

void MainWindow::connectQuestions()
{
    auto& questions = m_session.questions();
    connect(&questions, &FileQuestions::weightsAsked, this, [this, &questions](const WeightQuestion& question) {
        const auto ask = [&]<typename Form>(Form* form) {
            connect(form, &QuestionForm::accepted, this,
                    [&questions, form] { questions.open(form->question(), form->choices()); });
            m_questions->add(form);
        };
        question.flat ? ask(new SizesForm(question)) : ask(new StackForm(question));
    });
    connect(&questions, &FileQuestions::encoderAsked, this, [this, &questions](const EncoderImport& question) {
        auto* form = new EncoderForm(question);
        connect(form, &QuestionForm::accepted, this,
                [&questions, form] { questions.import(form->question(), form->choices()); });
        m_questions->add(form);
    });
}

void MainWindow::addSaveAction(QMenu* menu)
{
    menu->setToolTipsVisible(true);
    auto* save = addAction(menu, tr("Save &Networks…"), {QStringLiteral("Ctrl+Shift+S")}, &MainWindow::askToSave);
    save->setObjectName(QStringLiteral("saveNetworks"));
    m_needNetwork.push_back(save);
    const auto explain = [this, save] {
        save->setToolTip(m_selection.ids().empty() ? tr("Select networks on the map to save them")
                                                   : tr("Save the selected networks as .safetensors or .npz (%1)")
                                                         .arg(save->shortcut().toString(QKeySequence::NativeText)));
    };
    connect(&m_selection, &Selection::changed, save, explain);
    explain();
}

void MainWindow::askToSave()
{
    const auto embedded = m_session.embedded();
    if (!embedded || m_selection.ids().empty())
        return;
    auto networks = networksOf(*embedded, m_selection.ids());
    const auto folder = m_recent.isEmpty() ? QDir::homePath() : QFileInfo(m_recent.front()).absolutePath();
    auto* dialog = new SaveDialog(std::move(networks), folder, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] { m_session.saving().save(dialog->plan()); });
    dialog->open();
}

} // namespace rnnscope::ui
