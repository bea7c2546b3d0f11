#pragma once

#include <QWidget>

class QPainter;

namespace rnnscope::ui {

class LoadSection;
class NetworkView;
class Selection;
class Session;

/// The selected network: property, actual, predicted; nearest networks. Several selected: mean and spread. Of one from
/// a weight file, what was made of the file.
class NetworkPanel : public QWidget
{
    Q_OBJECT
public:
    NetworkPanel(Session& session, Selection& selection, QWidget* parent = nullptr);
    void render(QPainter& painter, const QSize& size, bool light) const;

private:
    void refresh();

    Session& m_session;
    Selection& m_selection;
    NetworkView* m_view;
    LoadSection* m_load; ///< of networks from weight files
};

} // namespace rnnscope::ui
