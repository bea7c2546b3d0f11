#include "core/base/printable.h"
#include "core/weights/torch_globals.h"

#include <algorithm>
#include <unordered_set>

// Why a pickle is refused.
namespace rnnscope::weights {

namespace {

/// The class that a call makes an object of, when the pickle says so: a global, or one that old PyTorch keeps together
/// with its source text in a persistent id ('module', class, file, source).
PickleId classOf(const Pickle& pickle, PickleId callee)
{
    if (pickle[callee].kind != PickleKind::Persistent)
        return callee;
    const PickleId id = pickle.part(callee, 0);
    return pickle.isText(pickle.part(id, 0), "module") ? pickle.part(id, 1) : callee;
}

bool hasModuleState(const Pickle& pickle, PickleId call)
{
    const PickleId state = pickle.part(call, kState);
    if (pickle[state].kind != PickleKind::Dict)
        return false;
    const auto& parts = pickle[state].parts;
    bool parameters = false;
    bool modules = false;
    for (std::size_t i = 0; i < parts.size(); i += 2) {
        parameters = parameters || pickle.isText(parts[i], "_parameters");
        modules = modules || pickle.isText(parts[i], "_modules");
    }
    return parameters && modules;
}

/// Names of classes of which the pickle holds an nn.Module.
std::unordered_set<std::string_view> moduleClasses(const Pickle& pickle)
{
    std::unordered_set<std::string_view> classes;
    std::unordered_set<PickleId> seen; // states may be shared by many calls; each is looked through once
    for (PickleId id = 0; id < pickle.values.size(); ++id) {
        const PickleValue& value = pickle[id];
        if (value.kind != PickleKind::Call || !seen.insert(value.parts[kState]).second || !hasModuleState(pickle, id))
            continue;
        const PickleId made = classOf(pickle, value.parts[kCallee]);
        if (pickle[made].kind == PickleKind::Global)
            classes.insert(pickle[made].text);
    }
    return classes;
}

Result<void> refuseModule(std::string_view name, const std::string& where)
{
    return fail(Errc::BadFormat,
                fmt::format("{} holds a whole model of class {}, which needs that class' code; save its weights "
                            "instead: torch.save(model.state_dict(), ...)",
                            where, printable(name)));
}

Result<void> checkNames(const Pickle& pickle, TorchDialect dialect, const std::string& where)
{
    std::vector<std::string_view> refused;
    for (const PickleId id : pickle.globals)
        if (!torchGlobal(pickle[id].text, dialect))
            refused.push_back(pickle[id].text);
    if (refused.empty())
        return {};
    const auto modules = moduleClasses(pickle);
    const auto isModule = [&](std::string_view name) { return modules.contains(name); };
    const auto module = std::find_if(refused.begin(), refused.end(), isModule);
    // A module's own functions (torch.nn.functional.relu) are no news once it is known to be one.
    const auto culprit = std::find_if(refused.begin(), refused.end(), [&](std::string_view name) {
        return !isModule(name) && (module == refused.end() || !name.starts_with("torch."));
    });
    if (culprit == refused.end())
        return refuseModule(*module, where);
    return fail(Errc::BadFormat,
                fmt::format("{} needs {}, which a weight file has no business with", where, printable(*culprit)));
}

Result<void> checkCalls(const Pickle& pickle, const std::string& where)
{
    for (const PickleValue& value : pickle.values)
        if (value.kind == PickleKind::Call && pickle[classOf(pickle, value.parts[kCallee])].kind != PickleKind::Global)
            return fail(
                Errc::BadFormat,
                fmt::format("{}: its pickle calls what is no name, which a weight file has no business with", where));
    return {};
}

} // namespace

Result<void> checkPickle(const Pickle& pickle, TorchDialect dialect, const std::string& where)
{
    if (auto named = checkNames(pickle, dialect, where); !named)
        return named;
    if (!pickle.fault.empty())
        return fail(Errc::BadFormat, fmt::format("{}: its pickle {}", where, pickle.fault));
    return checkCalls(pickle, where);
}

} // namespace rnnscope::weights
