#include "core/weights/hdf5_tensors.h"
#include "core/weights/keras_stacks.h"
#include "core/weights/readers.h"
#include "core/zoo/hdf5_dataset.h"

#include <algorithm>
#include <array>
#include <set>
#include <unordered_set>

namespace rnnscope::weights {

namespace {

using zoo::ArraySource;
using zoo::hdf5::Dataset;
using zoo::hdf5::guarded;
using zoo::hdf5::Handle;
using zoo::hdf5::Lock;
using zoo::hdf5::Node;
using zoo::hdf5::raise;

Dtype dtypeOf(const Dataset& dataset)
{
    if (dataset.isHalf())
        return Dtype::Float16;
    const Lock lock;
    const Handle type(H5Dget_type(dataset.id()), H5Tclose, dataset.where() + " is damaged");
    switch (H5Tget_class(type.get())) {
    case H5T_FLOAT:
        return H5Tget_size(type.get()) == 8 ? Dtype::Float64 : Dtype::Float32;
    case H5T_ENUM:
        return H5Tget_size(type.get()) == 1 ? Dtype::Boolean : Dtype::Integer;
    case H5T_INTEGER:
        return Dtype::Integer;
    default:
        return Dtype::Other;
    }
}

/// Is this a name that PyTorch gives a parameter or buffer of a layer, without the layer's own?
bool isTorchLeaf(std::string_view leaf)
{
    constexpr std::array<std::string_view, 7> kPlain {"weight",       "bias",        "weight_ih",          "weight_hh",
                                                      "running_mean", "running_var", "num_batches_tracked"};
    constexpr std::array<std::string_view, 5> kLayers {"weight_ih_l", "weight_hh_l", "bias_ih_l", "bias_hh_l",
                                                       "weight_hr_l"};
    return std::find(kPlain.begin(), kPlain.end(), leaf) != kPlain.end() || leaf == "bias_ih" || leaf == "bias_hh"
        || std::any_of(kLayers.begin(), kLayers.end(), [&](auto begin) { return leaf.starts_with(begin); });
}

class Hdf5Tensors final : public TensorFile
{
public:
    Hdf5Tensors(const std::shared_ptr<const MappedFile>& file, const std::optional<KerasConfig>& config)
        : TensorFile(file->path(), config ? Format::KerasArchive : Format::KerasHdf5)
        , m_root(Node::openFile(file))
    {
        const Lock lock;
        list();
        const KerasConfig said = config ? *config : readConfig();
        if (config || looksLikeKeras(m_tensors))
            takeKeras(said);
        else
            takeState();
    }

    Result<void> read(std::size_t tensor, std::span<float> out) const override
    {
        return guarded(path(), [&] { readInto(tensor, out); });
    }

private:
    struct Folder
    {
        Node node;
        std::string name; ///< with a slash behind it; empty for the root
        int depth = 0;
    };

    void list()
    {
        constexpr int kDeepest = 64;
        std::unordered_set<haddr_t> seen;
        std::vector<Folder> left;
        const auto enter = [&](Node node, std::string name, int depth) {
            H5O_info_t info;
            if (H5Oget_info2(node.id(), &info, H5O_INFO_BASIC) < 0 || depth > kDeepest)
                raise(Errc::BadFormat, fmt::format("{} is damaged or nested too deeply", node.where()));
            if (seen.insert(info.addr).second) // links can go round in circles
                left.push_back({std::move(node), std::move(name), depth});
        };
        enter(m_root.copy(), "", 0);
        while (!left.empty()) {
            const Folder folder = std::move(left.back());
            left.pop_back();
            for (const std::string& name : folder.node.members()) {
                if (!folder.node.has(name))
                    continue; // a link into another file
                const H5I_type_t kind = H5Iget_type(folder.node.openObject(name).get());
                if (kind == H5I_GROUP)
                    enter(folder.node.group(name), folder.name + name + "/", folder.depth + 1);
                else if (kind == H5I_DATASET)
                    take(folder, name);
            }
        }
        order();
        if (m_skipped > 0)
            m_notes.push_back(fmt::format("{} of its arrays hold no numbers", m_skipped));
    }

    void take(const Folder& folder, const std::string& name)
    {
        if (!isNumbers(folder.node.openObject(name))) {
            ++m_skipped;
            return;
        }
        Dataset dataset(folder.node, name);
        if (m_tensors.size() >= kMostTensors)
            raise(Errc::BadFormat, fmt::format("{} has over {} tensors", path().string(), kMostTensors));
        if (dataset.entries() > kMostEntries)
            raise(Errc::BadFormat, dataset.where() + " has more entries than any tensor");
        m_tensors.push_back({folder.name + name, dataset.shape(), dtypeOf(dataset)});
        m_paths.push_back(folder.name + name);
        auto array = Dataset::array(std::move(dataset));
        // Others keep the library's handle and its caches; they are opened again when they are read.
        m_arrays.push_back(std::dynamic_pointer_cast<const zoo::RawArray>(array));
    }

    static bool isNumbers(const Handle& dataset)
    {
        const Handle type(H5Dget_type(dataset.get()), H5Tclose, "a type is damaged");
        const Handle space(H5Dget_space(dataset.get()), H5Sclose, "a dataspace is damaged");
        return H5Tget_class(type.get()) != H5T_STRING && zoo::hdf5::isUsableType(type.get())
            && H5Sget_simple_extent_type(space.get()) != H5S_NULL;
    }

    /// By name, as other tools list them; the walk above goes through groups last first.
    void order()
    {
        std::vector<std::size_t> places(m_tensors.size());
        for (std::size_t i = 0; i < places.size(); ++i)
            places[i] = i;
        std::sort(places.begin(), places.end(), [&](auto a, auto b) { return m_paths[a] < m_paths[b]; });
        const auto sorted = [&](auto& values) {
            std::remove_reference_t<decltype(values)> moved;
            for (const std::size_t place : places)
                moved.push_back(std::move(values[place]));
            values = std::move(moved);
        };
        sorted(m_tensors);
        sorted(m_paths);
        sorted(m_arrays);
    }

    KerasConfig readConfig() const
    {
        constexpr auto kName = "model_config";
        return m_root.hasAttribute(kName) ? parseKerasConfig(m_root.text(kName)) : KerasConfig {};
    }

    std::vector<std::string> readLayerNames() const
    {
        constexpr auto kName = "layer_names";
        if (m_root.hasAttribute(kName))
            return m_root.texts(kName);
        if (!m_root.has("model_weights"))
            return {};
        const Node weights = m_root.group("model_weights");
        return weights.hasAttribute(kName) ? weights.texts(kName) : std::vector<std::string> {};
    }

    void takeKeras(const KerasConfig& config)
    {
        const KerasUnits units = findKerasUnits(m_tensors, config, readLayerNames());
        KerasNetworks found = buildKerasStacks(m_tensors, config, units);
        m_declared = std::move(found.stacks);
        m_notes.insert(m_notes.end(), found.notes.begin(), found.notes.end());
        if (units.optimizer > 0)
            m_notes.push_back(fmt::format("the optimizer's {} tensors were left out", units.optimizer));
    }

    /// A state_dict: groups on the way to a name of PyTorch's become its dots, "lstm/weight_ih_l0" lstm.weight_ih_l0.
    void takeState()
    {
        m_format = Format::StateHdf5;
        std::set<std::string> names(m_paths.begin(), m_paths.end());
        for (TensorInfo& tensor : m_tensors) {
            const std::size_t slash = tensor.name.rfind('/');
            if (slash == std::string::npos || !isTorchLeaf(std::string_view(tensor.name).substr(slash + 1)))
                continue;
            std::string dotted = tensor.name;
            std::replace(dotted.begin(), dotted.end(), '/', '.');
            if (names.insert(dotted).second)
                tensor.name = std::move(dotted);
        }
    }

    void readInto(std::size_t tensor, std::span<float> out) const
    {
        const TensorInfo& info = m_tensors.at(tensor);
        if (out.size() != info.entries())
            raise(Errc::ShapeMismatch,
                  fmt::format("{} of {} has {} entries, {} were asked for", m_paths[tensor], path().string(),
                              info.entries(), out.size()));
        if (out.empty())
            return;
        if (const auto& array = m_arrays[tensor]; array != nullptr && !info.shape.empty())
            return zoo::hdf5::unwrap(array->read(std::array<std::size_t, 1> {0}, info.shape[0], out));
        const Dataset dataset(m_root, m_paths[tensor]);
        if (dataset.shape() != info.shape)
            raise(Errc::BadFormat, dataset.where() + " has changed");
        if (info.shape.empty())
            out[0] = dataset.readFloats().at(0);
        else
            dataset.read(std::array<std::size_t, 1> {0}, info.shape[0], out);
    }

    Node m_root;
    std::vector<std::string> m_paths; ///< inside the file, by tensor
    std::vector<std::shared_ptr<const zoo::RawArray>> m_arrays; ///< by tensor; null: not in one piece
    std::size_t m_skipped = 0;
};

} // namespace

Result<std::shared_ptr<const TensorFile>> openHdf5Tensors(const std::shared_ptr<const MappedFile>& file,
                                                          const std::optional<KerasConfig>& config)
{
    return guarded(file->path(), [&]() -> std::shared_ptr<const TensorFile> {
        return std::make_shared<const Hdf5Tensors>(file, config);
    });
}

OpenedFile openHdf5(const std::shared_ptr<const MappedFile>& file)
{
    return openHdf5Tensors(file, std::nullopt);
}

} // namespace rnnscope::weights
