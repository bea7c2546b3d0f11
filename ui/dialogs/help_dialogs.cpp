#include "ui/dialogs/help_dialogs.h"

#include <QDialog>
#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>

namespace rnnscope::ui {

namespace {

void showText(QWidget* parent, const QString& title, const QString& html)
{
    auto* dialog = new QDialog(parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(title);
    auto* label = new QLabel(html);
    label->setTextFormat(Qt::RichText);
    label->setOpenExternalLinks(true);
    label->setTextInteractionFlags(Qt::TextBrowserInteraction);
    label->setContentsMargins(12, 12, 24, 12);
    auto* area = new QScrollArea;
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setWidget(label);
    auto* layout = new QVBoxLayout(dialog);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(area);
    dialog->resize(label->sizeHint().boundedTo({720, 620}) + QSize(24, 8));
    dialog->show();
}

} // namespace

void showAbout(QWidget* parent)
{
    showText(parent, QObject::tr("About RNNScope"),
             QObject::tr("<h3>RNNScope %1</h3><p>Maps of zoos of trained recurrent networks.</p>"
                         "<p>Encoders after V. Herrmann, F. Faccio, J. Schmidhuber:<br><i>Learning Useful "
                         "Representations of Recurrent Neural Network Weight Matrices</i>, ICML 2024.</p>"
                         "<p>GNU General Public License 3.</p>")
                 .arg(QStringLiteral(RNNSCOPE_VERSION)));
}

} // namespace rnnscope::ui
