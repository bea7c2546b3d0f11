#include "core/weights/onnx_stack.h"

#include "core/base/printable.h"
#include "core/weights/onnx_head.h"
#include "core/weights/onnx_layer.h"

#include <algorithm>
#include <onnx/onnx_pb.h>
#include <unordered_set>

namespace rnnscope::weights {

namespace {

constexpr int kSequence = 0; ///< a recurrent node's outputs: every step,
constexpr int kLastStep = 1; ///< the last step, the last cell state

class StackFinder
{
public:
    explicit StackFinder(const OnnxGraph& graph)
        : m_graph(graph)
    {
    }

    OnnxStacks find()
    {
        readLayers();
        link();
        for (const OnnxLinear& linear : findOnnxLinear(m_graph))
            if (const auto layer = m_layerOf.find(linear.reads.node); layer != m_layerOf.end()
                && linear.reads.output <= kLastStep && m_layers[layer->second].outputs == linear.inputs)
                m_linear[layer->second].push_back(linear);
        for (std::size_t i = 0; i < m_layers.size(); ++i)
            if (!m_before[i])
                addStack(i);
        return std::move(m_found);
    }

private:
    void readLayers()
    {
        for (int i = 0; i < m_graph.graph().node_size(); ++i)
            if (isRecurrent(m_graph.node(i))) {
                m_layerOf.emplace(i, m_layers.size());
                m_layers.push_back(readOnnxLayer(m_graph, i));
            }
        m_before.resize(m_layers.size());
        m_after.resize(m_layers.size());
        m_linear.resize(m_layers.size());
    }

    /// A layer follows another when it alone reads its sequence.
    void link()
    {
        for (std::size_t i = 0; i < m_layers.size(); ++i) {
            const auto from = inputOf(i);
            const auto before = m_layerOf.find(from.node);
            if (before != m_layerOf.end() && from.output == kSequence && before->second != i
                && m_layers[before->second].outputs == static_cast<std::size_t>(m_layers[i].inputSize))
                m_after[before->second].push_back(i);
        }
        for (const auto& followers : m_after)
            if (followers.size() == 1)
                m_before[followers.front()] = true;
    }

    OnnxGraph::Source inputOf(std::size_t layer) const
    {
        return m_graph.source(m_graph.input(m_graph.node(m_layers[layer].node), 0), OnnxGraph::Between::Layers);
    }

    void addStack(std::size_t first)
    {
        std::vector<std::size_t> chain {first};
        while (m_after[chain.back()].size() == 1)
            chain.push_back(m_after[chain.back()].front());
        RecurrentStack stack;
        stack.name = uniqueName(m_graph.node(m_layers[first].node));
        stack.cell = m_layers[first].cell;
        stack.inputSize = m_layers[first].inputSize;
        stack.hiddenSize = m_layers[first].hiddenSize;
        stack.bias = false;
        for (const std::size_t layer : chain)
            addLayer(stack, m_layers[layer]);
        addHeads(stack, m_linear[chain.back()]);
        noteInput(stack.name, first);
        if (std::any_of(chain.begin(), chain.end(), [this](std::size_t layer) { return m_layers[layer].freeStart; }))
            m_found.notes.push_back(fmt::format("the initial state of {} is an input of the graph, zeros were taken",
                                                printable(stack.name)));
        m_found.stacks.push_back(std::move(stack));
    }

    static void addLayer(RecurrentStack& stack, const OnnxLayer& layer)
    {
        stack.layers.push_back(layer.parts);
        stack.others.insert(stack.others.end(), layer.others.begin(), layer.others.end());
        stack.bias = stack.bias || layer.bias;
        if (stack.unfit.empty())
            stack.unfit = layer.unfit;
        if (stack.unfit.empty() && (layer.cell != stack.cell || layer.hiddenSize != stack.hiddenSize))
            stack.unfit = fmt::format("feeds layers of another kind or width ({} {} wide, then {} {} wide), expected "
                                      "layers that are alike",
                                      zoo::name(stack.cell), stack.hiddenSize, zoo::name(layer.cell), layer.hiddenSize);
    }

    static void addHeads(RecurrentStack& stack, const std::vector<OnnxLinear>& readers)
    {
        for (const OnnxLinear& linear : readers)
            if (!linear.readOn)
                stack.heads.push_back(linear.head);
        stack.headIsClear = stack.heads.size() == 1;
        if (stack.heads.empty() && !readers.empty() && stack.unfit.empty())
            stack.unfit = fmt::format("is read by several layers, the first of which is {}, expected one linear head",
                                      printable(readers.front().head.name));
    }

    void noteInput(const std::string& name, std::size_t first)
    {
        const auto from = inputOf(first);
        if (from.node >= 0)
            m_found.notes.push_back(fmt::format("what {} reads is made by node {} ({}), which was left out",
                                                printable(name), printable(m_graph.node(from.node).name()),
                                                printable(m_graph.node(from.node).op_type())));
    }

    /// The module's path, else the node's name, else its output, which no other node has.
    std::string uniqueName(const onnx::NodeProto& node)
    {
        std::vector<std::string> names {nameOf(node), node.name()};
        names.insert(names.end(), node.output().begin(), node.output().end());
        for (std::string& name : names)
            if (!name.empty() && m_names.insert(name).second)
                return std::move(name);
        return nameOf(node);
    }

    const OnnxGraph& m_graph;
    std::vector<OnnxLayer> m_layers;
    std::unordered_map<int, std::size_t> m_layerOf; ///< by node
    std::vector<std::vector<std::size_t>> m_after; ///< layers that read a layer's sequence
    std::vector<bool> m_before; ///< is it the only one that follows another?
    std::vector<std::vector<OnnxLinear>> m_linear; ///< that read a layer
    std::unordered_set<std::string> m_names;
    OnnxStacks m_found;
};

} // namespace

OnnxStacks findOnnxStacks(const OnnxGraph& graph)
{
    return StackFinder(graph).find();
}

} // namespace rnnscope::weights
