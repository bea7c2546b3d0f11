#include "core/zoo/permuted_zoo.h"

#include "core/base/random.h"
#include "core/zoo/memory_parameters.h"

#include <numeric>
#include <utility>

namespace rnnscope::zoo {

namespace {

std::vector<std::size_t> shuffled(std::size_t units, RandomStream& random)
{
    std::vector<std::size_t> order(units);
    std::iota(order.begin(), order.end(), std::size_t {0});
    for (std::size_t i = units; i > 1; --i)
        std::swap(order[i - 1], order[random.below(i)]);
    return order;
}

/// Rows in blocks of `order`'s length (gates), columns where `columns` says so.
void reorder(std::span<float> tensor, std::size_t width, const std::vector<std::size_t>* rows,
             const std::vector<std::size_t>* columns)
{
    const std::vector<float> old(tensor.begin(), tensor.end());
    for (std::size_t row = 0; row < tensor.size() / width; ++row) {
        const std::size_t block = rows != nullptr ? row / rows->size() * rows->size() : 0;
        const std::size_t from = rows != nullptr ? block + (*rows)[row - block] : row;
        for (std::size_t column = 0; column < width; ++column)
            tensor[row * width + column] = old[from * width + (columns != nullptr ? (*columns)[column] : column)];
    }
}

Property chosenRows(const Property& property, std::span<const std::size_t> rows)
{
    Property chosen = property;
    chosen.values.clear();
    for (const std::size_t row : rows)
        for (std::size_t column = 0; column < property.columns; ++column)
            chosen.values.push_back(property.value(row, column));
    return chosen;
}

} // namespace

void permuteUnits(const Architecture& architecture, const UnitOrder& order, std::span<float> parameters)
{
    const auto tensors = architecture.tensors();
    const std::size_t perLayer = architecture.bias ? 4 : 2;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        const auto values = parameters.subspan(tensors[i].offset, tensors[i].size());
        const std::size_t layer = i / perLayer;
        if (layer >= order.size()) { // the read-out
            if (!tensors[i].isBias())
                reorder(values, tensors[i].columns, nullptr, &order.back());
            continue;
        }
        const bool fromItself = i % perLayer == 1; // weight_hh
        const auto* columns = fromItself ? &order[layer] : i % perLayer == 0 && layer > 0 ? &order[layer - 1] : nullptr;
        reorder(values, tensors[i].columns, &order[layer], columns);
    }
}

Result<std::shared_ptr<const Zoo>> permutedCopies(const Zoo& zoo, std::span<const std::size_t> rows, std::uint64_t seed,
                                                  const std::stop_token& stop)
{
    const auto& architecture = zoo.architecture;
    const std::size_t count = architecture.parameterCount();
    auto parameters = std::make_shared<MemoryParameters>(count, zoo.parameters->isHalf());
    std::vector<float> own(count);
    for (const std::size_t row : rows) {
        if (stop.stop_requested())
            return cancelled("copying networks");
        if (auto read = zoo.parameters->read(row, 1, own); !read)
            return forward(read);
        RandomStream random(keyOf(seed, {row}));
        UnitOrder order;
        for (int layer = 0; layer < architecture.numLayers; ++layer)
            order.push_back(shuffled(static_cast<std::size_t>(architecture.hiddenSize), random));
        permuteUnits(architecture, order, own);
        parameters->append(own);
    }
    auto copies = std::make_shared<Zoo>();
    copies->name = zoo.name + ", units permuted";
    copies->family = zoo.family;
    copies->architecture = architecture;
    copies->size = rows.size();
    for (const auto& property : zoo.properties)
        copies->properties.push_back(chosenRows(property, rows));
    copies->parameters = std::move(parameters);
    return copies;
}

} // namespace rnnscope::zoo
