#include "core/weights/find_names.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <utility>

namespace rnnscope::weights {

namespace {

constexpr std::array<std::pair<std::string_view, Role>, 5> kRoles {{{"weight_ih", Role::WeightIh},
                                                                    {"weight_hh", Role::WeightHh},
                                                                    {"bias_ih", Role::BiasIh},
                                                                    {"bias_hh", Role::BiasHh},
                                                                    {"weight_hr", Role::Projection}}};

/// Parts that optimisers put before the names of the weights they move.
constexpr std::array<std::string_view, 5> kMoments {"exp_avg", "exp_avg_sq", "max_exp_avg_sq", "momentum_buffer",
                                                    "square_avg"};

std::string_view roleText(Role role)
{
    const auto* const found
        = std::find_if(kRoles.begin(), kRoles.end(), [&](const auto& known) { return known.second == role; });
    return found->first;
}

bool holdsMoments(std::string_view name)
{
    for (; !name.empty(); name = parentOf(name))
        if (std::find(kMoments.begin(), kMoments.end(), leafOf(name)) != kMoments.end())
            return true;
    return false;
}

/// "weight_ih_l0", "bias_hh_l1_reverse"
bool readTorch(std::string_view leaf, RecurrentName& found)
{
    for (const auto& [text, role] : kRoles) {
        if (!leaf.starts_with(text) || !leaf.substr(text.size()).starts_with("_l"))
            continue;
        std::string_view rest = leaf.substr(text.size() + 2);
        constexpr std::string_view kReverse = "_reverse";
        found.reverse = rest.ends_with(kReverse);
        if (found.reverse)
            rest.remove_suffix(kReverse.size());
        const auto layer = numberIn(rest);
        if (!layer)
            return false;
        found.role = role;
        found.layer = *layer;
        return true;
    }
    return false;
}

bool readCell(std::string_view leaf, RecurrentName& found)
{
    for (const auto& [text, role] : kRoles)
        if (leaf == text && role != Role::Projection) {
            found.role = role;
            return true;
        }
    return false;
}

bool readAuthors(std::string_view linear, std::string_view leaf, RecurrentName& found)
{
    const bool weight = leaf == "weight";
    if ((!weight && leaf != "bias") || (linear != "i2h" && linear != "h2h"))
        return false;
    if (linear == "i2h")
        found.role = weight ? Role::WeightIh : Role::BiasIh;
    else
        found.role = weight ? Role::WeightHh : Role::BiasHh;
    return true;
}

/// Splits "net.0.cell" at its last number.
void findCellNumber(std::string_view module, RecurrentName& found)
{
    found.list = module;
    for (std::string_view rest = module; !rest.empty(); rest = parentOf(rest)) {
        const auto number = numberIn(leafOf(rest));
        if (!number)
            continue;
        found.numbered = true;
        found.layer = *number;
        found.list = parentOf(rest);
        found.inner = rest.size() < module.size() ? module.substr(rest.size() + 1) : std::string_view {};
        return;
    }
}

} // namespace

bool isSeparator(char c)
{
    return c == '.' || c == '/';
}

std::string_view parentOf(std::string_view name)
{
    const std::size_t at = name.find_last_of("./");
    return at == std::string_view::npos ? std::string_view {} : name.substr(0, at);
}

std::string_view leafOf(std::string_view name)
{
    return name.substr(name.find_last_of("./") + 1); // npos + 1 is 0
}

std::optional<std::size_t> numberIn(std::string_view text)
{
    constexpr std::size_t kMostDigits = 6;
    const bool digits
        = std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }) && !text.empty();
    if (!digits || text.size() > kMostDigits)
        return {};
    std::size_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

std::optional<RecurrentName> recurrentName(std::string_view name)
{
    RecurrentName found;
    const std::string_view parent = parentOf(name);
    const std::string_view leaf = leafOf(name);
    std::string_view module = parent;
    if (readTorch(leaf, found)) {
        found.scheme = Scheme::Torch;
    } else if (readCell(leaf, found)) {
        found.scheme = Scheme::Cells;
    } else if (readAuthors(leafOf(parent), leaf, found)) {
        found.scheme = Scheme::Authors;
        module = parentOf(parent);
    } else {
        return {};
    }
    if (holdsMoments(module))
        return {};
    if (found.scheme == Scheme::Torch)
        found.list = module;
    else
        findCellNumber(module, found);
    found.module = name.substr(0, module.empty() ? 0 : module.size() + 1);
    return found;
}

std::string lastPart(Scheme scheme, Role role, std::size_t layer)
{
    switch (scheme) {
    case Scheme::Torch:
        return fmt::format("{}_l{}", roleText(role), layer);
    case Scheme::Cells:
        return std::string(roleText(role));
    case Scheme::Authors:
        return fmt::format("{}.{}", role == Role::WeightIh || role == Role::BiasIh ? "i2h" : "h2h",
                           role == Role::WeightIh || role == Role::WeightHh ? "weight" : "bias");
    }
    return {};
}

} // namespace rnnscope::weights
