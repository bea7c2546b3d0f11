#pragma once

#include "core/zoo/zoo.h"
#include "ui/models/answers.h"

#include <QString>
#include <QStringList>
#include <QWidget>

#include <vector>

class QHBoxLayout;
class QLabel;
class QPainter;

namespace rnnscope::ui {

class ElidedLabel;
class HeatMapView;
struct Theme;

struct NamedAnswer
{
    QString name;
    QString note; ///< beside the name
    QString remark; ///< below
    QString tip; ///< of the remark, in full
    Answer answer;
};

/// What several networks answer to the same steps, beside each other: one scale, one cursor.
class AnswersView : public QWidget
{
    Q_OBJECT
public:
    explicit AnswersView(QWidget* parent = nullptr);

    /// `stepLabels` one per step, or empty.
    void showAnswers(zoo::TaskFamily family, const std::vector<NamedAnswer>& answers, const QStringList& stepLabels);
    void paint(QPainter& painter, const QRectF& area, const Theme& theme) const;

private:
    struct Column
    {
        QWidget* widget;
        HeatMapView* map;
        ElidedLabel* remark;
    };

    Column& addColumn();

    QHBoxLayout* m_layout;
    std::vector<Column> m_columns; ///< those that are hidden, too
};

} // namespace rnnscope::ui
