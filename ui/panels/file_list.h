#pragma once

#include <QListWidget>

#include <cstddef>

namespace rnnscope::ui {

/// What a row of a FileList shows besides its text. All text is plain.
enum FileRole {
    ColourRole = Qt::UserRole, ///< of the mark; invalid: a ring, filled when current
    ShapeRole, ///< of the mark, as in ui/plots/zoo_marks.h
    RightRole, ///< muted text on the right
    SecondRole, ///< muted text below; empty: none
    CurrentRole,
    MutedRole,
    ClosableRole, ///< a cross on the right
    IndexRole,
};

/// Open files: a mark, a name, muted text on the right; with a check box where the item has a check state, with a cross
/// where it can be closed. As high as its rows, up to a dozen.
class FileList : public QListWidget
{
    Q_OBJECT
public:
    FileList(const QString& name, const QString& accessibleName, QWidget* parent = nullptr);

    QListWidgetItem* addRow(const QString& text, const QString& right, std::size_t index);
    /// Plain, whatever is in it.
    static void setTip(QListWidgetItem& item, const QString& text);
    void fitHeight();
    static std::size_t indexOf(const QListWidgetItem& item);

Q_SIGNALS:
    void chosen(std::size_t index);
    void toggled(std::size_t index, bool checked);
    void closeAsked(std::size_t index);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;

private:
    void toggle(QListWidgetItem& item);
};

} // namespace rnnscope::ui
