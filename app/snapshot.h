#pragma once

#include <QSize>
#include <QString>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace rnnscope::ui {
class MainWindow;
class Session;
} // namespace rnnscope::ui

namespace rnnscope::app {

/// "1440x900"
std::optional<QSize> parseSize(const std::string& text);

struct SnapshotOptions
{
    QString path; ///< PNG
    QSize size;
    std::vector<std::size_t> select; ///< rows of the current zoo; the last one becomes current
    QString tab; ///< at the bottom; empty: as it is
};

/// Shows the window, lets `load` start the work, waits until nothing runs and writes what the window looks like.
/// Returns the exit status; what failed goes to standard error.
int takeSnapshot(ui::MainWindow& window, ui::Session& session, const std::function<void()>& load,
                 const SnapshotOptions& options);

} // namespace rnnscope::app
