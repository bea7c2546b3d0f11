#pragma once

#include <QLineEdit>
#include <QTimer>

namespace rnnscope::ui {

class Filter;

/// A line to type a condition of the filter into (expression.h). What is understood is shown at once; what is not
/// changes nothing, and the reason is told a moment after the last key, at once on Enter. Esc empties it.
class ExpressionField : public QLineEdit
{
    Q_OBJECT
public:
    explicit ExpressionField(Filter& filter, QWidget* parent = nullptr);

    QSize sizeHint() const override;
    QString problem() const { return m_problem; } ///< one sentence; empty: understood

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void apply();
    void follow();
    void setProblem(const QString& problem);
    void offerNames();

    Filter& m_filter;
    QString m_problem;
    QTimer m_pause;
};

} // namespace rnnscope::ui
