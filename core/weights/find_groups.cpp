#include "core/weights/find_groups.h"

#include "core/base/printable.h"

#include <unordered_map>
#include <unordered_set>

namespace rnnscope::weights {

namespace {

/// Tensors with the same key are of the same stack.
std::string keyOf(const RecurrentName& name)
{
    return fmt::format("{}{}\n{}\n{}", static_cast<int>(name.scheme), name.numbered ? "n" : "", name.list, name.inner);
}

void add(NamedGroup& group, const RecurrentName& name, std::size_t tensor)
{
    if (name.reverse) {
        group.reversed.push_back(tensor);
        return;
    }
    if (name.role == Role::Projection) {
        group.projections.push_back(tensor);
        return;
    }
    NamedLayer& layer = group.layers[name.layer];
    layer.module = name.module;
    std::size_t& part = layer.parts[static_cast<std::size_t>(name.role)];
    if (part == Part::kAbsent)
        part = tensor;
}

/// Layer norms, peepholes and the like stand beside the weights of the cell that needs them.
void findStrangers(const TensorFile& file, std::vector<NamedGroup>& groups)
{
    std::unordered_map<std::string, NamedGroup*> cells;
    for (NamedGroup& group : groups)
        if (group.numbered)
            for (const auto& [number, layer] : group.layers)
                cells.emplace(layer.module, &group);
    if (cells.empty())
        return;
    for (std::size_t i = 0; i < file.tensors().size(); ++i) {
        const std::string& name = file.tensors()[i].name;
        if (recurrentName(name))
            continue;
        std::string_view module = parentOf(name);
        constexpr int kDepth = 3; // how far inside a cell a tensor may lie
        for (int depth = 0; depth < kDepth && !module.empty(); ++depth, module = parentOf(module))
            if (const auto found = cells.find(name.substr(0, module.size() + 1)); found != cells.end())
                found->second->stranger = i;
    }
}

/// Two lists under one name, as "net" for "net.0.a.weight_ih" and "net.0.b.weight_ih", are called by their first cells.
void makeNamesDistinct(std::vector<NamedGroup>& groups)
{
    std::unordered_map<std::string, std::size_t> count;
    for (const NamedGroup& group : groups)
        ++count[group.name];
    for (NamedGroup& group : groups)
        if (count[group.name] > 1 && !group.layers.empty()) {
            const std::string& module = group.layers.begin()->second.module;
            group.name = module.substr(0, module.empty() ? 0 : module.size() - 1);
        }
}

} // namespace

std::vector<NamedGroup> groupByName(const TensorFile& file)
{
    std::vector<NamedGroup> groups;
    std::unordered_map<std::string, std::size_t> byKey;
    for (std::size_t i = 0; i < file.tensors().size(); ++i) {
        const auto name = recurrentName(file.tensors()[i].name);
        if (!name)
            continue;
        const auto [at, isNew] = byKey.emplace(keyOf(*name), groups.size());
        if (isNew && groups.size() > kMostStacks)
            break;
        if (isNew) {
            groups.emplace_back();
            groups.back().scheme = name->scheme;
            groups.back().numbered = name->numbered;
            groups.back().name = name->list;
        }
        add(groups[at->second], *name, i);
    }
    findStrangers(file, groups);
    makeNamesDistinct(groups);
    return groups;
}

} // namespace rnnscope::weights
