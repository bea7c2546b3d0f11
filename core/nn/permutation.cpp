#include "core/nn/permutation.h"

#include <ATen/ops/from_blob.h>
#include <ATen/ops/index_select.h>

#include <numeric>
#include <utility>

namespace rnnscope::nn {

namespace {

using Indices = std::vector<std::int64_t>;

Indices identity(std::size_t size)
{
    Indices all(size);
    std::iota(all.begin(), all.end(), 0);
    return all;
}

/// Old row of every new row of a matrix with `gates` blocks of units.
Indices gateRows(const Indices& units, int gates)
{
    Indices rows;
    for (int gate = 0; gate < gates; ++gate)
        for (const std::int64_t unit : units)
            rows.push_back(gate * static_cast<std::int64_t>(units.size()) + unit);
    return rows;
}

void append(Indices& index, const zoo::ParameterTensor& tensor, const Indices& rows, const Indices& columns)
{
    for (const std::int64_t row : rows)
        for (const std::int64_t column : columns)
            index.push_back(static_cast<std::int64_t>(tensor.offset) + row * static_cast<std::int64_t>(tensor.columns)
                            + column);
}

/// Old position of every new entry of a flat parameter vector.
Indices flatIndex(const zoo::Architecture& architecture, const Permutations& permutations)
{
    const std::vector<zoo::ParameterTensor> tensors = architecture.tensors();
    const Indices one {0};
    Indices index;
    std::size_t next = 0;
    Indices below = identity(static_cast<std::size_t>(architecture.inputSize));
    for (const Indices& units : permutations) {
        const Indices rows = gateRows(units, architecture.gates());
        append(index, tensors[next++], rows, below);
        append(index, tensors[next++], rows, units);
        for (int bias = 0; bias < (architecture.bias ? 2 : 0); ++bias)
            append(index, tensors[next++], rows, one);
        below = units;
    }
    const Indices outputs = identity(static_cast<std::size_t>(architecture.outputSize));
    append(index, tensors[next++], outputs, below);
    append(index, tensors[next], outputs, one);
    return index;
}

} // namespace

Permutations randomPermutations(const zoo::Architecture& architecture, std::mt19937_64& random)
{
    Permutations permutations(static_cast<std::size_t>(architecture.numLayers),
                              identity(static_cast<std::size_t>(architecture.hiddenSize)));
    for (Indices& units : permutations) // Fisher-Yates; std::shuffle differs between libraries
        for (std::size_t last = units.size(); last > 1; --last)
            std::swap(units[last - 1], units[random() % last]);
    return permutations;
}

at::Tensor permuteHiddenUnits(const at::Tensor& parameters, const zoo::Architecture& architecture,
                              const Permutations& permutations)
{
    Indices index = flatIndex(architecture, permutations);
    const at::Tensor positions
        = at::from_blob(index.data(), {static_cast<std::int64_t>(index.size())}, at::TensorOptions(at::kLong));
    return at::index_select(parameters, 1, positions.to(parameters.device()));
}

} // namespace rnnscope::nn
