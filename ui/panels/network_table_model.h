#pragma once

#include "ui/models/filter.h"

#include <QAbstractTableModel>

#include <cstddef>
#include <optional>
#include <vector>

namespace rnnscope::ui {

/// The networks that the filter shows: name, then every field. Sorted by any column; unknown values come last whichever
/// way.
class NetworkTableModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    explicit NetworkTableModel(Filter& filter, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    void sort(int column, Qt::SortOrder order) override;

    std::size_t networkAt(int row) const { return m_order[static_cast<std::size_t>(row)]; } ///< row of the map
    /// Where a network of the map stands; none when the filter hides it.
    std::optional<int> rowOf(std::size_t network) const;
    /// The cells of these rows with the heads of the columns, separated; numbers in full. As RFC 4180 has it: what
    /// holds a separator, a quote or a line break is quoted.
    QString text(const std::vector<int>& rows, const std::vector<int>& columns, QChar separator) const;

private:
    void reset();
    void fill();
    void arrange();
    const Field& field(int column) const;
    QString cell(std::size_t network, int column, bool full) const;

    Filter& m_filter;
    std::vector<FieldChoice> m_fields;
    std::vector<std::size_t> m_order; ///< networks in order of rows
    std::vector<int> m_rows; ///< [N] of every network; -1: hidden
    int m_sortColumn = 0;
    Qt::SortOrder m_sortOrder = Qt::AscendingOrder;
};

} // namespace rnnscope::ui
