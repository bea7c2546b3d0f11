#include "ui/models/filter.h"

#include "ui/models/expression.h"

#include <algorithm>
#include <set>
#include <utility>

namespace rnnscope::ui {

Filter::Filter(QObject* parent)
    : QObject(parent)
{
}

Filter::~Filter() = default;

void Filter::setNetworks(std::shared_ptr<const EmbeddedZoo> networks)
{
    if (networks == m_networks)
        return;
    m_networks = std::move(networks);
    m_values.clear();
    m_fields = m_networks ? fieldChoices(*m_networks->zoo, m_networks->checkpoint.get(), m_networks.get())
                          : std::vector<FieldChoice> {};
    m_conditions.clear();
    m_failing.assign(m_networks ? m_networks->zoo->size : 0, 0);
    m_shownCount = m_failing.size();
    Q_EMIT networksChanged();
    set(std::exchange(m_state, {}));
}

const Field& Filter::field(const QString& id) const
{
    static const Field kNone;
    if (!m_networks)
        return kNone;
    const auto known = m_values.find(id);
    return known != m_values.end() ? known->second : m_values.emplace(id, fieldOf(*m_networks, id)).first->second;
}

void Filter::setState(const State& state)
{
    auto usable = state;
    if (!failingExpression(state.expression))
        usable.expression = m_state.expression;
    if (usable != m_state)
        set(usable);
}

void Filter::setInterval(const QString& field, std::optional<Interval> interval)
{
    auto state = m_state;
    if (interval)
        state.intervals[field] = *interval;
    else
        state.intervals.erase(field);
    if (state != m_state)
        set(state);
}

void Filter::setHidden(const QString& field, const QStringList& categories)
{
    auto state = m_state;
    if (categories.isEmpty())
        state.hidden.erase(field);
    else
        state.hidden[field] = categories;
    if (state != m_state)
        set(state);
}

Result<void> Filter::setExpression(const QString& text)
{
    auto state = m_state;
    state.expression = text.trimmed();
    if (const auto understood = failingExpression(state.expression); !understood)
        return forward(understood);
    if (state != m_state)
        set(state);
    return {};
}

Filter::Rows Filter::failing(const QString& id, const State& state) const
{
    const bool known
        = std::any_of(m_fields.begin(), m_fields.end(), [&](const FieldChoice& each) { return each.id == id; });
    if (!known)
        return {};
    const Field& values = field(id);
    Rows rows(m_failing.size(), 0);
    if (const auto at = state.intervals.find(id); at != state.intervals.end())
        for (std::size_t row = 0; row < rows.size(); ++row)
            rows[row] = !(values.values[row] >= at->second.low && values.values[row] <= at->second.high); // NaN fails
    if (const auto at = state.hidden.find(id); at != state.hidden.end()) {
        std::vector<std::uint8_t> hidden;
        for (const auto& category : values.categories)
            hidden.push_back(at->second.contains(category));
        for (std::size_t row = 0; row < rows.size(); ++row) {
            const double index = values.values[row];
            rows[row] |= index >= 0 && index < static_cast<double>(hidden.size())
                ? hidden[static_cast<std::size_t>(index)]
                : std::uint8_t {0};
        }
    }
    return rows;
}

Result<Filter::Rows> Filter::failingExpression(const QString& text) const
{
    if (text.isEmpty() || !m_networks)
        return Rows {};
    QStringList names;
    for (const auto& each : m_fields)
        names << each.name;
    const auto columns = [this](const QString& name) -> std::optional<Expression::Column> {
        const auto at = std::find_if(m_fields.begin(), m_fields.end(), [&](const auto& f) { return f.name == name; });
        if (at == m_fields.end())
            return std::nullopt;
        const Field& values = field(at->id);
        return Expression::Column {values.values, values.categories};
    };
    const auto expression = Expression::parse(text, names, columns);
    if (!expression)
        return forward(expression);
    Rows rows = expression->holds(m_failing.size());
    for (auto& row : rows)
        row = row == 0 ? 1 : 0;
    return rows;
}

void Filter::replace(const QString& condition, Rows rows)
{
    const auto count = [this](const Rows& of, int by) {
        for (std::size_t row = 0; row < of.size(); ++row)
            m_failing[row] = static_cast<std::uint16_t>(m_failing[row] + by * of[row]);
    };
    if (const auto before = m_conditions.find(condition); before != m_conditions.end()) {
        count(before->second, -1);
        m_conditions.erase(before);
    }
    if (rows.empty())
        return;
    count(rows, 1);
    m_conditions.emplace(condition, std::move(rows));
}

void Filter::set(const State& state)
{
    std::set<QString> touched;
    const auto collect = [&](const auto& before, const auto& after) {
        for (const auto& [id, value] : before)
            if (const auto at = after.find(id); at == after.end() || !(at->second == value))
                touched.insert(id);
        for (const auto& [id, value] : after)
            if (!before.contains(id))
                touched.insert(id);
    };
    collect(m_state.intervals, state.intervals);
    collect(m_state.hidden, state.hidden);
    for (const auto& id : touched) {
        const bool any = state.intervals.contains(id) || state.hidden.contains(id);
        replace(id, any ? failing(id, state) : Rows {});
    }
    if (m_state.expression != state.expression) {
        auto rows = failingExpression(state.expression);
        replace(QString(), rows ? std::move(*rows) : Rows {}); // of another map: rests
    }
    m_state = state;
    m_shownCount = static_cast<std::size_t>(std::count(m_failing.begin(), m_failing.end(), 0));
    Q_EMIT changed();
}

std::vector<std::uint8_t> Filter::shown() const
{
    std::vector<std::uint8_t> shown(m_failing.size());
    std::transform(m_failing.begin(), m_failing.end(), shown.begin(), [](auto fails) { return fails == 0; });
    return shown;
}

std::vector<std::uint8_t> Filter::shownBut(const QString& id) const
{
    const auto condition = m_conditions.find(id);
    if (condition == m_conditions.end())
        return shown();
    std::vector<std::uint8_t> shown(m_failing.size());
    for (std::size_t row = 0; row < shown.size(); ++row)
        shown[row] = m_failing[row] == condition->second[row];
    return shown;
}

} // namespace rnnscope::ui
