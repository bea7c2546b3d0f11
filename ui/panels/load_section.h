#pragma once

#include "core/weights/load.h"

#include <QWidget>

#include <optional>

class QLabel;
class QScrollArea;
class QToolButton;

namespace rnnscope::ui {

/// What was made of the weight file that the current network comes from; the tensors' names are unfolded on demand.
class LoadSection : public QWidget
{
    Q_OBJECT
public:
    explicit LoadSection(QWidget* parent = nullptr);

    void showReport(const std::optional<weights::LoadReport>& report); ///< none: hidden

protected:
    void changeEvent(QEvent* event) override;

private:
    void unfold(bool open);

    QToolButton* m_toggle;
    QLabel* m_summary;
    QLabel* m_warning;
    QLabel* m_details;
    QScrollArea* m_scroll;
    std::optional<std::filesystem::path> m_file; ///< whose report is shown
};

} // namespace rnnscope::ui
