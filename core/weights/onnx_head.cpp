#include "core/weights/onnx_head.h"

#include "core/weights/onnx_layer.h"

#include <algorithm>
#include <onnx/onnx_pb.h>

namespace rnnscope::weights {

namespace {

constexpr std::size_t kLargest = std::size_t {1} << 20U;

/// Is it Gemm with plain factors, or MatMul?
bool isProduct(const onnx::NodeProto& node)
{
    if (!isStandard(node) || node.output_size() == 0)
        return false;
    return node.op_type() == "MatMul"
        || (node.op_type() == "Gemm" && integerAttribute(node, "transA", 0) == 0
            && floatAttribute(node, "alpha", 1.0F) == 1.0F && floatAttribute(node, "beta", 1.0F) == 1.0F);
}

/// Is the tensor one number per output, added to every row?
bool isBias(const OnnxTensor& tensor, std::size_t outputs)
{
    const auto& shape = tensor.info.shape;
    return !shape.empty() && shape.back() == outputs && tensor.info.entries() == outputs;
}

/// "linear" of "linear.weight", or nothing.
std::string moduleOf(const std::string& tensor, std::string_view suffix)
{
    return tensor.size() > suffix.size() && tensor.ends_with(suffix) ? tensor.substr(0, tensor.size() - suffix.size())
                                                                     : std::string();
}

std::optional<OnnxLinear> readProduct(const OnnxGraph& graph, int index)
{
    const onnx::NodeProto& node = graph.node(index);
    const auto weight = isProduct(node) ? graph.constant(graph.input(node, 1)) : std::nullopt;
    if (!weight)
        return {};
    const OnnxTensor& tensor = graph.tensor(weight->tensor);
    const auto& shape = tensor.info.shape;
    if (shape.size() != 2 || shape[0] == 0 || shape[1] == 0 || shape[0] > kLargest || shape[1] > kLargest)
        return {};
    const bool outputsFirst
        = (integerAttribute(node, "transB", 0) != 0 && node.op_type() == "Gemm") != weight->transposed;
    OnnxLinear linear;
    linear.node = index;
    linear.reads = graph.source(graph.input(node, 0), OnnxGraph::Between::LayerAndHead);
    linear.inputs = outputsFirst ? shape[1] : shape[0];
    linear.head.outputSize = static_cast<int>(outputsFirst ? shape[0] : shape[1]);
    linear.head.weight.tensor = weight->tensor;
    linear.head.weight.transposed = !outputsFirst;
    linear.head.name = moduleOf(tensor.info.name, ".weight");
    if (linear.head.name.empty())
        linear.head.name = nameOf(node);
    return linear;
}

/// False when what is added is no bias.
bool addBias(const OnnxGraph& graph, OnnxLinear& linear, std::string_view value)
{
    const auto bias = graph.constant(value);
    if (!bias || linear.head.bias.present()
        || !isBias(graph.tensor(bias->tensor), static_cast<std::size_t>(linear.head.outputSize)))
        return false;
    linear.head.bias.tensor = bias->tensor;
    return true;
}

/// Linear maps by the node that makes their output, found and followed.
class LinearFinder
{
public:
    explicit LinearFinder(const OnnxGraph& graph)
        : m_graph(graph)
    {
    }

    std::vector<OnnxLinear> find()
    {
        const int nodes = m_graph.graph().node_size();
        for (int i = 0; i < nodes; ++i)
            if (auto linear = readProduct(m_graph, i))
                if (const auto& node = m_graph.node(i); node.op_type() != "Gemm" || m_graph.input(node, 2).empty()
                    || addBias(m_graph, *linear, m_graph.input(node, 2))) {
                    m_of.emplace(i, m_found.size());
                    m_found.push_back(std::move(*linear));
                }
        for (int i = 0; i < nodes; ++i)
            if (isStandard(m_graph.node(i)) && m_graph.node(i).op_type() == "Add")
                takeBias(m_graph.node(i));
        for (const OnnxLinear& linear : m_found)
            follow(linear);
        std::vector<OnnxLinear> sound;
        for (std::size_t i = 0; i < m_found.size(); ++i)
            if (!m_broken.contains(i))
                sound.push_back(std::move(m_found[i]));
        return sound;
    }

private:
    void takeBias(const onnx::NodeProto& add)
    {
        for (const int side : {0, 1}) {
            const auto product = m_of.find(m_graph.source(m_graph.input(add, side), OnnxGraph::Between::Layers).node);
            if (product == m_of.end() || !m_graph.constant(m_graph.input(add, 1 - side)))
                continue;
            if (!addBias(m_graph, m_found[product->second], m_graph.input(add, 1 - side)))
                m_broken.emplace(product->second, true);
        }
    }

    /// Marks the linear map whose output comes to this one.
    void follow(const OnnxLinear& linear)
    {
        const auto from = m_graph.source(m_graph.input(m_graph.node(linear.node), 0), OnnxGraph::Between::LinearMaps);
        if (const auto before = m_of.find(from.node); before != m_of.end())
            m_found[before->second].readOn = true;
    }

    const OnnxGraph& m_graph;
    std::vector<OnnxLinear> m_found;
    std::unordered_map<int, std::size_t> m_of; ///< by node
    std::unordered_map<std::size_t, bool> m_broken; ///< something other than a bias is added to them
};

} // namespace

std::vector<OnnxLinear> findOnnxLinear(const OnnxGraph& graph)
{
    return LinearFinder(graph).find();
}

} // namespace rnnscope::weights
