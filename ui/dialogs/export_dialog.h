#pragma once

#include "ui/plots/export.h"

#include <QDialog>

class QDoubleSpinBox;
class QSpinBox;

namespace rnnscope::ui {

/// Size in mm and, for PNG, dpi of a figure; then a file is asked for.
class ExportDialog : public QDialog
{
    Q_OBJECT
public:
    ExportDialog(const QString& view, QSizeF sizeMm, QWidget* parent = nullptr);
    ExportOptions options() const;

    enum class Offer { Picture, PictureAndNumbers }; ///< numbers: as CSV
    /// Asks for everything. Empty when the user thinks better of it.
    static QString ask(QWidget* parent, const QString& view, QSizeF sizeMm, ExportOptions& options,
                       Offer offer = Offer::Picture);

private:
    QString m_view;
    QDoubleSpinBox* m_width;
    QDoubleSpinBox* m_height;
    QSpinBox* m_dpi;
};

} // namespace rnnscope::ui
