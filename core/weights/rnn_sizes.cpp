#include "core/base/printable.h"
#include "core/weights/load.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace rnnscope::weights {

namespace {

constexpr std::string_view kExample = "cell=lstm,input=6,hidden=32,layers=2,output=6";

Result<int> wholeNumber(std::string_view key, std::string_view text)
{
    constexpr int kLargest = 1 << 16;
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc {} || end != text.data() + text.size() || value < 1 || value > kLargest)
        return fail(Errc::BadValue,
                    fmt::format("{} is '{}', expected a number from 1 to {}", key, printable(text), kLargest));
    return value;
}

Result<bool> truth(std::string_view key, std::string_view text)
{
    if (text == "true" || text == "1")
        return true;
    if (text == "false" || text == "0")
        return false;
    return fail(Errc::BadValue, fmt::format("{} is '{}', expected true or false", key, printable(text)));
}

template <typename T>
Result<void> store(std::string_view key, std::optional<T>& target, Result<T> value)
{
    if (!value)
        return forward(value);
    if (target)
        return fail(Errc::BadValue, fmt::format("{} is given twice", key));
    target = *value;
    return {};
}

Result<void> storeSize(RnnSizes& sizes, std::string_view key, std::string_view value)
{
    const std::array<std::pair<std::string_view, std::optional<int>*>, 4> numbers {
        {{"input", &sizes.input}, {"hidden", &sizes.hidden}, {"layers", &sizes.layers}, {"output", &sizes.output}}};
    for (const auto& [name, target] : numbers)
        if (key == name)
            return store(key, *target, wholeNumber(key, value));
    if (key == "bias")
        return store(key, sizes.bias, truth(key, value));
    if (key != "cell")
        return fail(Errc::BadValue,
                    fmt::format("unknown size '{}', expected cell, input, hidden, layers, output or bias, e.g. {}",
                                printable(key), kExample));
    auto cell = zoo::cellFromName(value);
    if (!cell)
        return fail(Errc::BadValue,
                    fmt::format("unknown cell '{}', expected lstm, gru, rnn_tanh or rnn_relu", printable(value)));
    return store(key, sizes.cell, std::move(cell));
}

} // namespace

Result<zoo::Architecture> RnnSizes::complete() const
{
    std::string missing;
    const auto need = [&](std::string_view key, bool given) {
        if (!given)
            missing += fmt::format("{}{}", missing.empty() ? "" : ", ", key);
    };
    need("cell", cell.has_value());
    need("input", input.has_value());
    need("hidden", hidden.has_value());
    need("layers", layers.has_value());
    need("output", output.has_value());
    if (!missing.empty())
        return fail(Errc::NeedsChoice, fmt::format("{} missing in the sizes, e.g. --rnn {}", missing, kExample));
    const zoo::Architecture architecture {.cell = *cell,
                                          .inputSize = *input,
                                          .hiddenSize = *hidden,
                                          .numLayers = *layers,
                                          .outputSize = *output,
                                          .bias = bias.value_or(true)};
    if (const auto valid = zoo::validate(architecture); !valid)
        return forward(valid);
    return architecture;
}

Result<RnnSizes> parseRnnSizes(std::string_view text)
{
    RnnSizes sizes;
    while (!text.empty()) {
        const std::string_view item = text.substr(0, text.find(','));
        text.remove_prefix(std::min(text.size(), item.size() + 1));
        const std::size_t equals = item.find('=');
        if (equals == std::string_view::npos)
            return fail(Errc::BadValue,
                        fmt::format("'{}' is not of the form key=value, e.g. {}", printable(item), kExample));
        if (auto stored = storeSize(sizes, item.substr(0, equals), item.substr(equals + 1)); !stored)
            return forward(stored);
    }
    return sizes;
}

std::string describe(const zoo::Architecture& architecture)
{
    return fmt::format("cell={},input={},hidden={},layers={},output={}{}", zoo::name(architecture.cell),
                       architecture.inputSize, architecture.hiddenSize, architecture.numLayers, architecture.outputSize,
                       architecture.bias ? "" : ",bias=false");
}

} // namespace rnnscope::weights
