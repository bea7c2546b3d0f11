#pragma once

#include "ui/jobs/job.h"
#include "ui/models/embedded_zoo.h"

#include <QString>
#include <QWidget>

#include <memory>
#include <vector>

class QLabel;
class QPushButton;

namespace rnnscope::ui {

/// Measures the accuracy of the selected networks on the spot, by running them, and says how far the predicted one is
/// off. The button cancels while it measures.
class MeasureLine : public QWidget
{
    Q_OBJECT
public:
    explicit MeasureLine(QWidget* parent = nullptr);
    /// Of these networks of the map; hidden where there are none that could be measured.
    void setNetworks(const std::shared_ptr<const EmbeddedZoo>& shown, const std::vector<std::size_t>& rows);
    void setDigits(const QString& folder); ///< with MNIST's IDX files; asked for at the first measuring without it

private:
    struct Measured
    {
        std::vector<double> accuracies;
        double seconds = 0.0;
    };

    void press();
    void measure();
    void tell(const Result<Measured>& measured);
    void setRunning(bool running);

    QPushButton* m_button;
    QLabel* m_text;
    std::shared_ptr<const EmbeddedZoo> m_shown;
    std::vector<std::size_t> m_rows;
    QString m_digits;
    JobRunner::Id m_job = 0;
    JobRunner m_runner; ///< the last to come: it waits for its job
};

} // namespace rnnscope::ui
