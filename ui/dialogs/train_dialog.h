#pragma once

#include "core/engine/train_presets.h"
#include "ui/models/training_plan.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace rnnscope::ui {

class Session;

/// What to train and how. What is wrong is said in place, and Start waits for it to be mended.
class TrainDialog : public QDialog
{
    Q_OBJECT
public:
    explicit TrainDialog(Session& session, QWidget* parent = nullptr);
    TrainingPlan plan() const; ///< as the fields say now

private:
    void makeFields();
    void arrange();
    void fillZoos();
    void applyPreset(); ///< sizes and schedule of the preset for this zoo and encoder
    void proposeOutput();
    void chooseOutput();
    void validate();
    std::shared_ptr<const zoo::Zoo> zoo() const;
    zoo::EncoderKind kind() const;

    Session& m_session;
    QComboBox* m_zoo;
    QLabel* m_zooReason; ///< why some zoos cannot be chosen
    QComboBox* m_encoder;
    QLabel* m_reads;
    QComboBox* m_preset;
    QLabel* m_sizes;
    QSpinBox* m_steps;
    QSpinBox* m_batch;
    QLineEdit* m_rate;
    QSpinBox* m_seed;
    QCheckBox* m_endToEnd;
    QLineEdit* m_output;
    QLabel* m_problem;
    QPushButton* m_start = nullptr;
    bool m_ownOutput = false; ///< the user has named a file
    double m_finalShare = 1.0; ///< final learning rate over the first, of the preset
};

} // namespace rnnscope::ui
