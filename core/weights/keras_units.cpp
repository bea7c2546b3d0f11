#include "core/weights/keras_units.h"

#include <algorithm>
#include <cctype>
#include <map>

namespace rnnscope::weights {

namespace {

constexpr std::size_t kUnknown = static_cast<std::size_t>(-1);

std::vector<std::string_view> parts(std::string_view path)
{
    std::vector<std::string_view> found;
    while (!path.empty()) {
        const std::size_t slash = std::min(path.find('/'), path.size());
        if (slash > 0)
            found.push_back(path.substr(0, slash));
        path.remove_prefix(std::min(slash + 1, path.size()));
    }
    return found;
}

bool isContainer(std::string_view part)
{
    return part == "model_weights" || part == "layers" || part == "_layer_checkpoint_dependencies";
}

std::string_view folderOf(std::string_view path)
{
    const std::size_t slash = path.rfind('/');
    return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

/// "kernel" of "lstm/lstm_cell/kernel:0"; "0" of "layers/dense/vars/0".
std::string_view leafOf(std::string_view path)
{
    const std::string_view leaf = path.substr(path.rfind('/') + 1);
    return leaf.substr(0, leaf.rfind(':'));
}

bool inVars(std::string_view folder)
{
    return folder == "vars" || folder.ends_with("/vars");
}

/// Is this "cell", "lstm_cell" or "lstm_cell_3"?
bool isCellFolder(std::string_view part)
{
    while (!part.empty() && std::isdigit(static_cast<unsigned char>(part.back())) != 0)
        part.remove_suffix(1);
    if (part.ends_with('_'))
        part.remove_suffix(1);
    return part == "cell" || part.ends_with("_cell");
}

/// lstm_2 before lstm_10.
bool naturalLess(std::string_view a, std::string_view b)
{
    const auto digits = [](std::string_view text, std::size_t at) {
        std::size_t count = 0;
        while (at + count < text.size() && std::isdigit(static_cast<unsigned char>(text[at + count])) != 0)
            ++count;
        return count;
    };
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < a.size() && j < b.size()) {
        const std::size_t m = digits(a, i);
        const std::size_t n = digits(b, j);
        if (m > 0 && n > 0) {
            if (m != n)
                return m < n;
            if (const int order = a.substr(i, m).compare(b.substr(j, n)); order != 0)
                return order < 0;
            i += m;
            j += n;
        } else if (a[i] != b[j]) {
            return a[i] < b[j];
        } else {
            ++i;
            ++j;
        }
    }
    return a.size() - i < b.size() - j;
}

class UnitFinder
{
public:
    UnitFinder(const std::vector<TensorInfo>& tensors, const KerasConfig& config,
               const std::vector<std::string>& layerNames)
        : m_tensors(tensors)
        , m_config(config)
        , m_layerNames(layerNames)
    {
        for (std::size_t i = 0; i < config.layers.size(); ++i) {
            m_byName.emplace(config.layers[i].name, i);
            m_byFile.emplace(config.layers[i].file, i);
        }
        for (std::size_t i = 0; i < layerNames.size(); ++i)
            m_places.emplace(layerNames[i], i);
    }

    KerasUnits find()
    {
        KerasUnits found;
        std::map<std::string_view, std::vector<std::size_t>> folders;
        for (std::size_t i = 0; i < m_tensors.size(); ++i) {
            const std::string_view name = m_tensors[i].name;
            if (name.starts_with("optimizer/") || name.starts_with("optimizer_weights/"))
                ++found.optimizer;
            else
                folders[folderOf(name)].push_back(i);
        }
        for (const auto& [folder, members] : folders)
            found.units.push_back(unit(std::string(folder), members));
        found.ordered = !m_config.layers.empty() || !m_layerNames.empty();
        std::sort(found.units.begin(), found.units.end(), [](const KerasUnit& a, const KerasUnit& b) {
            if (a.order != b.order)
                return a.order < b.order;
            if (a.backward != b.backward)
                return b.backward; // joins the other direction, see keras_stacks
            return naturalLess(a.folder, b.folder);
        });
        nameApart(found.units);
        return found;
    }

private:
    KerasUnit unit(std::string folder, const std::vector<std::size_t>& members) const
    {
        KerasUnit made;
        made.folder = std::move(folder);
        made.tensors = members;
        place(made);
        for (const std::size_t i : members) {
            made.weights = made.weights || isFloat(m_tensors[i].dtype);
            const std::string_view leaf = leafOf(m_tensors[i].name);
            if (leaf == "kernel" || (leaf == "0" && inVars(made.folder)))
                made.kernel = i;
            if (leaf == "recurrent_kernel")
                made.recurrent = i;
            if (leaf == "bias")
                made.bias = i;
        }
        if (inVars(made.folder))
            takeNumbered(made);
        const bool matrix = made.kernel != Part::kAbsent && m_tensors[made.kernel].shape.size() == 2;
        if (matrix && made.recurrent != Part::kAbsent && m_tensors[made.recurrent].shape.size() == 2)
            made.kind = KerasUnit::Kind::Cell;
        else if (matrix && made.recurrent == Part::kAbsent && isDense(made))
            made.kind = KerasUnit::Kind::Dense;
        return made;
    }

    /// Keras 3 numbers a layer's variables: a cell's kernel, recurrent kernel, bias; a Dense layer's kernel, bias.
    void takeNumbered(KerasUnit& made) const
    {
        const auto all = parts(made.folder);
        const bool cell = all.size() >= 2 && isCellFolder(all[all.size() - 2]);
        for (const std::size_t i : made.tensors) {
            const std::string_view leaf = leafOf(m_tensors[i].name);
            if (leaf == "1")
                (cell ? made.recurrent : made.bias) = i;
            if (leaf == "2" && cell)
                made.bias = i;
        }
    }

    bool isDense(const KerasUnit& made) const
    {
        if (made.config != nullptr && made.config->kind != "Dense")
            return false;
        if (made.config == nullptr && made.bias == Part::kAbsent && made.layer.find("dense") == std::string::npos)
            return false; // an embedding is one matrix, too
        if (made.tensors.size() > (made.bias == Part::kAbsent ? 1U : 2U))
            return false;
        const auto& bias
            = made.bias == Part::kAbsent ? std::vector {m_tensors[made.kernel].shape[1]} : m_tensors[made.bias].shape;
        return bias == std::vector {m_tensors[made.kernel].shape[1]};
    }

    /// Which layer of the model this is, and which comes before which.
    void place(KerasUnit& made) const
    {
        std::vector<std::string_view> path;
        for (const auto part : parts(made.folder)) {
            if (!isContainer(part))
                path.push_back(part);
            made.backward = made.backward || part.starts_with("backward_");
            made.forward = made.forward || part.starts_with("forward_");
        }
        made.layer = path.empty() ? made.folder : std::string(path.front());
        made.order = kUnknown;
        if (const auto known = m_places.find(made.layer); known != m_places.end())
            made.order = known->second;
        const std::size_t at = inVars(made.folder) ? byFile(path) : byName(path);
        if (at == kUnknown)
            return;
        made.config = &m_config.layers[at];
        made.order = at;
        if (!made.config->name.empty())
            made.layer = made.config->name;
    }

    std::size_t byFile(const std::vector<std::string_view>& path) const
    {
        std::string name;
        std::size_t found = kUnknown;
        for (const auto part : path) {
            name += name.empty() ? "" : "/";
            name += part;
            if (const auto at = m_byFile.find(name); at != m_byFile.end())
                found = at->second;
        }
        return found == kUnknown ? byName(path) : found;
    }

    std::size_t byName(const std::vector<std::string_view>& path) const
    {
        for (auto part = path.rbegin(); part != path.rend(); ++part)
            if (const auto at = m_byName.find(*part); at != m_byName.end())
                return at->second;
        return kUnknown;
    }

    /// Cells of one layer (of a model inside a model) get their folder's name.
    static void nameApart(std::vector<KerasUnit>& units)
    {
        std::map<std::string, int> cells;
        for (const KerasUnit& unit : units)
            if (unit.kind == KerasUnit::Kind::Cell && !unit.backward)
                ++cells[unit.layer];
        for (KerasUnit& unit : units)
            if (unit.kind == KerasUnit::Kind::Cell && cells[unit.layer] > 1)
                unit.layer = unit.folder;
    }

    const std::vector<TensorInfo>& m_tensors;
    const KerasConfig& m_config;
    const std::vector<std::string>& m_layerNames;
    std::map<std::string, std::size_t, std::less<>> m_byName;
    std::map<std::string, std::size_t, std::less<>> m_byFile;
    std::map<std::string, std::size_t, std::less<>> m_places;
};

} // namespace

bool looksLikeKeras(const std::vector<TensorInfo>& tensors)
{
    return std::any_of(tensors.begin(), tensors.end(), [](const TensorInfo& tensor) {
        const std::string_view leaf = leafOf(tensor.name);
        return leaf == "kernel" || leaf == "recurrent_kernel"
            || (inVars(folderOf(tensor.name)) && !leaf.empty() && leaf.find_first_not_of("0123456789") == leaf.npos);
    });
}

KerasUnits findKerasUnits(const std::vector<TensorInfo>& tensors, const KerasConfig& config,
                          const std::vector<std::string>& layerNames)
{
    return UnitFinder(tensors, config, layerNames).find();
}

} // namespace rnnscope::weights
