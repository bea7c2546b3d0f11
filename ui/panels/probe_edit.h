#pragma once

#include "core/zoo/zoo.h"
#include "ui/models/answers.h"

#include <QStringList>
#include <QWidget>

#include <optional>
#include <vector>

class QLabel;
class QLineEdit;
class QPushButton;
class QSlider;

namespace rnnscope::ui {

class DigitPad;

/// Where a person types a string or draws a digit for networks to read.
class ProbeEdit : public QWidget
{
    Q_OBJECT
public:
    explicit ProbeEdit(QWidget* parent = nullptr);

    /// Strings of so many tokens, or digits in tiles of so many pixels; what is written stays where it still can be
    /// read.
    void setReader(zoo::TaskFamily family, int inputSize);
    /// The angle that the button turns the digit to, deg; none: there is no button.
    void setTaskAngle(std::optional<double> degrees);
    void setText(const QString& text); ///< without begin and end
    void setDigit(const DigitPixels& digit); ///< and turns it no more

    bool isBlank() const; ///< nothing is drawn or typed
    OwnProbe probe() const; ///< without steps where there is nothing to read
    std::vector<int> tokens() const; ///< of a string, from begin to end; empty for digits
    QStringList stepLabels() const; ///< one per step; empty for digits

Q_SIGNALS:
    void changed();

private:
    void buildDigits();
    void openImage();

    QLineEdit* m_text;
    QWidget* m_digits;
    DigitPad* m_pad;
    QSlider* m_rotation;
    QLabel* m_angle;
    QPushButton* m_taskAngle;
    QLabel* m_problem; ///< why a picture could not be opened
    zoo::TaskFamily m_family = zoo::TaskFamily::Custom;
    int m_inputSize = 0;
    std::optional<double> m_degrees;
};

} // namespace rnnscope::ui
