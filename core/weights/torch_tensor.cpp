#include "core/weights/torch_pickle.h"

#include <algorithm>

// What torch._utils._rebuild_tensor… would make of its arguments.
namespace rnnscope::weights {

namespace {

constexpr std::size_t kMostDimensions = 64; ///< PyTorch's own limit

tl::unexpected<Error> wrong(std::string what)
{
    return fail(Errc::BadFormat, std::move(what));
}

Result<std::vector<std::size_t>> sizes(const Pickle& pickle, PickleId id, TorchDialect dialect, std::string_view what)
{
    if (pickle[id].kind == PickleKind::Call) { // torch.Size((2, 3))
        const PickleValue& callee = pickle[pickle.part(id, kCallee)];
        const auto global = torchGlobal(callee.text, dialect);
        if (global && global->meaning == TorchMeaning::FirstArgument)
            id = pickle.part(pickle.part(id, kArguments), 0);
    }
    const PickleValue& tuple = pickle[id];
    if ((tuple.kind != PickleKind::Tuple && tuple.kind != PickleKind::List) || tuple.parts.size() > kMostDimensions)
        return wrong(fmt::format("has a {} that is none", what));
    std::vector<std::size_t> found;
    for (const PickleId part : tuple.parts) {
        if (pickle[part].kind != PickleKind::Integer)
            return wrong(fmt::format("has a {} that is none", what));
        if (pickle[part].number < 0)
            return wrong(fmt::format("has a negative number, {}, in its {}", pickle[part].number, what));
        found.push_back(static_cast<std::size_t>(pickle[part].number));
    }
    return found;
}

/// Product of the shape; refuses what is too large.
Result<std::size_t> entriesOf(const std::vector<std::size_t>& shape)
{
    if (std::find(shape.begin(), shape.end(), 0U) != shape.end())
        return 0;
    std::size_t product = 1;
    for (const std::size_t size : shape)
        if (__builtin_mul_overflow(product, size, &product) || product > kMostEntries)
            return wrong(fmt::format("claims over {} entries", kMostEntries));
    return product;
}

/// Entries from the first to the last in the storage.
Result<std::size_t> spanOf(const std::vector<std::size_t>& shape, const std::vector<std::size_t>& strides)
{
    std::size_t last = 0;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        std::size_t step = 0;
        if (__builtin_mul_overflow(shape[i] - 1, strides[i], &step) || __builtin_add_overflow(last, step, &last)
            || last > kMostEntries)
            return wrong(fmt::format("has strides that span over {} entries", kMostEntries));
    }
    return last + 1;
}

Result<void> place(TensorInfo& info, TorchView& view, const TorchStorages::Piece& piece, std::int64_t first)
{
    const auto entries = entriesOf(info.shape);
    if (!entries)
        return forward(entries);
    if (view.strides.size() != info.shape.size())
        return wrong(fmt::format("has {} strides for {} dimensions", view.strides.size(), info.shape.size()));
    if (first < 0)
        return wrong(fmt::format("begins {} entries before its storage", first));
    view.offset = piece.offset;
    if (*entries == 0)
        return {};
    const auto span = spanOf(info.shape, view.strides);
    if (!span)
        return forward(span);
    const std::size_t capacity = piece.size / view.type->size;
    const auto begin = static_cast<std::size_t>(first);
    if (begin > capacity || *span > capacity - begin)
        return wrong(fmt::format("reaches past its storage: it needs {} entries from entry {}, there are {}", *span,
                                 begin, capacity));
    if (*entries > *span && *entries > kMostRepeated)
        return wrong(fmt::format("repeats {} entries to {}, expected at most {}", *span, *entries, kMostRepeated));
    view.span = *span;
    view.offset += begin * view.type->size;
    return {};
}

struct Recipe
{
    TorchGlobal global;
    PickleId arguments = kNothing;
};

/// _rebuild_from_type_v2(rebuild, type, arguments, state) is rebuild(*arguments).
Result<Recipe> recipe(const Pickle& pickle, PickleId call, TorchDialect dialect)
{
    PickleId callee = pickle.part(call, kCallee);
    PickleId arguments = pickle.part(call, kArguments);
    auto global = torchGlobal(pickle[callee].text, dialect);
    if (global && global->meaning == TorchMeaning::WrappedTensor) {
        callee = pickle.part(arguments, 0);
        arguments = pickle.part(arguments, 2);
        global = torchGlobal(pickle[callee].text, dialect);
        if (pickle[callee].kind != PickleKind::Global)
            global.reset();
    }
    if (!global || (global->meaning != TorchMeaning::Tensor && global->meaning != TorchMeaning::TypedTensor))
        return wrong("is made in no known way");
    return Recipe {*global, arguments};
}

} // namespace

Result<std::pair<TensorInfo, TorchView>> torchTensor(const Pickle& pickle, PickleId call, const TorchStorages& storages,
                                                     TorchDialect dialect)
{
    const auto how = recipe(pickle, call, dialect);
    if (!how)
        return forward(how);
    const auto argument = [&](std::size_t n) { return pickle.part(how->arguments, n); };
    const TorchStorages::Piece* piece = storages.find(argument(0));
    if (piece == nullptr)
        return wrong("has no storage");
    if (pickle[argument(1)].kind != PickleKind::Integer)
        return wrong("has an offset that is no number");
    auto shape = sizes(pickle, argument(2), dialect, "shape");
    auto strides = sizes(pickle, argument(3), dialect, "list of strides");
    if (!shape || !strides)
        return forward(shape ? strides : shape);

    TorchView view {.storage = piece->storage, .type = piece->type, .strides = std::move(*strides)};
    if (how->global.meaning == TorchMeaning::TypedTensor) {
        const auto dtype = torchGlobal(pickle[argument(6)].text, dialect);
        if (pickle[argument(6)].kind != PickleKind::Global || !dtype || dtype->meaning != TorchMeaning::Dtype)
            return wrong("has a dtype that is none");
        view.type = dtype->type;
    }
    TensorInfo info {.name = {}, .shape = std::move(*shape), .dtype = dtypeOf(view.type->element)};
    if (auto placed = place(info, view, *piece, pickle[argument(1)].number); !placed)
        return forward(placed);
    return std::pair(std::move(info), std::move(view));
}

} // namespace rnnscope::weights
