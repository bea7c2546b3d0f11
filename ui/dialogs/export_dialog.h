#pragma once

#include "ui/dialogs/figure.h"

#include <QDialog>
#include <QTimer>

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace rnnscope::ui {

class FigurePreview;

/// Which view to write, how large and as what, with a picture of what will be written. A view that is empty says so,
/// and Save waits for another.
class ExportDialog : public QDialog
{
    Q_OBJECT
public:
    /// `figures`: at least one. Begins with `settings`, whose view must be one of them or all.
    ExportDialog(std::vector<Figure> figures, const FigureSettings& settings, QWidget* parent = nullptr);

    FigureSettings settings() const; ///< as the fields say now
    std::vector<FigureFile> files() const; ///< what to write; they live as long as the dialog
    const std::vector<Figure>& figures() const { return m_figures; }

private:
    void build(const FigureSettings& settings);
    QWidget* buildForm();
    void fillViews();
    void connectFields();
    const Figure* figure() const; ///< null: all views
    bool numbers() const; ///< CSV, which has no size
    void changeView();
    void changeFormat();
    bool followEnding();
    void choosePreset(int index);
    void changeWidth();
    void showPreset();
    void chooseTarget();
    void refresh();
    void validate();
    void showPreview();
    void drawNextPage();

    std::vector<Figure> m_figures;
    FigurePreview* m_preview;
    QComboBox* m_view;
    QComboBox* m_format;
    QComboBox* m_preset;
    QDoubleSpinBox* m_width;
    QDoubleSpinBox* m_height;
    QDoubleSpinBox* m_text;
    QSpinBox* m_dpi;
    QCheckBox* m_legend;
    QCheckBox* m_light;
    QLabel* m_pixels;
    QLineEdit* m_target;
    QLabel* m_problem;
    QPushButton* m_save = nullptr;
    QString m_proposed; ///< the name that the target has unless the user gave it another
    std::vector<QImage> m_pages; ///< of the preview that is being drawn
    QTimer m_nextPage; ///< one at a time, so that nothing waits for all
    QTimer m_soon; ///< so that a value that is being typed or turned does not draw every step
};

} // namespace rnnscope::ui
