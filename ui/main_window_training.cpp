#include "ui/dialogs/train_dialog.h"
#include "ui/main_window.h"
#include "ui/models/session.h"
#include "ui/models/training.h"
#include "ui/models/training_resume.h"
#include "ui/panels/evaluation_panel.h"
#include "ui/panels/message_bar.h"
#include "ui/panels/training_panel.h"
#include "ui/plots/text.h"

#include <QFileInfo>
#include <QMenu>

namespace rnnscope::ui {

void MainWindow::connectTraining()
{
    connect(&m_session, &Session::unfinishedOpened, this, &MainWindow::offerToGoOn);
    connect(m_training, &TrainingPanel::goOn, this, &MainWindow::goOnTraining);
    connect(&m_session.training(), &Training::stateChanged, this, [this] {
        const auto state = m_session.training().state();
        if (state == Training::State::Running && m_session.training().status().step == 0)
            showTab(QStringLiteral("training"));
    });
}

void MainWindow::fillEncoderMenu()
{
    m_encoderMenu->setObjectName(QStringLiteral("encoderMenu"));
    m_encoderMenu->setToolTipsVisible(true);
    m_train = addAction(m_encoderMenu, tr("&Train…"), {QStringLiteral("Ctrl+T")}, &MainWindow::askTraining);
    m_train->setObjectName(QStringLiteral("train"));
    m_train->setToolTip(tr("Train an encoder on an open zoo (Ctrl+T)"));
    m_needZoo.push_back(m_train);
    auto* evaluate
        = addAction(m_encoderMenu, tr("&Evaluate…"), {QStringLiteral("Ctrl+Shift+E")}, &MainWindow::showEvaluation);
    evaluate->setObjectName(QStringLiteral("evaluate"));
    evaluate->setToolTip(tr("Compare predictions with the truth (Ctrl+Shift+E)"));
    m_needZoo.push_back(evaluate);
    m_encoderMenu->addSeparator();
}

void MainWindow::askTraining()
{
    auto* dialog = new TrainDialog(m_session, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        showTab(QStringLiteral("training"));
        m_session.training().start(dialog->plan());
    });
    dialog->open();
}

void MainWindow::offerToGoOn(const std::shared_ptr<const zoo::Checkpoint>& checkpoint)
{
    const auto file = QFileInfo(QString::fromStdString(checkpoint->path.string())).fileName();
    m_messages->showOffer(tr("%1 is a training that stopped at step %2")
                              .arg(file, groupedNumber(static_cast<qlonglong>(checkpoint->resume->step))),
                          tr("Go on training"), [this, checkpoint] { goOnTraining(checkpoint); });
}

void MainWindow::goOnTraining(const std::shared_ptr<const zoo::Checkpoint>& checkpoint)
{
    const auto plan = planToGoOn(checkpoint, m_session.zoos(), m_session.currentZoo());
    if (!plan)
        return showError(plan.error());
    showTab(QStringLiteral("training"));
    m_session.training().start(*plan);
}

void MainWindow::showEvaluation()
{
    showTab(QStringLiteral("evaluation"));
}

} // namespace rnnscope::ui
