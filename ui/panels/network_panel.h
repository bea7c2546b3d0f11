#pragma once

#include <QWidget>

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

class QPainter;

namespace rnnscope::ui {

struct EmbeddedZoo;
class NetworkView;
class Selection;
class Session;

/// The selected network: property, actual, predicted; nearest networks. Several selected: mean and spread.
class NetworkPanel : public QWidget
{
    Q_OBJECT
public:
    NetworkPanel(Session& session, Selection& selection, QWidget* parent = nullptr);
    void render(QPainter& painter, const QSize& size, bool light) const;

private:
    struct Shown
    {
        std::shared_ptr<const EmbeddedZoo> embedded; ///< a snapshot that never changes
        std::vector<std::size_t> ids;
        std::optional<std::size_t> current;
        bool operator==(const Shown&) const = default;
    };

    void refresh();

    Session& m_session;
    Selection& m_selection;
    NetworkView* m_view;
    Shown m_shown;
};

} // namespace rnnscope::ui
