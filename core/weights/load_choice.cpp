#include "core/weights/load_choice.h"

#include "core/base/printable.h"
#include "core/weights/find_names.h"

#include <algorithm>

namespace rnnscope::weights {

namespace {

constexpr std::size_t kMostListed = 12;

/// Does `text` name `name`: all of it, or its last parts?
bool isEnding(std::string_view name, std::string_view text)
{
    return name == text
        || (name.size() > text.size() && name.ends_with(text) && isSeparator(name[name.size() - text.size() - 1]));
}

/// Those that `text` names; an exact match rules out the others. "." names the one without a name.
template <typename Named>
std::vector<const Named*> named(const std::vector<Named>& all, std::string_view text)
{
    std::vector<const Named*> found;
    for (const Named& each : all) {
        if (each.name == text || (text == "." && each.name.empty()))
            return {&each};
        if (isEnding(each.name, text))
            found.push_back(&each);
    }
    return found;
}

std::string optionValue(std::string_view name)
{
    return name.empty() ? "." : printable(name);
}

/// "--rnn-prefix a (LSTM 1×8, 6 in), --rnn-prefix b (…) or --rnn-prefix c (…)"
std::string orList(const std::vector<std::string>& items)
{
    const std::size_t shown = std::min(items.size(), kMostListed);
    std::string text;
    for (std::size_t i = 0; i < shown; ++i)
        text += (i == 0 ? "" : i + 1 == shown && shown == items.size() ? " or " : ", ") + items[i];
    return shown < items.size() ? fmt::format("{} and {} more", text, items.size() - shown) : text;
}

std::string stackOptions(const std::vector<const RecurrentStack*>& stacks)
{
    std::vector<std::string> items;
    for (const RecurrentStack* stack : stacks)
        items.push_back(fmt::format("--rnn-prefix {} ({})", optionValue(stack->name), stack->description()));
    return orList(items);
}

std::string headOptions(const std::vector<LinearHead>& heads)
{
    std::vector<std::string> items;
    for (const LinearHead& head : heads)
        items.push_back(fmt::format("--head {} ({} out)", optionValue(head.name), head.outputSize));
    return orList(items);
}

std::string title(const RecurrentStack& stack)
{
    return stack.name.empty() ? "its network" : fmt::format("'{}'", printable(stack.name));
}

tl::unexpected<Error> unfit(const TensorFile& file, const RecurrentStack& stack)
{
    const std::string what = stack.layers.empty() ? "" : fmt::format(" ({})", stack.description());
    return fail(Errc::ShapeMismatch, fmt::format("{}: {}{} {}", file.path().string(), title(stack), what, stack.unfit));
}

/// The one that can be loaded, if there is only one; what else is there goes to the notes.
Result<const RecurrentStack*> onlyStack(const TensorFile& file, const std::vector<const RecurrentStack*>& stacks,
                                        std::vector<std::string>& notes)
{
    std::vector<const RecurrentStack*> fit;
    std::copy_if(stacks.begin(), stacks.end(), std::back_inserter(fit),
                 [](const RecurrentStack* stack) { return stack->unfit.empty(); });
    if (fit.empty())
        return unfit(file, *stacks.front());
    if (fit.size() > 1)
        return fail(Errc::NeedsChoice,
                    fmt::format("{} holds {} recurrent networks, say which: {}", file.path().string(), fit.size(),
                                stackOptions(fit)));
    for (const RecurrentStack* stack : stacks)
        if (!stack->unfit.empty() && notes.size() < kMostListed)
            notes.push_back(fmt::format("{} was left out: it {}", title(*stack), stack->unfit));
    return fit.front();
}

Result<const RecurrentStack*> chooseStack(const TensorFile& file, const std::vector<RecurrentStack>& stacks,
                                          const std::string& prefix, std::vector<std::string>& notes)
{
    std::vector<const RecurrentStack*> all;
    for (const RecurrentStack& stack : stacks)
        all.push_back(&stack);
    if (prefix.empty())
        return onlyStack(file, all, notes);
    const auto found = named(stacks, prefix);
    if (found.empty())
        return fail(Errc::NotFound,
                    fmt::format("{} has no recurrent network '{}', it has {}", file.path().string(), printable(prefix),
                                stackOptions(all)));
    if (found.size() > 1)
        return fail(Errc::NeedsChoice,
                    fmt::format("'{}' is the end of {} names in {}, say which: {}", printable(prefix), found.size(),
                                file.path().string(), stackOptions(found)));
    if (!found.front()->unfit.empty())
        return unfit(file, *found.front());
    return found.front();
}

Result<LinearHead> chooseHead(const TensorFile& file, const RecurrentStack& stack, const std::string& name)
{
    if (stack.heads.empty())
        return fail(Errc::NotFound,
                    fmt::format("{} has no linear head that reads the {} units of {} ({}), and encoders need one",
                                file.path().string(), stack.hiddenSize, title(stack), stack.description()));
    if (name.empty()) {
        if (stack.headIsClear)
            return stack.heads.front();
        return fail(Errc::NeedsChoice,
                    fmt::format("{}: it is not clear which linear layer is the head of {} ({}), say which: {}",
                                file.path().string(), title(stack), stack.description(), headOptions(stack.heads)));
    }
    const auto found = named(stack.heads, name);
    if (found.size() == 1)
        return *found.front();
    return fail(found.empty() ? Errc::NotFound : Errc::NeedsChoice,
                fmt::format("{}: '{}' names {} linear layer that fits {}, these fit: {}", file.path().string(),
                            printable(name), found.empty() ? "no" : "more than one", title(stack),
                            headOptions(stack.heads)));
}

/// Sizes that the user gave have to be those of the file; of a plain RNN they tell the nonlinearity.
Result<void> applySizes(const TensorFile& file, const RnnSizes& sizes, Chosen& chosen)
{
    RecurrentStack& stack = chosen.stack;
    if (stack.tanhOrRelu && sizes.cell == zoo::Cell::RnnRelu)
        stack.cell = zoo::Cell::RnnRelu;
    else if (stack.tanhOrRelu && !sizes.cell)
        chosen.notes.emplace_back("the file does not say whether the units are tanh or ReLU: tanh was taken "
                                  "(--rnn cell=rnn_relu makes them ReLU)");
    if (stack.tanhOrRelu && sizes.cell)
        stack.tanhOrRelu = false;
    const bool agree = sizes.cell.value_or(stack.cell) == stack.cell
        && sizes.input.value_or(stack.inputSize) == stack.inputSize
        && sizes.hidden.value_or(stack.hiddenSize) == stack.hiddenSize
        && sizes.layers.value_or(stack.numLayers()) == stack.numLayers()
        && sizes.output.value_or(chosen.head.outputSize) == chosen.head.outputSize
        && sizes.bias.value_or(stack.bias) == stack.bias;
    if (agree)
        return {};
    return fail(Errc::ShapeMismatch,
                fmt::format("{}: {} is {}, {} out{}, which is not what the given sizes say", file.path().string(),
                            title(stack), withArticle(stack.description()), chosen.head.outputSize,
                            stack.bias ? "" : ", without biases"));
}

} // namespace

std::string withArticle(const std::string& description)
{
    const bool vowel = description.starts_with("LSTM") || description.starts_with("RNN"); // as they are spoken
    return (vowel ? "an " : "a ") + description;
}

Result<Chosen> choose(const TensorFile& file, const Inspection& inspection, const Choices& choices)
{
    Chosen chosen;
    const auto stack = chooseStack(file, inspection.stacks, choices.rnnPrefix, chosen.notes);
    if (!stack)
        return forward(stack);
    auto head = chooseHead(file, **stack, choices.head);
    if (!head)
        return forward(head);
    chosen.stack = **stack;
    chosen.head = *std::move(head);
    if (!chosen.head.bias.present())
        chosen.notes.push_back(fmt::format("the head '{}' has no bias: zeros were taken", printable(chosen.head.name)));
    if (auto applied = applySizes(file, choices.sizes, chosen); !applied)
        return forward(applied);
    return chosen;
}

std::optional<zoo::Architecture> sizesOfList(const TensorFile& file, const FlatParameters& flat)
{
    std::vector<std::vector<std::size_t>> shapes;
    for (const std::size_t tensor : flat.tensors)
        shapes.push_back(file.tensors()[tensor].shape);
    const std::size_t count = shapes.size();
    if (count < 4 || shapes[0].size() != 2 || shapes[1].size() != 2 || shapes[count - 2].size() != 2)
        return {};
    constexpr std::size_t kLargest = std::size_t {1} << 16U;
    const std::size_t hidden = shapes[1][1];
    const bool bias = shapes[2].size() == 1;
    const std::size_t perLayer = bias ? 4 : 2;
    if (hidden == 0 || hidden > kLargest || shapes[0][1] > kLargest || shapes[count - 1].size() != 1
        || shapes[count - 1][0] > kLargest || (count - 2) % perLayer != 0)
        return {};
    zoo::Architecture guess {.cell = zoo::Cell::RnnTanh,
                             .inputSize = static_cast<int>(shapes[0][1]),
                             .hiddenSize = static_cast<int>(hidden),
                             .numLayers = static_cast<int>((count - 2) / perLayer),
                             .outputSize = static_cast<int>(shapes[count - 1][0]),
                             .bias = bias};
    guess.cell = shapes[0][0] == 4 * hidden ? zoo::Cell::Lstm
        : shapes[0][0] == 3 * hidden        ? zoo::Cell::Gru
                                            : zoo::Cell::RnnTanh;
    if (!zoo::validate(guess))
        return {};
    const auto expected = guess.tensors();
    for (std::size_t i = 0; i < count; ++i) {
        const std::vector<std::size_t> shape = expected[i].isBias()
            ? std::vector {expected[i].rows}
            : std::vector {expected[i].rows, expected[i].columns};
        if (shapes[i] != shape)
            return {};
    }
    return guess;
}

} // namespace rnnscope::weights
