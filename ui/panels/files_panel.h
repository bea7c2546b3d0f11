#pragma once

#include <QWidget>

#include <cstddef>
#include <memory>

class QLabel;

namespace rnnscope::zoo {
struct Zoo;
}

namespace rnnscope::ui {

class FileList;
class Session;

/// Open zoos with their sizes and whether they are on the map, dropped files, and encoder checkpoints with whether they
/// fit the current zoo. Click or Enter chooses, Space shows and hides, Delete closes a dropped file.
class FilesPanel : public QWidget
{
    Q_OBJECT
public:
    explicit FilesPanel(Session& session, QWidget* parent = nullptr);

Q_SIGNALS:
    void droppedChosen(std::shared_ptr<const zoo::Zoo> zoo);

private:
    void connectLists();
    void refresh();
    void fillZoos();
    void fillDropped();
    void fillCheckpoints();

    Session& m_session;
    FileList* m_zoos;
    QLabel* m_droppedHead;
    FileList* m_dropped;
    QLabel* m_encoderHead;
    FileList* m_checkpoints;
};

} // namespace rnnscope::ui
