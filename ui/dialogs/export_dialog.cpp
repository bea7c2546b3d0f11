#include "ui/dialogs/export_dialog.h"

#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QPushButton>
#include <QSpinBox>

namespace rnnscope::ui {

namespace {

QDoubleSpinBox* millimetres(double value)
{
    auto* box = new QDoubleSpinBox;
    box->setRange(20.0, 1000.0);
    box->setDecimals(0);
    box->setSuffix(QStringLiteral(" mm"));
    box->setValue(value);
    return box;
}

} // namespace

ExportDialog::ExportDialog(const QString& view, QSizeF sizeMm, QWidget* parent)
    : QDialog(parent)
    , m_view(view)
    , m_width(millimetres(sizeMm.width()))
    , m_height(millimetres(sizeMm.height()))
    , m_dpi(new QSpinBox)
{
    setWindowTitle(tr("Export %1").arg(view));
    m_dpi->setRange(72, 1200);
    m_dpi->setValue(300);
    m_dpi->setSuffix(tr(" dpi"));
    auto* form = new QFormLayout(this);
    form->addRow(tr("&Width"), m_width);
    form->addRow(tr("&Height"), m_height);
    form->addRow(tr("&Resolution of PNG"), m_dpi);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    auto* save = buttons->addButton(tr("Save as…"), QDialogButtonBox::AcceptRole);
    save->setDefault(true);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    form->addRow(buttons);
}

ExportOptions ExportDialog::options() const
{
    return {.sizeMm = {m_width->value(), m_height->value()}, .dpi = m_dpi->value(), .title = m_view};
}

QString ExportDialog::ask(QWidget* parent, const QString& view, QSizeF sizeMm, ExportOptions& options, Offer offer)
{
    ExportDialog dialog(view, sizeMm, parent);
    if (dialog.exec() != QDialog::Accepted)
        return {};
    options = dialog.options();
    QString filter;
    auto path = QFileDialog::getSaveFileName(parent, tr("Export %1").arg(view), view.toLower() + QStringLiteral(".pdf"),
                                             offer == Offer::Picture
                                                 ? tr("PDF (*.pdf);;SVG (*.svg);;PNG (*.png)")
                                                 : tr("PDF (*.pdf);;SVG (*.svg);;PNG (*.png);;CSV (*.csv)"),
                                             &filter);
    if (!path.isEmpty() && QFileInfo(path).suffix().isEmpty())
        path += QLatin1Char('.') + filter.left(3).toLower();
    return path;
}

} // namespace rnnscope::ui
