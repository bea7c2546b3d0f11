#include "core/weights/find_rnn.h"

#include "core/base/printable.h"
#include "core/weights/find_heads.h"
#include "core/weights/find_names.h"
#include "core/weights/find_stacks.h"

#include <algorithm>
#include <new>

namespace rnnscope::weights {

namespace {

void mark(std::vector<bool>& taken, const Part& part)
{
    if (part.present() && part.tensor < taken.size())
        taken[part.tensor] = true;
}

void mark(std::vector<bool>& taken, const RecurrentStack& stack)
{
    for (const StackLayer& layer : stack.layers)
        for (const Part* part : {&layer.weightIh, &layer.weightHh, &layer.biasIh, &layer.biasHh})
            mark(taken, *part);
    for (const std::size_t other : stack.others)
        if (other < taken.size())
            taken[other] = true;
}

/// Those that the format declares, else by names; as many as the limit at most.
Result<std::vector<FoundStack>> allStacks(const TensorFile& file)
{
    std::vector<FoundStack> found;
    for (const RecurrentStack& stack : file.declared())
        found.push_back({stack, stack.hiddenSize, {}});
    if (found.empty())
        found = findStacks(file);
    if (found.size() > kMostStacks)
        return fail(Errc::BadFormat,
                    fmt::format("{} holds more than {} recurrent networks", file.path().string(), kMostStacks));
    return found;
}

/// A single array, or tensors that are numbered and nothing else.
std::optional<FlatParameters> flatParameters(const TensorFile& file)
{
    const auto& tensors = file.tensors();
    if (tensors.empty() || !std::all_of(tensors.begin(), tensors.end(), [](const TensorInfo& tensor) {
            return isFloat(tensor.dtype) && tensor.entries() > 0;
        }))
        return {};
    FlatParameters flat;
    if (tensors.size() == 1) {
        const TensorInfo& only = tensors.front();
        const std::string_view leaf = leafOf(only.name);
        const std::size_t rank = only.shape.size();
        if ((rank != 1 && rank != 2) || (leaf == "weight" || leaf == "bias"))
            return {};
        flat.networks = rank == 1 ? 1 : only.shape[0];
        flat.parameters = only.shape.back();
        flat.tensors = {0};
        return flat;
    }
    flat.networks = 1;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        std::string_view leaf = leafOf(tensors[i].name);
        constexpr std::string_view kNumpy = "arr_"; // numpy.savez without names
        leaf.remove_prefix(leaf.starts_with(kNumpy) ? kNumpy.size() : 0);
        const bool vectorOrMatrix = tensors[i].shape.size() == 1 || tensors[i].shape.size() == 2;
        if (numberIn(leaf) != i || parentOf(tensors[i].name) != parentOf(tensors[0].name) || !vectorOrMatrix)
            return {};
        flat.parameters += tensors[i].entries();
        flat.tensors.push_back(i);
    }
    return flat;
}

Error notRecurrent(const TensorFile& file)
{
    const auto& tensors = file.tensors();
    const std::string what = tensors.empty()
        ? "no tensors at all"
        : fmt::format("{} tensor{} ('{}'{}), none of them recurrent", tensors.size(), tensors.size() == 1 ? "" : "s",
                      printable(tensors.front().name), tensors.size() == 1 ? "" : ", …");
    return {Errc::NotFound, fmt::format("{} has no recurrent network: it holds {}", file.path().string(), what), {}};
}

Result<Inspection> inspectTensors(const TensorFile& file)
{
    auto found = allStacks(file);
    if (!found)
        return forward(found);
    Inspection inspection;
    if (found->empty()) {
        inspection.flat = flatParameters(file);
        if (!inspection.flat)
            return tl::make_unexpected(notRecurrent(file));
        return inspection;
    }
    if (std::all_of(found->begin(), found->end(), [](const FoundStack& stack) { return stack.broken.has_value(); })) {
        Error error = *found->front().broken;
        error.message = fmt::format("{}: {}", file.path().string(), error.message);
        return tl::make_unexpected(std::move(error));
    }
    std::vector<bool> taken(file.tensors().size(), false);
    for (const FoundStack& each : *found)
        mark(taken, each.stack);
    const LinearLayers linear(file, taken);
    for (FoundStack& each : *found) {
        if (each.stack.heads.empty() && !each.broken)
            linear.findHeads(each.stack, each.width);
        for (const LinearHead& head : each.stack.heads) {
            mark(taken, head.weight);
            mark(taken, head.bias);
        }
        inspection.stacks.push_back(std::move(each.stack));
    }
    for (std::size_t i = 0; i < taken.size(); ++i)
        if (!taken[i])
            inspection.ignored.push_back(i);
    return inspection;
}

} // namespace

Result<Inspection> inspect(const TensorFile& file)
{
    try {
        return inspectTensors(file);
    } catch (const std::bad_alloc&) {
        return fail(Errc::Io, fmt::format("not enough memory for {}", file.path().string()));
    }
}

} // namespace rnnscope::weights
