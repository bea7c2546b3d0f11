#include "core/weights/torch_globals.h"

#include <array>
#include <unordered_map>

namespace rnnscope::weights {

namespace {

using Names = std::unordered_map<std::string_view, TorchMeaning>;

struct Row
{
    TorchMeaning meaning;
    std::vector<std::string_view> names;
};

/// Standard library and what torch.save writes. What trainers keep beside the weights (paths, random states, settings,
/// schedules) is only named, never made.
const std::array<Row, 6>& rows()
{
    using enum TorchMeaning;
    static const std::array<Row, 6> kRows {
        {{Mapping,
          {"collections.OrderedDict", "collections.defaultdict", "collections.Counter", "__builtin__.dict",
           "builtins.dict", "pytorch_lightning.utilities.parsing.AttributeDict",
           "lightning.pytorch.utilities.parsing.AttributeDict", "lightning.fabric.utilities.data.AttributeDict",
           "lightning_fabric.utilities.data.AttributeDict"}},
         {Attributes, {"argparse.Namespace", "types.SimpleNamespace"}},
         {FirstArgument,
          {"torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state", "torch.Size",
           "torch.nn.parameter.Parameter", "torch.nn.parameter.Buffer"}},
         {Tensor, {"torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2"}},
         {TypedTensor, {"torch._utils._rebuild_tensor_v3"}},
         {WrappedTensor, {"torch._tensor._rebuild_from_type_v2"}}}};
    return kRows;
}

/// Inert ones by module: "module" followed by the names in it.
const std::vector<std::vector<std::string_view>>& inertModules()
{
    static const std::vector<std::vector<std::string_view>> kModules {
        {"builtins", "set", "frozenset", "int", "float", "bool", "str", "bytes", "bytearray", "complex", "list",
         "tuple", "slice", "range", "object", "NoneType"},
        {"__builtin__", "set", "frozenset", "int", "long", "float", "bool", "str", "unicode", "bytes", "bytearray",
         "complex", "list", "tuple", "slice", "xrange", "object"},
        {"_codecs", "encode"},
        {"pathlib", "Path", "PurePath", "PosixPath", "WindowsPath", "PurePosixPath", "PureWindowsPath"},
        {"pathlib._local", "Path", "PurePath", "PosixPath", "WindowsPath", "PurePosixPath", "PureWindowsPath"},
        {"datetime", "datetime", "date", "time", "timedelta", "timezone"},
        {"collections", "deque"},
        {"uuid", "UUID"},
        {"decimal", "Decimal"},
        {"fractions", "Fraction"},
        {"typing", "Any"},
        {"torch", "device", "Tensor", "strided", "contiguous_format", "preserve_format", "channels_last",
         "per_tensor_affine", "per_channel_affine"},
        {"torch.storage", "TypedStorage", "_TypedStorage"},
        {"torch.serialization", "_get_layout"},
        {"torch._utils", "_rebuild_qtensor", "_rebuild_sparse_tensor", "_rebuild_sparse_csr_tensor",
         "_rebuild_meta_tensor_no_storage", "_rebuild_device_tensor_from_numpy"},
        {"numpy", "dtype", "ndarray", "bool_", "float16", "float32", "float64", "int8", "int16", "int32", "int64",
         "uint8", "uint16", "uint32", "uint64"},
        {"numpy.core.multiarray", "scalar", "_reconstruct"},
        {"numpy._core.multiarray", "scalar", "_reconstruct"},
        {"numpy.core.numeric", "_frombuffer"},
        {"numpy._core.numeric", "_frombuffer"},
        {"numpy.dtypes", "BoolDType", "Float16DType", "Float32DType", "Float64DType", "Int8DType", "Int16DType",
         "Int32DType", "Int64DType", "UInt8DType", "UInt16DType", "UInt32DType", "UInt64DType"},
        {"omegaconf.dictconfig", "DictConfig"},
        {"omegaconf.listconfig", "ListConfig"},
        {"omegaconf.base", "ContainerMetadata", "Metadata"},
        {"omegaconf.nodes", "AnyNode", "StringNode", "IntegerNode", "FloatNode", "BooleanNode", "PathNode"}};
    return kModules;
}

Names allowed()
{
    Names names;
    for (const auto& [meaning, listed] : rows())
        for (const auto name : listed)
            names.emplace(name, meaning);
    static std::vector<std::string> joined;
    std::size_t count = 0;
    for (const auto& module : inertModules())
        count += module.size();
    joined.reserve(count); // the names are views of it
    for (const auto& module : inertModules())
        for (std::size_t i = 1; i < module.size(); ++i)
            names.emplace(joined.emplace_back(fmt::format("{}.{}", module[0], module[i])), TorchMeaning::Inert);
    return names;
}

/// Lightning before 1.5 keys the state of callbacks by their classes.
bool isCallback(std::string_view name)
{
    return name.starts_with("pytorch_lightning.callbacks.") || name.starts_with("lightning.pytorch.callbacks.");
}

std::optional<TorchGlobal> storage(std::string_view name)
{
    for (const std::string_view module : {"torch.cuda.", "torch.storage.", "torch."}) {
        if (!name.starts_with(module))
            continue;
        const auto last = name.substr(module.size());
        if (last == "UntypedStorage" || last == "_UntypedStorage")
            return TorchGlobal {TorchMeaning::UntypedStorage, torchTypeOfDtype("uint8")};
        if (const TorchType* type = torchTypeOfStorage(last))
            return TorchGlobal {TorchMeaning::Storage, type};
    }
    return std::nullopt;
}

std::optional<TorchGlobal> scriptGlobal(std::string_view name)
{
    constexpr std::string_view kHelpers = "torch.jit._pickle.";
    if (name.starts_with("__torch__."))
        return TorchGlobal {TorchMeaning::Attributes};
    if (!name.starts_with(kHelpers))
        return std::nullopt;
    const auto helper = name.substr(kHelpers.size());
    if (helper == "build_tensorlist" || helper == "restore_type_tag")
        return TorchGlobal {TorchMeaning::FirstArgument};
    if (helper == "build_intlist" || helper == "build_doublelist" || helper == "build_boollist"
        || helper == "build_tensor_from_id")
        return TorchGlobal {TorchMeaning::Inert};
    return std::nullopt;
}

} // namespace

std::optional<TorchGlobal> torchGlobal(std::string_view name, TorchDialect dialect)
{
    static const Names kAllowed = allowed();
    if (const auto found = kAllowed.find(name); found != kAllowed.end())
        return TorchGlobal {found->second};
    if (const auto found = storage(name))
        return found;
    if (name.starts_with("torch."))
        if (const TorchType* type = torchTypeOfDtype(name.substr(std::string_view("torch.").size())))
            return TorchGlobal {TorchMeaning::Dtype, type};
    if (dialect == TorchDialect::Script)
        if (const auto found = scriptGlobal(name))
            return found;
    return isCallback(name) ? std::optional(TorchGlobal {}) : std::nullopt;
}

} // namespace rnnscope::weights
