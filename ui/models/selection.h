#pragma once

#include <QObject>

#include <cstddef>
#include <optional>
#include <vector>

namespace rnnscope::ui {

/// The one selection, focus and hover shared by every view. Ids are rows of the session's map.
class Selection : public QObject
{
    Q_OBJECT
public:
    using Id = std::size_t;
    explicit Selection(QObject* parent = nullptr);

    const std::vector<Id>& ids() const { return m_ids; } ///< ascending, unique
    bool contains(Id id) const;
    /// The network the panels show: the one clicked last; always among ids() when that is not empty.
    std::optional<Id> current() const { return m_current; }
    std::optional<Id> hovered() const { return m_hovered; }

    void set(std::vector<Id> ids); ///< current stays when still selected, else the first
    void set(std::vector<Id> ids, std::optional<Id> current);
    void select(Id id); ///< only this one, which becomes current
    void toggle(Id id); ///< added ones become current
    void add(const std::vector<Id>& ids);
    void subtract(const std::vector<Id>& ids);
    void clear();
    void setHovered(std::optional<Id> id);

Q_SIGNALS:
    void changed(); ///< ids or current
    void hoverChanged();

private:
    void apply(std::vector<Id> ids, std::optional<Id> current);

    std::vector<Id> m_ids;
    std::optional<Id> m_current;
    std::optional<Id> m_hovered;
};

/// How many networks are shown beside each other.
inline constexpr std::size_t kMostCompared = 4;

/// The first kMostCompared of the selected networks, the current one always among them; ascending.
std::vector<Selection::Id> comparedIds(const Selection& selection);

} // namespace rnnscope::ui
