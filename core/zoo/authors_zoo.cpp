#include "core/zoo/authors_zoo.h"

#include "core/base/file.h"
#include "core/zoo/array_zoo.h"
#include "core/zoo/npy.h"

#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <regex>

namespace rnnscope::zoo {

namespace {

constexpr double kSamplesPerNetwork = 1000.0; // accepted samples are counted out of these

std::string folderName(const fs::path& folder)
{
    std::error_code status;
    const fs::path whole = fs::weakly_canonical(folder, status); // "zoo/" and "." have names too
    return (status ? folder : whole).filename().string();
}

bool present(const fs::path& path)
{
    std::error_code status;
    return fs::exists(path, status);
}

/// What args.json and the folder's name say; 0 where they are silent.
struct Description
{
    int hiddenSize = 0;
    int numLayers = 0;
    int numTokens = 0;
    int tileSize = 0;
};

void describeByName(const std::string& name, Description& description)
{
    const auto number = [&](const char* pattern, int group) {
        std::smatch match;
        constexpr int kMostDigits = 6;
        if (!std::regex_search(name, match, std::regex(pattern))
            || match.length(static_cast<std::size_t>(group)) > kMostDigits)
            return 0;
        return std::stoi(match.str(static_cast<std::size_t>(group)));
    };
    constexpr const char* kLayersByHidden = "_([0-9]+)x([0-9]+)$";
    if (name.size() > 512)
        return;
    description.numLayers = number(kLayersByHidden, 1);
    description.hiddenSize = number(kLayersByHidden, 2);
    description.numTokens = number("tokens_([0-9]+)", 1);
    description.tileSize = number("tile_([0-9]+)x[0-9]+", 1);
}

Result<void> describeByArguments(const fs::path& file, Description& description)
{
    const auto text = readText(file, std::size_t {1} << 20);
    if (!text)
        return forward(text);
    const auto json = nlohmann::json::parse(*text, nullptr, false);
    if (!json.is_object())
        return fail(Errc::BadFormat, file.string() + " is not a JSON object");
    constexpr int kLargest = 1 << 16;
    const std::array<std::pair<const char*, int*>, 4> keys {{{"rnn_hidden_size", &description.hiddenSize},
                                                             {"rnn_num_layers", &description.numLayers},
                                                             {"num_tokens", &description.numTokens},
                                                             {"tile_size", &description.tileSize}}};
    for (const auto& [key, value] : keys) {
        const auto found = json.find(key);
        if (found == json.end())
            continue;
        if (!found->is_number_integer() || *found < 1 || *found > kLargest)
            return fail(Errc::BadFormat,
                        fmt::format("{}: '{}' is {}, expected an integer from 1 to {}", file.string(), key,
                                    found->dump().substr(0, 40), kLargest));
        *value = found->get<int>();
    }
    return {};
}

Result<Description> describe(const fs::path& folder)
{
    Description description;
    describeByName(folderName(folder), description);
    if (present(folder / "args.json"))
        if (const auto read = describeByArguments(folder / "args.json", description); !read)
            return forward(read);
    if (description.hiddenSize == 0 || description.numLayers == 0)
        return fail(Errc::NotFound,
                    fmt::format("cannot tell the networks' size in {}: it has no args.json with rnn_hidden_size and "
                                "rnn_num_layers, and its name does not end like '_2x32'",
                                folder.string()));
    return description;
}

Result<TaskFamily> familyOf(const fs::path& folder)
{
    const std::string name = folderName(folder);
    if (present(folder / "num_step_correct.npy") || name.starts_with("formal"))
        return TaskFamily::FormalLanguage;
    if (present(folder / "num_step.npy") || present(folder / "accuracy_losses.npy")
        || name.find("mnist") != std::string::npos)
        return TaskFamily::SequentialMnist;
    return fail(
        Errc::NotFound,
        fmt::format("{} has neither num_step_correct.npy (formal languages) nor num_step.npy (sequential MNIST)",
                    folder.string()));
}

Result<Architecture> architectureOf(const fs::path& folder, TaskFamily family, std::size_t taskColumns)
{
    const auto description = describe(folder);
    if (!description)
        return forward(description);
    Architecture found {.cell = Cell::Lstm,
                        .inputSize = 0,
                        .hiddenSize = description->hiddenSize,
                        .numLayers = description->numLayers,
                        .outputSize = 10};
    if (family == TaskFamily::FormalLanguage) {
        constexpr int kSpecialTokens = 2; // begin and end
        const int tokens = description->numTokens != 0 ? description->numTokens : static_cast<int>(taskColumns);
        found.inputSize = found.outputSize = tokens + kSpecialTokens;
    } else {
        if (description->tileSize == 0 || description->tileSize > 28)
            return fail(Errc::NotFound,
                        fmt::format("cannot tell the tile size of {}: it has no args.json with tile_size from 1 to 28, "
                                    "and its name has no '_tile_4x4'",
                                    folder.string()));
        found.inputSize = description->tileSize * description->tileSize;
    }
    if (const auto valid = validate(found); !valid)
        return fail(Errc::BadFormat, fmt::format("{}: {}", folder.string(), valid.error().message));
    return found;
}

/// A small table with one row a network.
struct Table
{
    std::vector<double> values;
    std::size_t columns = 1;

    std::vector<double> column(std::size_t index) const
    {
        std::vector<double> out(values.size() / columns);
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i] = values[i * columns + index];
        return out;
    }
};

/// `columns` 0: any number from 1 on.
Result<Table> readTable(const fs::path& folder, const char* file, std::size_t rows, std::size_t columns)
{
    constexpr std::size_t kMostColumns = 4096;
    const auto array = openNpy(folder / file);
    if (!array && array.error().code == Errc::NotFound)
        return fail(Errc::NotFound, fmt::format("{} has no {}", folder.string(), file));
    if (!array)
        return forward(array);
    const auto& shape = (*array)->shape();
    const std::size_t width = shape.size() == 1 ? 1 : shape.size() == 2 ? shape[1] : 0;
    if (width == 0 || width > kMostColumns || shape[0] != rows || (columns != 0 && width != columns))
        return fail(Errc::ShapeMismatch,
                    fmt::format("{} has shape {}, expected {} rows like parameters.npy{}", (folder / file).string(),
                                describeShape(shape), rows,
                                columns == 0 ? std::string() : fmt::format(" of {} numbers", columns)));
    auto values = (*array)->readAll();
    if (!values)
        return forward(values);
    return Table {std::move(*values), width};
}

Property makeProperty(PropertyKind kind, std::string name, std::vector<double> values, std::string unit,
                      std::string description)
{
    Property property;
    property.name = std::move(name);
    property.kind = kind;
    property.unit = std::move(unit);
    property.description = std::move(description);
    property.values = std::move(values);
    return property;
}

Property integer(std::string name, std::vector<double> values, std::string description)
{
    return makeProperty(PropertyKind::Integer, std::move(name), std::move(values), "1", std::move(description));
}

Property real(std::string name, std::vector<double> values, std::string unit, std::string description)
{
    return makeProperty(PropertyKind::Real, std::move(name), std::move(values), std::move(unit),
                        std::move(description));
}

constexpr const char* kRunText = "id of the training run";
constexpr const char* kStepText = "training step of the snapshot";

Result<std::vector<Property>> formalProperties(const fs::path& folder, std::size_t rows, Table tasks)
{
    const auto table = readTable(folder, "num_step_correct.npy", rows, 3);
    if (!table)
        return forward(table);
    auto accuracy = table->column(2);
    for (double& value : accuracy)
        value /= kSamplesPerNetwork;
    Property task = integer("task", std::move(tasks.values), "occurrences of each token relative to the first");
    task.columns = tasks.columns;
    return std::vector {integer("run", table->column(0), kRunText), integer("step", table->column(1), kStepText),
                        std::move(task),
                        real("accuracy", std::move(accuracy), "1", "fraction of generated words in the language")};
}

Result<std::vector<Property>> mnistProperties(const fs::path& folder, std::size_t rows, Table tasks)
{
    const auto steps = readTable(folder, "num_step.npy", rows, 2);
    if (!steps)
        return forward(steps);
    const auto losses = readTable(folder, "accuracy_losses.npy", rows, 4);
    if (!losses)
        return forward(losses);
    if (tasks.columns != 1)
        return fail(Errc::ShapeMismatch,
                    fmt::format("{} has {} columns, expected the rotation alone", (folder / "tasks.npy").string(),
                                tasks.columns));
    const auto train = losses->column(1);
    const auto evaluation = losses->column(2);
    std::vector<double> gap(rows);
    for (std::size_t i = 0; i < rows; ++i)
        gap[i] = evaluation[i] - train[i];
    Property task = real("task", std::move(tasks.values), "deg", "rotation of the digits");
    task.kind = PropertyKind::Circular;
    task.period = 360.0;
    return std::vector {integer("run", steps->column(0), kRunText),
                        integer("step", steps->column(1), kStepText),
                        std::move(task),
                        real("accuracy", losses->column(0), "1", "fraction of held-out digits recognised"),
                        real("train_loss", train, "nat", "cross-entropy on the training digits"),
                        real("eval_loss", evaluation, "nat", "cross-entropy on held-out digits"),
                        real("generalization_gap", std::move(gap), "nat", "eval_loss - train_loss"),
                        real("weight_decay", losses->column(3), "1", "weight decay of the optimiser")};
}

Result<std::shared_ptr<const RolloutSource>> rolloutsOf(const fs::path& folder, const Zoo& zoo)
{
    if (!present(folder / "sequences.npy") || !present(folder / "logits.npy"))
        return std::shared_ptr<const RolloutSource>();
    auto inputs = openNpy(folder / "sequences.npy");
    if (!inputs)
        return forward(inputs);
    auto logits = openNpy(folder / "logits.npy");
    if (!logits)
        return forward(logits);
    return makeRollouts(std::move(*inputs), std::move(*logits), zoo.architecture, zoo.size);
}

Result<std::shared_ptr<const Zoo>> assemble(const fs::path& folder, std::shared_ptr<const RawArray> array)
{
    auto zoo = std::make_shared<Zoo>();
    zoo->path = folder;
    zoo->name = folderName(folder);
    const auto family = familyOf(folder);
    if (!family)
        return forward(family);
    zoo->family = *family;
    zoo->size = array->shape().empty() ? 0 : array->shape()[0];
    auto tasks = readTable(folder, "tasks.npy", zoo->size, 0);
    if (!tasks)
        return forward(tasks);
    const auto architecture = architectureOf(folder, *family, tasks->columns);
    if (!architecture)
        return forward(architecture);
    zoo->architecture = *architecture;
    auto parameters = makeParameters(std::move(array), *architecture);
    if (!parameters)
        return forward(parameters);
    zoo->parameters = std::move(*parameters);
    auto properties = *family == TaskFamily::FormalLanguage ? formalProperties(folder, zoo->size, std::move(*tasks))
                                                            : mnistProperties(folder, zoo->size, std::move(*tasks));
    if (!properties)
        return forward(properties);
    zoo->properties = std::move(*properties);
    auto rollouts = rolloutsOf(folder, *zoo);
    if (!rollouts)
        return forward(rollouts);
    zoo->rollouts = std::move(*rollouts);
    return zoo;
}

} // namespace

bool looksLikeAuthorsFolder(const fs::path& folder)
{
    for (const char* file : {"parameters.npy", "tasks.npy", "num_step_correct.npy", "num_step.npy"})
        if (present(folder / file))
            return true;
    return false;
}

Result<std::shared_ptr<const Zoo>> openAuthorsFolder(const fs::path& folder)
{
    auto array = openNpy(folder / "parameters.npy");
    if (!array && array.error().code == Errc::NotFound)
        return fail(Errc::NotFound, fmt::format("{} has no parameters.npy", folder.string()));
    if (!array)
        return forward(array);
    return assemble(folder, std::move(*array));
}

} // namespace rnnscope::zoo
