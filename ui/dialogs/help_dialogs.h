#pragma once

class QWidget;

namespace rnnscope::ui {

void showAbout(QWidget* parent);

} // namespace rnnscope::ui
