#pragma once

#include <QWidget>

#include <cstddef>

class QLabel;
class QListWidget;
class QListWidgetItem;

namespace rnnscope::ui {

class Session;

/// Open zoos with their sizes and encoder checkpoints with whether they fit the current zoo. Click or Enter chooses.
class FilesPanel : public QWidget
{
    Q_OBJECT
public:
    explicit FilesPanel(Session& session, QWidget* parent = nullptr);

private:
    void refresh();
    void fillZoos();
    void fillCheckpoints();
    void choose(const QListWidgetItem* item);

    Session& m_session;
    QListWidget* m_zoos;
    QLabel* m_encoderHead;
    QListWidget* m_checkpoints;
};

/// Colour of the zoo's dot, Okabe-Ito.
QColor zooColour(std::size_t index);

} // namespace rnnscope::ui
