#pragma once

#include <QList>

class QAction;
class QWidget;

namespace rnnscope::ui {

/// Every action that has a shortcut, in a window that stays open beside the main one.
void showShortcuts(QWidget* parent, const QList<QAction*>& actions);
void showAbout(QWidget* parent);

} // namespace rnnscope::ui
