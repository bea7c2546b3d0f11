#include "ui/dialogs/help_dialogs.h"

#include <QAction>
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

QString plain(QString text)
{
    return text.remove(QLatin1Char('&')).remove(QChar(0x2026));
}

} // namespace

void showShortcuts(QWidget* parent, const QList<QAction*>& actions)
{
    QString rows;
    for (const auto* action : actions) {
        if (action->shortcut().isEmpty() || action->text().isEmpty())
            continue;
        rows += QStringLiteral("<tr><td style='padding:3px 24px 3px 0'>%1</td><td style='padding:3px 0'>%2</td></tr>")
                    .arg(plain(action->text()).toHtmlEscaped(),
                         action->shortcut().toString(QKeySequence::NativeText).toHtmlEscaped());
    }
    const auto hints = QObject::tr("<p>Drag pans the map or selects, as the tool says; the wheel zooms to the cursor."
                                   "<br>Shift adds to the selection, Ctrl takes away or toggles.</p>");
    showText(parent, QObject::tr("Keyboard shortcuts"), QStringLiteral("<table>%1</table>%2").arg(rows, hints));
}

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
