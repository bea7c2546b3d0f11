#include "core/weights/keras_config.h"

#include <cctype>
#include <map>
#include <nlohmann/json.hpp>

namespace rnnscope::weights {

namespace {

using nlohmann::json;

constexpr int kDeepest = 16;
constexpr std::size_t kMostLayers = 10'000;

const json* member(const json& object, const char* key)
{
    if (!object.is_object())
        return nullptr;
    const auto found = object.find(key);
    return found == object.end() ? nullptr : &*found;
}

std::string text(const json& object, const char* key)
{
    const json* found = member(object, key);
    return found != nullptr && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<bool> truth(const json& object, const char* key)
{
    const json* found = member(object, key);
    return found != nullptr && found->is_boolean() ? std::optional<bool>(found->get<bool>()) : std::nullopt;
}

/// A name, or an object {"class_name": "function", "config": "tanh"}; null is linear.
std::string activation(const json& config, const char* key)
{
    const json* found = member(config, key);
    if (found == nullptr)
        return {};
    if (found->is_null())
        return "linear";
    if (found->is_string())
        return found->get<std::string>();
    const std::string inner = text(*found, "config");
    return inner.empty() ? "?" : inner;
}

/// Names of the layers that an inbound_nodes mentions: ["lstm", 0, 0] in Keras 2, "keras_history" in Keras 3.
void takeInputs(const json& node, int depth, std::vector<std::string>& inputs)
{
    if (depth > kDeepest || inputs.size() > kMostLayers)
        return;
    const bool tensor = node.is_array() && node.size() >= 3 && node[0].is_string() && node[1].is_number_integer()
        && node[2].is_number_integer();
    if (tensor)
        inputs.push_back(node[0].get<std::string>());
    else if (node.is_array() || node.is_object())
        for (const json& inner : node)
            takeInputs(inner, depth + 1, inputs);
}

const json* layersOf(const json& model)
{
    const json* config = member(model, "config");
    if (config != nullptr && config->is_array()) // Sequential, before Keras 2.2.3
        return config;
    const json* layers = config == nullptr ? nullptr : member(*config, "layers");
    return layers != nullptr && layers->is_array() ? layers : nullptr;
}

class ConfigReader
{
public:
    KerasConfig take(const json& model)
    {
        takeModel(model, "", 0);
        return std::move(m_config);
    }

private:
    void takeModel(const json& model, const std::string& file, int depth)
    {
        const json* layers = layersOf(model);
        if (layers == nullptr || depth > kDeepest)
            return;
        if (text(model, "class_name") != "Sequential")
            m_config.list = false;
        std::map<std::string, int> used;
        for (const json& layer : *layers) {
            if (m_config.layers.size() >= kMostLayers)
                return;
            const std::string name = kerasFileName(text(layer, "class_name"));
            const int before = used[name]++;
            const std::string unique = before == 0 ? name : name + "_" + std::to_string(before);
            takeLayer(layer, file.empty() ? unique : file + "/" + unique, depth);
        }
    }

    void takeLayer(const json& layer, const std::string& file, int depth)
    {
        const json* config = member(layer, "config");
        if (config == nullptr)
            return;
        if (layersOf(layer) != nullptr)
            return takeModel(layer, file, depth + 1);
        KerasLayer found;
        found.name = text(*config, "name");
        if (found.name.empty())
            found.name = text(layer, "name");
        found.kind = text(layer, "class_name");
        found.file = file;
        if (const json* inbound = member(layer, "inbound_nodes"); inbound != nullptr)
            takeInputs(*inbound, 0, found.inputs);
        for (int i = 0; i < kDeepest; ++i) { // wrappers
            const json* inner = member(*config, "layer");
            if (inner == nullptr || member(*inner, "config") == nullptr)
                break;
            if (found.wrapper != "Bidirectional")
                found.wrapper = found.kind;
            found.kind = text(*inner, "class_name");
            config = member(*inner, "config");
        }
        takeOptions(*config, found);
        m_config.layers.push_back(std::move(found));
    }

    static void takeOptions(const json& config, KerasLayer& layer)
    {
        layer.activation = activation(config, "activation");
        layer.recurrentActivation = activation(config, "recurrent_activation");
        layer.bias = truth(config, "use_bias");
        layer.resetAfter = truth(config, "reset_after");
        layer.backwards = truth(config, "go_backwards").value_or(false);
    }

    KerasConfig m_config;
};

} // namespace

std::string kerasFileName(std::string_view kind)
{
    const auto is
        = [&](std::size_t i, auto test) { return i < kind.size() && test(static_cast<unsigned char>(kind[i])) != 0; };
    const auto lower = [](int c) { return std::islower(c); };
    const auto upper = [](int c) { return std::isupper(c); };
    std::string name;
    for (std::size_t i = 0; i < kind.size(); ++i) {
        if (i > 0 && is(i, upper) && (is(i - 1, lower) || is(i + 1, lower)))
            name += '_';
        name += static_cast<char>(std::tolower(static_cast<unsigned char>(kind[i])));
    }
    return name;
}

KerasConfig parseKerasConfig(std::string_view text)
{
    const json model = json::parse(text, nullptr, false);
    return model.is_discarded() ? KerasConfig {} : ConfigReader().take(model);
}

} // namespace rnnscope::weights
