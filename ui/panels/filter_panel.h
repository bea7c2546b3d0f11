#pragma once

#include "ui/models/filter.h"

#include <QWidget>

#include <memory>
#include <vector>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace rnnscope::ui {

class CategoryBars;
class HistogramBrush;

/// A brush for every property, and for split, trust and zoo. They combine; one click shows all networks again.
class FilterPanel : public QWidget
{
    Q_OBJECT
public:
    explicit FilterPanel(Filter& filter, QWidget* parent = nullptr);

private:
    struct Brush
    {
        QString field;
        HistogramBrush* histogram = nullptr; ///< one of the two
        CategoryBars* categories = nullptr;
    };

    void rebuild();
    void add(const FieldChoice& choice);
    void addHistogram(const FieldChoice& choice, const Field& field);
    void addCategories(const FieldChoice& choice, const Field& field);
    void refresh();
    void refresh(const Brush& brush);

    Filter& m_filter;
    QLabel* m_count;
    QPushButton* m_clear;
    QLabel* m_hint;
    QVBoxLayout* m_list;
    std::vector<Brush> m_brushes;
    std::shared_ptr<const EmbeddedZoo> m_built; ///< what the brushes are of
};

} // namespace rnnscope::ui
