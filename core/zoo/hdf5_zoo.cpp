#include "core/zoo/hdf5_zoo.h"

#include "core/zoo/array_zoo.h"
#include "core/zoo/hdf5_dataset.h"
#include "core/zoo/property_hdf5.h"

namespace rnnscope::zoo {

namespace {

using hdf5::Dataset;
using hdf5::Node;
using hdf5::raise;
using hdf5::unwrap;

/// Errors of parsers that do not know the file get its name.
template <typename T>
T named(const std::string& where, const Result<T>& result)
{
    if (!result)
        raise(result.error().code, fmt::format("{}: {}", where, result.error().message));
    if constexpr (!std::is_void_v<T>)
        return *result;
}

int sizeAttribute(const Node& group, const std::string& name)
{
    constexpr std::int64_t kLargest = 1 << 30;
    const std::int64_t value = group.integer(name);
    if (value < 1 || value > kLargest)
        raise(Errc::BadFormat,
              fmt::format("the attribute '{}' of {} is {}, expected a size", name, group.where(), value));
    return static_cast<int>(value);
}

Architecture readArchitecture(const Node& file)
{
    const Node group = file.group("architecture");
    Architecture found;
    found.cell = named(group.where(), cellFromName(group.text("cell")));
    found.inputSize = sizeAttribute(group, "input_size");
    found.hiddenSize = sizeAttribute(group, "hidden_size");
    found.numLayers = sizeAttribute(group, "num_layers");
    found.outputSize = sizeAttribute(group, "output_size");
    if (group.hasAttribute("bias"))
        found.bias = group.boolean("bias");
    if (group.hasAttribute("head") && group.text("head") != "linear")
        raise(
            Errc::BadFormat,
            fmt::format("the head of {} is '{}', expected 'linear'", group.where(), group.text("head").substr(0, 40)));
    named(group.where(), validate(found));
    return found;
}

std::shared_ptr<const RolloutSource> readRollouts(const Node& file, const Zoo& zoo)
{
    if (!file.has("rollouts"))
        return nullptr;
    const Node group = file.group("rollouts");
    if (!group.has("inputs") || !group.has("logits"))
        return nullptr;
    Dataset inputs(group, "inputs");
    Dataset logits(group, "logits");
    if (inputs.isText() || logits.isText())
        raise(Errc::BadFormat, group.where() + " holds text, expected numbers");
    return unwrap(
        makeRollouts(Dataset::array(std::move(inputs)), Dataset::array(std::move(logits)), zoo.architecture, zoo.size));
}

std::shared_ptr<const Zoo> readZoo(const fs::path& path)
{
    const Node file = Node::openFile(path);
    file.expectFormat("rnn-zoo", 1);
    auto zoo = std::make_shared<Zoo>();
    zoo->path = path;
    zoo->name = file.hasAttribute("name") ? file.text("name") : path.stem().string();
    if (file.hasAttribute("task_family"))
        zoo->family = named(path.string(), taskFamilyFromName(file.text("task_family")));
    if (file.hasAttribute("provenance"))
        zoo->provenance = file.text("provenance");
    zoo->architecture = readArchitecture(file);
    Dataset parameters(file, "parameters");
    if (parameters.isText())
        raise(Errc::BadFormat, parameters.where() + " holds text, expected numbers");
    zoo->size = parameters.shape().empty() ? 0 : parameters.shape()[0];
    zoo->parameters = unwrap(makeParameters(Dataset::array(std::move(parameters)), zoo->architecture));
    if (file.has("properties"))
        zoo->properties = hdf5::readProperties(file.group("properties"), zoo->size);
    zoo->rollouts = readRollouts(file, *zoo);
    return zoo;
}

} // namespace

Result<std::shared_ptr<const Zoo>> openHdf5Zoo(const fs::path& path)
{
    return hdf5::guarded(path, [&] { return readZoo(path); });
}

} // namespace rnnscope::zoo
