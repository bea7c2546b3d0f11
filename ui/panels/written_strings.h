#pragma once

#include "ui/models/behaviour.h"

#include <QTableWidget>

#include <optional>

class QPainter;

namespace rnnscope::ui {

struct Theme;

/// Strings that a network and its emulator write: how often, whether they belong to the language, and what they are.
class WrittenStrings : public QTableWidget
{
    Q_OBJECT
public:
    explicit WrittenStrings(QWidget* parent = nullptr);
    void showBehaviour(const Behaviour& behaviour);
    const std::optional<Behaviour>& behaviour() const { return m_behaviour; }
    /// The summary and as many strings as there is room for.
    void paint(QPainter& painter, const QRectF& area, const Theme& theme) const;

Q_SIGNALS:
    void chosen(const QString& string); ///< without its end

protected:
    void changeEvent(QEvent* event) override;

private:
    void fill();

    std::optional<Behaviour> m_behaviour;
};

/// "98.2 % of 500 strings belong to a^n b^n c^n; the emulator's: 97.0 %". Rich text.
QString summaryHtml(const Behaviour& behaviour);

} // namespace rnnscope::ui
