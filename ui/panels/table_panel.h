#pragma once

#include "ui/models/filter.h"
#include "ui/models/selection.h"

#include <QWidget>

class QLabel;
class QTableView;

namespace rnnscope::ui {

class NetworkTableModel;

/// All networks that the filter shows, a line each; the same selection as everywhere. A click on a head sorts, a right
/// click on it chooses columns, Ctrl+C copies the selected lines.
class TablePanel : public QWidget
{
    Q_OBJECT
public:
    TablePanel(Filter& filter, Selection& selection, QWidget* parent = nullptr);

    void copy() const; ///< the selected lines, or all when none is; visible columns, tab-separated
    QByteArray csv() const; ///< the same lines and columns, comma-separated
    QTableView* table() const { return m_table; }

Q_SIGNALS:
    void activated(std::size_t network); ///< double click or Enter

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void build();
    std::vector<int> wantedRows() const; ///< selected ones, or all
    std::vector<int> visibleColumns() const; ///< in the order they are shown in
    void showSelection(); ///< in the table
    void readSelection(); ///< from it
    void chooseColumns(const QPoint& at);
    void fitColumns();
    void refreshHint();

    Filter& m_filter;
    Selection& m_selection;
    NetworkTableModel* m_model;
    QTableView* m_table;
    QLabel* m_hint;
    bool m_following = false; ///< what is shown comes from the other
    std::shared_ptr<const zoo::Zoo> m_fitted; ///< whose columns have their widths
};

} // namespace rnnscope::ui
