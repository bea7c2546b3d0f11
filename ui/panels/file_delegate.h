#pragma once

#include <QStyledItemDelegate>

namespace rnnscope::ui {

/// Draws the rows of a FileList.
class FileDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;

    /// Where things are in a row; null rectangles for what it has not got.
    static QRect checkBox(const QRect& row, const QModelIndex& index);
    static QRect cross(const QRect& row, const QModelIndex& index);
};

} // namespace rnnscope::ui
