#include "core/weights/find_chains.h"

#include "core/weights/find_names.h"

#include <algorithm>
#include <map>

namespace rnnscope::weights {

namespace {

/// Places in the list of stacks by their modules' numbers.
using Row = std::map<std::size_t, std::size_t>;

std::map<std::string, Row> numberedModules(const std::vector<FoundStack>& stacks)
{
    std::map<std::string, Row> rows;
    for (std::size_t i = 0; i < stacks.size(); ++i) {
        const RecurrentStack& stack = stacks[i].stack;
        const auto number = numberIn(leafOf(stack.name));
        if (number && !stacks[i].broken && stack.unfit.empty() && stack.numLayers() == 1)
            rows[std::string(parentOf(stack.name))].emplace(*number, i);
    }
    return rows;
}

bool isChain(const std::vector<FoundStack>& stacks, const Row& row)
{
    const RecurrentStack& first = stacks[row.begin()->second].stack;
    const bool consecutive = row.rbegin()->first - row.begin()->first + 1 == row.size();
    return consecutive && row.size() > 1 && first.inputSize != first.hiddenSize
        && std::all_of(std::next(row.begin()), row.end(), [&](const auto& each) {
               const RecurrentStack& stack = stacks[each.second].stack;
               return stack.cell == first.cell && stack.hiddenSize == first.hiddenSize && stack.bias == first.bias
                   && stack.inputSize == first.hiddenSize;
           });
}

} // namespace

void joinChains(std::vector<FoundStack>& stacks)
{
    std::vector<bool> joined(stacks.size(), false);
    for (const auto& [list, row] : numberedModules(stacks)) {
        if (!isChain(stacks, row))
            continue;
        RecurrentStack& first = stacks[row.begin()->second].stack;
        first.name = list;
        for (auto each = std::next(row.begin()); each != row.end(); ++each) {
            first.layers.push_back(stacks[each->second].stack.layers.front());
            joined[each->second] = true;
        }
    }
    std::size_t next = 0;
    std::erase_if(stacks, [&](const FoundStack&) { return joined[next++]; });
}

} // namespace rnnscope::weights
