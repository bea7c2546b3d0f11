#include "core/base/printable.h"
#include "core/weights/torch_pickle.h"

#include <algorithm>
#include <unordered_map>

// Persistent ids: ('storage', type, key, device, entries), and before 1.6 a view of it: (key, offset, entries).
namespace rnnscope::weights {

namespace {

constexpr std::size_t kLongestKey = 64;

Result<std::size_t> count(const Pickle& pickle, PickleId id)
{
    if (pickle[id].kind != PickleKind::Integer || pickle[id].number < 0)
        return fail(Errc::BadFormat, "whose size is no number");
    return static_cast<std::size_t>(pickle[id].number);
}

Result<std::size_t> bytesOf(const Pickle& pickle, PickleId id, const TorchType& type)
{
    const auto entries = count(pickle, id);
    std::size_t bytes = 0;
    if (!entries)
        return entries;
    if (__builtin_mul_overflow(*entries, type.size, &bytes))
        return fail(Errc::BadFormat, fmt::format("of {} entries, more than a file can hold", *entries));
    return bytes;
}

Result<void> cutView(const Pickle& pickle, PickleId view, TorchStorages::Piece& piece)
{
    const auto offset = bytesOf(pickle, pickle.part(view, 1), *piece.type);
    const auto size = bytesOf(pickle, pickle.part(view, 2), *piece.type);
    if (!offset || !size)
        return forward(offset ? size : offset);
    if (*offset > piece.size || *size > piece.size - *offset)
        return fail(Errc::BadFormat, "with a part that reaches past its end");
    piece.offset = *offset;
    piece.size = *size;
    return {};
}

} // namespace

Result<void> TorchStorages::add(const Pickle& pickle, PickleId persistent, TorchDialect dialect)
{
    const PickleId id = pickle.part(persistent, 0);
    if (pickle.isText(pickle.part(id, 0), "module"))
        return {};
    const PickleValue& key = pickle[pickle.part(id, 2)];
    const PickleValue& type = pickle[pickle.part(id, 1)];
    if (pickle[id].kind != PickleKind::Tuple || !pickle.isText(pickle.part(id, 0), "storage")
        || key.kind != PickleKind::Text || key.text.size() > kLongestKey || type.kind != PickleKind::Global)
        return fail(Errc::BadFormat, "that is described in no known way");
    const auto global = torchGlobal(type.text, dialect);
    const bool untyped = global && global->meaning == TorchMeaning::UntypedStorage;
    if (!global || (!untyped && global->meaning != TorchMeaning::Storage))
        return fail(Errc::BadFormat, fmt::format("of type {}, which is none of a storage", printable(type.text)));

    Piece piece {.storage = m_storages.size(), .type = global->type, .untyped = untyped};
    const auto size = bytesOf(pickle, pickle.part(id, 4), *piece.type);
    if (!size)
        return forward(size);
    piece.size = *size;
    m_storages.push_back({.key = std::string(key.text), .size = *size, .entrySize = piece.type->size});
    if (const PickleId view = pickle.part(id, 5); pickle[view].kind == PickleKind::Tuple)
        if (auto cut = cutView(pickle, view, piece); !cut)
            return cut;
    m_pieces.emplace_back(persistent, piece);
    return {};
}

Result<TorchStorages> TorchStorages::read(const Pickle& pickle, TorchDialect dialect, const std::string& where)
{
    TorchStorages found;
    std::unordered_map<std::string, std::size_t> byKey;
    for (PickleId id = 0; id < pickle.values.size(); ++id) {
        if (pickle[id].kind != PickleKind::Persistent)
            continue;
        const std::size_t before = found.m_storages.size();
        if (auto added = found.add(pickle, id, dialect); !added)
            return fail(Errc::BadFormat, fmt::format("{} has a storage {}", where, added.error().message));
        if (found.m_storages.size() == before)
            continue;
        const TorchStorage& added = found.m_storages.back();
        const auto [place, isNew] = byKey.emplace(added.key, before);
        if (isNew)
            continue;
        if (found.m_storages[place->second].size != added.size)
            return fail(Errc::BadFormat, fmt::format("{} gives its storage {} two sizes", where, printable(added.key)));
        found.m_storages.pop_back();
        found.m_pieces.back().second.storage = place->second;
    }
    return found;
}

const TorchStorages::Piece* TorchStorages::find(PickleId persistent) const
{
    const auto at = std::lower_bound(m_pieces.begin(), m_pieces.end(), persistent,
                                     [](const auto& piece, PickleId wanted) { return piece.first < wanted; });
    return at != m_pieces.end() && at->first == persistent ? &at->second : nullptr;
}

} // namespace rnnscope::weights
