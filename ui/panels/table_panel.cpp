#include "ui/panels/table_panel.h"

#include "ui/panels/network_table_model.h"

#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QMenu>
#include <QScopedValueRollback>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <numeric>

namespace rnnscope::ui {

TablePanel::TablePanel(Filter& filter, Selection& selection, QWidget* parent)
    : QWidget(parent)
    , m_filter(filter)
    , m_selection(selection)
    , m_model(new NetworkTableModel(filter, this))
    , m_table(new QTableView)
    , m_hint(new QLabel)
{
    build();
    connect(m_model, &QAbstractItemModel::modelReset, this, [this] {
        fitColumns();
        refreshHint();
        showSelection();
    });
    connect(&m_selection, &Selection::changed, this, &TablePanel::showSelection);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &TablePanel::readSelection);
    connect(m_table, &QTableView::activated, this,
            [this](const QModelIndex& index) { Q_EMIT activated(m_model->networkAt(index.row())); });
    connect(m_table->horizontalHeader(), &QWidget::customContextMenuRequested, this, &TablePanel::chooseColumns);
    refreshHint();
    showSelection();
}

void TablePanel::build()
{
    m_hint->setObjectName(QStringLiteral("mutedText"));
    m_hint->setContentsMargins(4, 8, 12, 8);
    m_table->setObjectName(QStringLiteral("networkTable"));
    m_table->setAccessibleName(tr("Networks"));
    m_table->setModel(m_model);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(0, Qt::AscendingOrder);
    m_table->setShowGrid(false);
    m_table->setTabKeyNavigation(false); // arrows go through the cells, Tab goes on
    m_table->setWordWrap(false);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setDefaultSectionSize(QFontMetrics(font()).height() + 6);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setSectionsMovable(true);
    m_table->horizontalHeader()->setContextMenuPolicy(Qt::CustomContextMenu);
    constexpr int kSampled = 50; // rows that decide how wide a column is
    m_table->horizontalHeader()->setResizeContentsPrecision(kSampled);
    m_table->installEventFilter(this);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_hint);
    layout->addWidget(m_table, 1);
}

void TablePanel::refreshHint()
{
    m_hint->setText(m_filter.count() == 0 ? tr("A line for every network of the map appears here")
                                          : tr("No network meets all filters"));
    m_hint->setVisible(m_model->rowCount() == 0);
    m_table->setVisible(m_model->rowCount() > 0);
}

void TablePanel::fitColumns()
{
    const auto zoo = m_filter.networks() ? m_filter.networks()->zoo : nullptr;
    if (!zoo || zoo == m_fitted || m_model->rowCount() == 0)
        return;
    m_fitted = zoo;
    m_table->resizeColumnsToContents();
    const QFontMetrics metrics(m_table->font());
    const int names = metrics.horizontalAdvance(QStringLiteral("run 9 999 \u00b7 step 20 000")); // the first are short
    m_table->setColumnWidth(0, std::max(m_table->columnWidth(0), names + 16));
}

/// As few ranges as there are stretches of selected rows.
void TablePanel::showSelection()
{
    if (m_following)
        return;
    const QScopedValueRollback following(m_following, true);
    std::vector<int> rows;
    for (const auto id : m_selection.ids())
        if (const auto row = m_model->rowOf(id))
            rows.push_back(*row);
    std::sort(rows.begin(), rows.end());
    QItemSelection selection;
    const int last = m_model->columnCount() - 1;
    for (std::size_t i = 0; i < rows.size();) {
        std::size_t end = i + 1;
        while (end < rows.size() && rows[end] == rows[end - 1] + 1)
            ++end;
        selection.append(QItemSelectionRange(m_model->index(rows[i], 0), m_model->index(rows[end - 1], last)));
        i = end;
    }
    m_table->selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
    const auto current = m_selection.current() ? m_model->rowOf(*m_selection.current()) : std::nullopt;
    if (!current)
        return;
    const auto index = m_model->index(*current, 0);
    m_table->selectionModel()->setCurrentIndex(index, QItemSelectionModel::NoUpdate);
    m_table->scrollTo(m_model->index(*current, std::max(0, m_table->columnAt(0))));
}

void TablePanel::readSelection()
{
    if (m_following)
        return;
    const QScopedValueRollback following(m_following, true);
    std::vector<Selection::Id> ids;
    for (const auto& range : m_table->selectionModel()->selection())
        for (int row = range.top(); row <= range.bottom(); ++row)
            ids.push_back(m_model->networkAt(row));
    for (const auto id : m_selection.ids()) // hidden ones stay selected
        if (!m_model->rowOf(id) && QApplication::keyboardModifiers().testFlag(Qt::ControlModifier))
            ids.push_back(id);
    const auto current = m_table->selectionModel()->currentIndex();
    std::sort(ids.begin(), ids.end());
    const auto network
        = current.isValid() ? std::optional(Selection::Id {m_model->networkAt(current.row())}) : std::nullopt;
    m_selection.set(std::move(ids), network);
}

void TablePanel::chooseColumns(const QPoint& at)
{
    auto* header = m_table->horizontalHeader();
    QMenu menu;
    for (int column = 1; column < m_model->columnCount(); ++column) {
        auto* action = menu.addAction(m_model->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
        action->setCheckable(true);
        action->setChecked(!header->isSectionHidden(column));
        connect(action, &QAction::toggled, this,
                [header, column](bool shown) { header->setSectionHidden(column, !shown); });
    }
    menu.exec(header->mapToGlobal(at));
}

std::vector<int> TablePanel::wantedRows() const
{
    std::vector<int> rows;
    for (const auto& range : m_table->selectionModel()->selection())
        for (int row = range.top(); row <= range.bottom(); ++row)
            rows.push_back(row);
    if (rows.empty()) {
        rows.resize(static_cast<std::size_t>(m_model->rowCount()));
        std::iota(rows.begin(), rows.end(), 0);
    }
    std::sort(rows.begin(), rows.end());
    return rows;
}

std::vector<int> TablePanel::visibleColumns() const
{
    std::vector<int> columns;
    const auto* header = m_table->horizontalHeader();
    for (int visual = 0; visual < header->count(); ++visual)
        if (const int column = header->logicalIndex(visual); !header->isSectionHidden(column))
            columns.push_back(column);
    return columns;
}

void TablePanel::copy() const
{
    QApplication::clipboard()->setText(m_model->text(wantedRows(), visibleColumns(), QLatin1Char('\t')));
}

QByteArray TablePanel::csv() const
{
    return m_model->text(wantedRows(), visibleColumns(), QLatin1Char(',')).toUtf8();
}

bool TablePanel::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_table && event->type() == QEvent::KeyPress
        && static_cast<QKeyEvent*>(event)->matches(QKeySequence::Copy)) {
        copy();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace rnnscope::ui
