#include "ui/panels/file_list.h"

#include "ui/panels/file_delegate.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QTextDocument>

#include <algorithm>

namespace rnnscope::ui {

FileList::FileList(const QString& name, const QString& accessibleName, QWidget* parent)
    : QListWidget(parent)
{
    setObjectName(name);
    setAccessibleName(accessibleName);
    setItemDelegate(new FileDelegate(this));
    setMouseTracking(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setFrameShape(QFrame::NoFrame);
}

QListWidgetItem* FileList::addRow(const QString& text, const QString& right, std::size_t index)
{
    auto* item = new QListWidgetItem(text, this);
    item->setData(RightRole, right);
    item->setData(IndexRole, static_cast<qulonglong>(index));
    item->setData(Qt::AccessibleTextRole, right.isEmpty() ? text : text + QStringLiteral(", ") + right);
    return item;
}

void FileList::setTip(QListWidgetItem& item, const QString& text)
{
    item.setToolTip(Qt::convertFromPlainText(text, Qt::WhiteSpaceNormal));
    item.setData(Qt::AccessibleDescriptionRole, text);
}

void FileList::fitHeight()
{
    constexpr int kMostRows = 50; // the pane scrolls; a bar of its own only where that would be endless
    int height = 0;
    for (int row = 0; row < std::min(count(), kMostRows); ++row)
        height += sizeHintForRow(row);
    setFixedHeight(height);
    setVisible(count() > 0);
}

std::size_t FileList::indexOf(const QListWidgetItem& item)
{
    return static_cast<std::size_t>(item.data(IndexRole).toULongLong());
}

void FileList::toggle(QListWidgetItem& item)
{
    if (item.data(Qt::CheckStateRole).isValid())
        Q_EMIT toggled(indexOf(item), item.checkState() != Qt::Checked);
}

void FileList::keyPressEvent(QKeyEvent* event)
{
    auto* item = currentItem();
    if (item == nullptr)
        return QListWidget::keyPressEvent(event);
    switch (event->key()) {
    case Qt::Key_Space:
        return toggle(*item);
    case Qt::Key_Return:
    case Qt::Key_Enter:
        Q_EMIT chosen(indexOf(*item));
        return;
    case Qt::Key_Delete:
        if (item->data(ClosableRole).toBool())
            Q_EMIT closeAsked(indexOf(*item));
        return;
    default:
        QListWidget::keyPressEvent(event);
    }
}

void FileList::mouseReleaseEvent(QMouseEvent* event)
{
    QListWidget::mouseReleaseEvent(event);
    const auto at = event->position().toPoint();
    auto* item = itemAt(at);
    if (event->button() != Qt::LeftButton || item == nullptr)
        return;
    const auto index = indexFromItem(item);
    const auto row = visualItemRect(item);
    if (FileDelegate::checkBox(row, index).adjusted(-4, -4, 4, 4).contains(at))
        return toggle(*item);
    if (FileDelegate::cross(row, index).adjusted(-4, -4, 4, 4).contains(at) && item->data(ClosableRole).toBool()) {
        Q_EMIT closeAsked(indexOf(*item));
        return;
    }
    Q_EMIT chosen(indexOf(*item));
}

} // namespace rnnscope::ui
