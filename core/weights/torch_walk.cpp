#include "core/base/printable.h"
#include "core/weights/torch_pickle.h"

#include <algorithm>
#include <unordered_map>

// Finds the tensors in a pickle's containers and names them by the way to them.
namespace rnnscope::weights {

namespace {

constexpr std::size_t kDeepest = 100;
constexpr std::size_t kLongestName = 1000;
/// Containers may be shared, so there can be far more ways than containers.
constexpr std::size_t kMostSteps = std::size_t {4} << 20U;
constexpr int kMostWrappers = 16;

class Walk
{
public:
    Walk(Pickle& pickle, TorchDialect dialect, const std::string& where, TorchStorages storages)
        : m_pickle(pickle)
        , m_dialect(dialect)
        , m_where(where)
        , m_storages(std::move(storages))
    {
    }

    Result<TorchTensors> run();

private:
    std::optional<TorchMeaning> meaning(PickleId call) const;
    bool isTensor(PickleId id) const;
    bool isContainer(PickleId id) const;
    /// What stands behind wrappers: a dictionary for an OrderedDict, a tensor for a Parameter.
    PickleId behind(PickleId id) const;
    void gatherPairs();
    void markLeading();

    Result<void> visit(PickleId id, const std::string& name, std::size_t depth);
    Result<void> enter(PickleId id, const std::string& name, std::size_t depth);
    Result<void> add(PickleId call, const std::string& name);
    const std::vector<std::size_t>& leadingKeys(PickleId dict);
    std::string keyText(PickleId key, std::size_t place) const;
    tl::unexpected<Error> wrong(const std::string& what) const
    {
        return fail(Errc::BadFormat, fmt::format("{} {}", m_where, what));
    }

    Pickle& m_pickle;
    TorchDialect m_dialect;
    const std::string& m_where;
    TorchStorages m_storages;
    TorchTensors m_found;
    std::unordered_map<PickleId, PickleId> m_pairs; ///< list of pairs -> dictionary
    std::unordered_map<PickleId, std::vector<std::size_t>> m_keys; ///< of dictionaries that were entered
    std::vector<bool> m_leading; ///< containers with a tensor somewhere below
    std::vector<bool> m_entered; ///< those on the way to where we are
    std::size_t m_steps = 0;
};

std::optional<TorchMeaning> Walk::meaning(PickleId call) const
{
    if (m_pickle[call].kind != PickleKind::Call)
        return std::nullopt;
    const PickleValue& callee = m_pickle[m_pickle.part(call, kCallee)];
    const auto global = torchGlobal(callee.text, m_dialect);
    return global && callee.kind == PickleKind::Global ? std::optional(global->meaning) : std::nullopt;
}

bool Walk::isTensor(PickleId id) const
{
    const auto of = meaning(id);
    return of == TorchMeaning::Tensor || of == TorchMeaning::TypedTensor || of == TorchMeaning::WrappedTensor;
}

bool Walk::isContainer(PickleId id) const
{
    const PickleKind kind = m_pickle[id].kind;
    return kind == PickleKind::Tuple || kind == PickleKind::List || kind == PickleKind::Dict;
}

PickleId Walk::behind(PickleId id) const
{
    for (int wrappers = 0; wrappers < kMostWrappers; ++wrappers) {
        const auto of = meaning(id);
        if (!of)
            return id;
        const PickleId first = m_pickle.part(m_pickle.part(id, kArguments), 0);
        if (of == TorchMeaning::FirstArgument) {
            id = first;
        } else if (of == TorchMeaning::Attributes) {
            id = m_pickle.part(id, kState);
        } else if (of == TorchMeaning::Mapping) {
            if (const PickleId items = m_pickle.part(id, kItems); items != kNothing)
                return items;
            const auto pairs = m_pairs.find(first);
            return pairs != m_pairs.end() ? pairs->second : m_pickle[first].kind == PickleKind::Dict ? first : kNothing;
        } else {
            return id;
        }
    }
    return kNothing;
}

/// Python 2 wrote OrderedDict([[key, value], …]).
void Walk::gatherPairs()
{
    const auto count = static_cast<PickleId>(m_pickle.values.size());
    for (PickleId id = 0; id < count; ++id) {
        if (meaning(id) != TorchMeaning::Mapping)
            continue;
        const PickleId list = m_pickle.part(m_pickle.part(id, kArguments), 0);
        if (m_pickle[list].kind != PickleKind::List || m_pairs.contains(list))
            continue;
        PickleValue dict {.kind = PickleKind::Dict};
        for (const PickleId pair : m_pickle[list].parts)
            if (m_pickle[pair].parts.size() == 2)
                dict.parts.insert(dict.parts.end(), m_pickle[pair].parts.begin(), m_pickle[pair].parts.end());
        m_pairs.emplace(list, static_cast<PickleId>(m_pickle.values.size()));
        m_pickle.values.push_back(std::move(dict));
    }
}

/// Marks what leads to a tensor, from the tensors up, so that nothing else is ever walked.
void Walk::markLeading()
{
    const std::size_t count = m_pickle.values.size();
    m_leading.assign(count, false);
    m_entered.assign(count, false);
    std::vector<std::pair<PickleId, PickleId>> holders; // what is held, by which container
    for (PickleId id = 0; id < count; ++id)
        if (isContainer(id))
            for (const PickleId part : m_pickle[id].parts)
                if (const PickleId inner = behind(part); isContainer(inner) || isTensor(inner))
                    holders.emplace_back(inner, id);
    std::sort(holders.begin(), holders.end());
    std::vector<PickleId> todo;
    for (PickleId id = 0; id < count; ++id)
        if (isTensor(id))
            todo.push_back(id);
    for (; !todo.empty();) {
        const PickleId id = todo.back();
        todo.pop_back();
        if (m_leading[id])
            continue;
        m_leading[id] = true;
        for (auto at = std::lower_bound(holders.begin(), holders.end(), std::pair(id, PickleId {0}));
             at != holders.end() && at->first == id; ++at)
            todo.push_back(at->second);
    }
}

Result<TorchTensors> Walk::run()
{
    gatherPairs();
    markLeading();
    if (auto done = visit(m_pickle.root, {}, 0); !done)
        return forward(done);
    m_found.storages = std::move(m_storages.storages());
    return std::move(m_found);
}

Result<void> Walk::visit(PickleId wrapped, const std::string& name, std::size_t depth)
{
    const PickleId id = behind(wrapped);
    if (!m_leading[id] || m_entered[id])
        return {};
    if (isTensor(id))
        return add(id, name.empty() ? "tensor" : name);
    if (depth == kDeepest)
        return wrong(fmt::format("has a tensor inside over {} containers", kDeepest));
    m_steps += m_pickle[id].parts.size();
    if (m_steps > kMostSteps)
        return wrong("has containers that share each other too often");
    m_entered[id] = true;
    auto done = enter(id, name, depth);
    m_entered[id] = false;
    return done;
}

Result<void> Walk::enter(PickleId id, const std::string& name, std::size_t depth)
{
    const auto step = [&](PickleId part, const std::string& key) -> Result<void> {
        if (name.size() + key.size() > kLongestName)
            return wrong(fmt::format("has a name of over {} characters: {}", kLongestName, printable(name + key)));
        return visit(part, name.empty() ? key : name + '.' + key, depth + 1);
    };
    const auto& parts = m_pickle[id].parts;
    if (m_pickle[id].kind == PickleKind::Dict) {
        for (const std::size_t place : leadingKeys(id))
            if (auto done = step(parts[place + 1], keyText(parts[place], place / 2)); !done)
                return done;
        return {};
    }
    for (std::size_t i = 0; i < parts.size(); ++i)
        if (m_leading[behind(parts[i])])
            if (auto done = step(parts[i], std::to_string(i)); !done)
                return done;
    return {};
}

/// Places of the keys that lead on. Of two equal ones the last counts, as in Python.
const std::vector<std::size_t>& Walk::leadingKeys(PickleId dict)
{
    const auto [at, isNew] = m_keys.try_emplace(dict);
    if (!isNew)
        return at->second;
    const auto& parts = m_pickle[dict].parts;
    std::unordered_map<std::string_view, std::size_t> last;
    for (std::size_t place = 0; place + 1 < parts.size(); place += 2)
        if (m_pickle[parts[place]].kind == PickleKind::Text)
            last[m_pickle[parts[place]].text] = place;
    std::vector<std::size_t>& places = at->second;
    for (std::size_t place = 0; place + 1 < parts.size(); place += 2) {
        const PickleValue& key = m_pickle[parts[place]];
        if (m_leading[behind(parts[place + 1])] && (key.kind != PickleKind::Text || last[key.text] == place))
            places.push_back(place);
    }
    return places;
}

std::string Walk::keyText(PickleId key, std::size_t place) const
{
    const PickleValue& value = m_pickle[key];
    if (value.kind == PickleKind::Text)
        return std::string(value.text);
    return std::to_string(value.kind == PickleKind::Integer ? value.number : static_cast<std::int64_t>(place));
}

Result<void> Walk::add(PickleId call, const std::string& name)
{
    if (m_found.infos.size() == kMostTensors)
        return wrong(fmt::format("has over {} tensors", kMostTensors));
    auto tensor = torchTensor(m_pickle, call, m_storages, m_dialect);
    if (!tensor)
        return fail(tensor.error().code,
                    fmt::format("{}: the tensor {} {}", m_where, printable(name), tensor.error().message));
    tensor->first.name = name;
    auto& storage = m_storages.storages()[tensor->second.storage];
    storage.user = std::min(storage.user, m_found.infos.size());
    m_found.infos.push_back(std::move(tensor->first));
    m_found.views.push_back(std::move(tensor->second));
    return {};
}

} // namespace

Result<TorchTensors> torchTensors(Pickle& pickle, TorchDialect dialect, const std::string& where)
{
    auto storages = TorchStorages::read(pickle, dialect, where);
    if (!storages)
        return forward(storages);
    return Walk(pickle, dialect, where, std::move(*storages)).run();
}

} // namespace rnnscope::weights
