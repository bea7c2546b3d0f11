#pragma once

#include "ui/models/saving.h"

#include <QDialog>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace rnnscope::ui {

/// Where to save networks, and as what. What is wrong is said in place, and Save waits for it to be mended.
class SaveDialog : public QDialog
{
    Q_OBJECT
public:
    /// `networks`: at least one; `folder`: where to begin.
    SaveDialog(std::vector<NetworksToSave> networks, const QString& folder, QWidget* parent = nullptr);
    SavePlan plan() const; ///< as the fields say now

private:
    void chooseTarget();
    void changeFormat(); ///< the ending of one network's file follows
    void validate();
    bool isOne() const { return m_plan.count() == 1; }

    SavePlan m_plan;
    QComboBox* m_format;
    QLineEdit* m_target;
    QLabel* m_problem;
    QPushButton* m_save = nullptr;
};

} // namespace rnnscope::ui
