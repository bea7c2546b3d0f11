#pragma once

#include "ui/plots/theme.h"

#include <QIcon>
#include <QString>

class QApplication;

namespace rnnscope::ui {

enum class ThemeChoice { System, Light, Dark };

/// Fusion with the palette and a small style sheet of one of the two themes. Made once, before any window, so that it
/// still sees the system's own palette.
class ApplicationStyle
{
public:
    explicit ApplicationStyle(QApplication& application);

    ThemeChoice choice() const { return m_choice; }
    void setChoice(ThemeChoice choice);
    Theme theme() const;

private:
    QApplication& m_application;
    bool m_systemIsDark;
    ThemeChoice m_choice = ThemeChoice::System;
};

/// One of resources/icons in this colour, `checked` when on; sharp at any scale.
QIcon themedIcon(const QString& name, const QColor& colour, const QColor& checked);

} // namespace rnnscope::ui
