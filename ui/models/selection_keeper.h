#pragma once

#include "ui/models/selection.h"
#include "ui/models/session.h"

#include <QObject>

#include <memory>
#include <vector>

namespace rnnscope::ui {

/// Carries the selection over when the rows of the map change: what is selected are networks of their zoos. Dropped
/// files are selected once they are on the map. To be made before the views, so that they never see rows that mean
/// other networks.
class SelectionKeeper : public QObject
{
    Q_OBJECT
public:
    SelectionKeeper(Session& session, Selection& selection, QObject* parent = nullptr);

    /// Selects the first network of the zoo as soon as it is on the map and embedded.
    void selectFirstOf(std::shared_ptr<const zoo::Zoo> zoo);

Q_SIGNALS:
    void selectedArrival(std::size_t row); ///< of the map

private:
    void carry();
    void selectArrival();

    Session& m_session;
    Selection& m_selection;
    std::shared_ptr<const EmbeddedZoo> m_shown; ///< whose rows the selection means
    std::shared_ptr<const zoo::Zoo> m_arriving;
};

} // namespace rnnscope::ui
