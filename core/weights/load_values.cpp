#include "core/weights/load_values.h"

#include "core/base/printable.h"

#include <algorithm>
#include <cstring>
#include <unordered_set>

namespace rnnscope::weights {

namespace {

/// Where one parameter of the stack lies, with its canonical size.
struct Place
{
    Part part;
    std::size_t rows = 0;
    std::size_t columns = 0; ///< 1 for biases
    int gates = 1;

    std::size_t size() const { return rows * columns; }
};

int gatesOf(zoo::Cell cell)
{
    return zoo::Architecture {.cell = cell}.gates();
}

std::vector<Place> placesOf(const RecurrentStack& stack, const LinearHead* head)
{
    const int gates = gatesOf(stack.cell);
    const auto hidden = static_cast<std::size_t>(stack.hiddenSize);
    const std::size_t rows = static_cast<std::size_t>(gates) * hidden;
    auto inputs = static_cast<std::size_t>(stack.inputSize);
    std::vector<Place> places;
    for (const StackLayer& layer : stack.layers) {
        places.push_back({layer.weightIh, rows, inputs, gates});
        places.push_back({layer.weightHh, rows, hidden, gates});
        if (stack.bias) {
            places.push_back({layer.biasIh, rows, 1, gates});
            places.push_back({layer.biasHh, rows, 1, gates});
        }
        inputs = hidden;
    }
    if (head != nullptr) {
        const auto outputs = static_cast<std::size_t>(head->outputSize);
        places.push_back({head->weight, outputs, hidden, 1});
        places.push_back({head->bias, outputs, 1, 1});
    }
    return places;
}

tl::unexpected<Error> outside(const TensorFile& file, const std::string& tensor, const Part& part, std::size_t count)
{
    return fail(Errc::BadFormat,
                fmt::format("{}: {} numbers from {} are asked of the tensor '{}', which has fewer",
                            file.path().string(), count, part.offset, printable(tensor)));
}

/// Blocks of rows (gates) in the file's order, perhaps transposed, to the canonical order.
void arrange(std::span<const float> stored, const Part& part, std::size_t rows, std::size_t columns,
             std::size_t blockRows, std::span<float> out)
{
    for (std::size_t row = 0; row < rows; ++row) {
        const std::size_t block = row / blockRows;
        const std::size_t from
            = part.gates.empty() ? row : static_cast<std::size_t>(part.gates[block]) * blockRows + row % blockRows;
        for (std::size_t column = 0; column < columns; ++column)
            out[row * columns + column]
                = part.transposed ? stored[column * rows + from] : stored[from * columns + column];
    }
}

bool isOrder(const std::vector<int>& blocks, int gates)
{
    return blocks.empty()
        || (blocks.size() == static_cast<std::size_t>(gates)
            && std::all_of(blocks.begin(), blocks.end(), [&](int block) { return block >= 0 && block < gates; }));
}

} // namespace

Result<void> checkAffordable(const TensorFile& file, std::size_t entries)
{
    constexpr std::size_t kAlways = std::size_t {1} << 26U; // 256 MiB as float32
    constexpr std::size_t kPerByte = 8; // packed files may hold more numbers than bytes
    constexpr std::size_t kMost = kMostBytes / sizeof(float);
    std::error_code status;
    const auto size = fs::file_size(file.path(), status);
    const std::size_t bytes = status ? 0 : static_cast<std::size_t>(size);
    if (entries <= kMost && (entries <= kAlways || entries / kPerByte <= bytes))
        return {};
    return fail(Errc::BadFormat,
                fmt::format("{} claims a network of {} numbers, which is too large{}", file.path().string(), entries,
                            entries <= kMost ? " for a file of its size" : ""));
}

Result<void> readPart(const TensorFile& file, const Part& part, std::size_t rows, std::size_t columns, int gates,
                      std::span<float> out)
{
    if (!part.present()) {
        std::fill(out.begin(), out.end(), 0.0F);
        return {};
    }
    if (part.tensor >= file.tensors().size())
        return fail(Errc::BadFormat, fmt::format("{} names a tensor that it does not have", file.path().string()));
    const TensorInfo& tensor = file.tensors()[part.tensor];
    const std::size_t entries = tensor.entries();
    const std::size_t count = rows * columns;
    if (part.offset > entries || count > entries - part.offset || !isOrder(part.gates, gates))
        return outside(file, tensor.name, part, count);
    const bool asItIs = part.offset == 0 && entries == count;
    if (asItIs && !part.transposed && part.gates.empty())
        return file.read(part.tensor, out);
    if (const auto affordable = checkAffordable(file, entries); !affordable)
        return affordable;
    std::vector<float> stored(entries);
    if (auto read = file.read(part.tensor, stored); !read)
        return read;
    arrange(std::span<const float>(stored).subspan(part.offset, count), part, rows, columns,
            rows / static_cast<std::size_t>(gates), out);
    return {};
}

Result<std::vector<float>> readParameters(const TensorFile& file, const RecurrentStack& stack, const LinearHead* head)
{
    const auto places = placesOf(stack, head);
    std::size_t total = 0;
    for (const Place& place : places)
        total += place.size();
    if (const auto affordable = checkAffordable(file, total); !affordable)
        return forward(affordable);
    std::vector<float> parameters(total);
    std::size_t offset = 0;
    for (const Place& place : places) {
        const auto out = std::span(parameters).subspan(offset, place.size());
        if (auto read = readPart(file, place.part, place.rows, place.columns, place.gates, out); !read)
            return forward(read);
        offset += place.size();
    }
    return parameters;
}

std::vector<std::size_t> tensorsOf(const RecurrentStack& stack, const LinearHead* head)
{
    std::vector<std::size_t> tensors;
    std::unordered_set<std::size_t> seen;
    for (const Place& place : placesOf(stack, head))
        if (place.part.present() && seen.insert(place.part.tensor).second)
            tensors.push_back(place.part.tensor);
    return tensors;
}

} // namespace rnnscope::weights
