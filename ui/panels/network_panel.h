#pragma once

#include "core/weights/load.h"

#include <QWidget>

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

class QPainter;

namespace rnnscope::ui {

struct EmbeddedZoo;
class LoadSection;
class MeasureLine;
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
    struct Shown
    {
        std::shared_ptr<const EmbeddedZoo> embedded; ///< a snapshot that never changes
        std::vector<std::size_t> ids;
        std::optional<std::size_t> current;
        bool operator==(const Shown&) const = default;
    };

    void refresh();
    std::optional<weights::LoadReport> reportOf(const Shown& shown) const;

    Session& m_session;
    Selection& m_selection;
    NetworkView* m_view;
    MeasureLine* m_measure;
    LoadSection* m_load; ///< of networks from weight files
    Shown m_shown;
};

} // namespace rnnscope::ui
