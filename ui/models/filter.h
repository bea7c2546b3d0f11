#pragma once

#include "core/base/result.h"
#include "ui/models/embedded_zoo.h"
#include "ui/models/fields.h"

#include <QObject>
#include <QString>
#include <QStringList>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace rnnscope::ui {

/// Which networks of the map are shown: those that meet all conditions. Shared by every view. Conditions name fields
/// (fields.h), so they stay when the map changes, and rest while it has no such field.
class Filter : public QObject
{
    Q_OBJECT
public:
    struct Interval
    {
        double low = 0.0;
        double high = 0.0; ///< included, as is low
        bool operator==(const Interval&) const = default;
    };
    struct State
    {
        std::map<QString, Interval> intervals; ///< by field; networks of unknown value are not shown
        std::map<QString, QStringList> hidden; ///< by field, names of categories
        QString expression; ///< expression.h
        bool operator==(const State&) const = default;
    };

    explicit Filter(QObject* parent = nullptr);
    ~Filter() override;

    /// The map whose rows are asked about; null: none.
    void setNetworks(std::shared_ptr<const EmbeddedZoo> networks);
    const std::shared_ptr<const EmbeddedZoo>& networks() const { return m_networks; }
    const std::vector<FieldChoice>& fields() const { return m_fields; } ///< of the map
    /// Numbers of a field of the map, computed once.
    const Field& field(const QString& id) const;

    const State& state() const { return m_state; }
    void setState(const State& state);
    void setInterval(const QString& field, std::optional<Interval> interval);
    void setHidden(const QString& field, const QStringList& categories);
    /// BadValue, and nothing changes, when it cannot be understood. Empty: none.
    Result<void> setExpression(const QString& text);
    void clear() { setState({}); }

    bool active() const { return m_state != State {}; }
    std::size_t count() const { return m_failing.size(); } ///< networks of the map
    std::size_t shownCount() const { return m_shownCount; }
    bool shows(std::size_t row) const { return m_failing.empty() || m_failing[row] == 0; }
    std::vector<std::uint8_t> shown() const; ///< [N] 1: shown
    /// [N] 1: shown but for the conditions on this field.
    std::vector<std::uint8_t> shownBut(const QString& field) const;

Q_SIGNALS:
    void changed(); ///< which networks are shown, or the conditions
    void networksChanged(); ///< other networks or fields; changed() follows

private:
    using Rows = std::vector<std::uint8_t>; ///< [N] 1: fails the condition

    Rows failing(const QString& field, const State& state) const;
    Result<Rows> failingExpression(const QString& text) const;
    void set(const State& state); ///< an understood one
    void replace(const QString& condition, Rows rows);

    std::shared_ptr<const EmbeddedZoo> m_networks;
    std::vector<FieldChoice> m_fields;
    mutable std::map<QString, Field> m_values;
    State m_state;
    std::map<QString, Rows> m_conditions; ///< by field; that of the expression by ""
    std::vector<std::uint16_t> m_failing; ///< [N] how many conditions a network fails
    std::size_t m_shownCount = 0;
};

} // namespace rnnscope::ui
