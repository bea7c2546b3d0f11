#include "ui/panels/network_table_model.h"

#include "ui/panels/property_text.h"
#include "ui/plots/text.h"

#include <algorithm>
#include <cmath>

namespace rnnscope::ui {

NetworkTableModel::NetworkTableModel(Filter& filter, QObject* parent)
    : QAbstractTableModel(parent)
    , m_filter(filter)
{
    connect(&m_filter, &Filter::networksChanged, this, &NetworkTableModel::reset);
    connect(&m_filter, &Filter::changed, this, [this] {
        beginResetModel(); // a brush moves most of the rows
        fill();
        endResetModel();
    });
    reset();
}

void NetworkTableModel::reset()
{
    beginResetModel();
    m_fields = m_filter.fields();
    if (m_sortColumn >= columnCount())
        m_sortColumn = 0;
    fill();
    endResetModel();
}

void NetworkTableModel::fill()
{
    m_order.clear();
    for (std::size_t network = 0; network < m_filter.count(); ++network)
        if (m_filter.shows(network))
            m_order.push_back(network);
    arrange();
}

void NetworkTableModel::arrange()
{
    const bool descending = m_sortOrder == Qt::DescendingOrder;
    if (m_sortColumn == 0) {
        std::sort(m_order.begin(), m_order.end());
        if (descending)
            std::reverse(m_order.begin(), m_order.end());
    } else {
        const auto& values = field(m_sortColumn).values;
        std::stable_sort(m_order.begin(), m_order.end(), [&](std::size_t a, std::size_t b) {
            const bool unknownA = std::isnan(values[a]);
            const bool unknownB = std::isnan(values[b]);
            if (unknownA || unknownB)
                return !unknownA && unknownB;
            return descending ? values[a] > values[b] : values[a] < values[b];
        });
    }
    m_rows.assign(m_filter.count(), -1);
    for (std::size_t row = 0; row < m_order.size(); ++row)
        m_rows[m_order[row]] = static_cast<int>(row);
}

const Field& NetworkTableModel::field(int column) const
{
    return m_filter.field(m_fields[static_cast<std::size_t>(column) - 1].id);
}

int NetworkTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_order.size());
}

int NetworkTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_fields.size()) + 1;
}

QString NetworkTableModel::cell(std::size_t network, int column, bool full) const
{
    if (column == 0)
        return networkName(placeOf(*m_filter.networks(), network));
    const Field& of = field(column);
    const double value = of.values[network];
    if (!std::isfinite(value))
        return full ? QString() : QStringLiteral("\u2013");
    if (!of.categories.isEmpty())
        return of.categories.value(static_cast<qsizetype>(value));
    if (full) {
        constexpr int kDigits = 9;
        return QString::number(value, 'g', kDigits);
    }
    return of.kind == zoo::PropertyKind::Real || of.kind == zoo::PropertyKind::Circular
        ? shortNumber(value)
        : groupedNumber(static_cast<qlonglong>(value));
}

QVariant NetworkTableModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount() || !m_filter.networks())
        return {};
    const bool words = index.column() == 0 || !field(index.column()).categories.isEmpty();
    if (role == Qt::DisplayRole)
        return cell(networkAt(index.row()), index.column(), false);
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::AlignVCenter | (words ? Qt::AlignLeft : Qt::AlignRight));
    return {};
}

QVariant NetworkTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section >= columnCount())
        return {};
    const auto* choice = section > 0 ? &m_fields[static_cast<std::size_t>(section) - 1] : nullptr;
    if (role == Qt::DisplayRole)
        return choice != nullptr ? choice->title : tr("Network");
    if (role == Qt::ToolTipRole && choice != nullptr)
        return tr("%1, in expressions %2. Click to sort").arg(choice->title, choice->name);
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(
            Qt::AlignVCenter
            | (choice == nullptr || !field(section).categories.isEmpty() ? Qt::AlignLeft : Qt::AlignRight));
    return {};
}

void NetworkTableModel::sort(int column, Qt::SortOrder order)
{
    if (column < 0 || column >= columnCount())
        return;
    Q_EMIT layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
    const auto before = persistentIndexList();
    std::vector<std::size_t> networks;
    for (const auto& index : before)
        networks.push_back(networkAt(index.row()));
    m_sortColumn = column;
    m_sortOrder = order;
    arrange();
    QModelIndexList after;
    for (std::size_t i = 0; i < networks.size(); ++i)
        after << index(m_rows[networks[i]], before[static_cast<qsizetype>(i)].column());
    changePersistentIndexList(before, after);
    Q_EMIT layoutChanged({}, QAbstractItemModel::VerticalSortHint);
}

std::optional<int> NetworkTableModel::rowOf(std::size_t network) const
{
    if (network >= m_rows.size() || m_rows[network] < 0)
        return std::nullopt;
    return m_rows[network];
}

QString NetworkTableModel::text(const std::vector<int>& rows, const std::vector<int>& columns, QChar separator) const
{
    const auto quoted = [separator](QString text) {
        const bool plain = !text.contains(separator) && !text.contains(QLatin1Char('"'))
            && !text.contains(QLatin1Char('\n')) && !text.contains(QLatin1Char('\r'));
        return plain ? text
                     : QLatin1Char('"') + text.replace(QLatin1Char('"'), QStringLiteral("\"\"")) + QLatin1Char('"');
    };
    QStringList cells;
    for (const int column : columns)
        cells << quoted(headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
    QStringList lines {cells.join(separator)};
    for (const int row : rows) {
        cells.clear();
        for (const int column : columns)
            cells << quoted(cell(networkAt(row), column, true));
        lines << cells.join(separator);
    }
    return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

} // namespace rnnscope::ui
