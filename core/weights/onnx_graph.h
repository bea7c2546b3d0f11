#pragma once

#include "core/weights/onnx_tensor.h"

#include <optional>
#include <string_view>
#include <unordered_map>

namespace onnx {
class GraphProto;
class NodeProto;
} // namespace onnx

namespace rnnscope::weights {

/// What makes the values of an ONNX graph. Never runs anything; looks back over 32 nodes at most.
class OnnxGraph
{
public:
    /// Nodes between two others that do not change the numbers that pass.
    enum class Between {
        Layers, ///< only their arrangement: Squeeze, Unsqueeze, Transpose, Reshape, Identity, Cast, Dropout
        LayerAndHead, ///< also what takes some of the steps: Slice, Gather, Flatten
        LinearMaps ///< also activations and added constants
    };
    /// The node that makes a value.
    struct Source
    {
        int node = -1; ///< -1: none, it is an input or a constant
        int output = 0; ///< which one of the node's
        std::string_view value; ///< its name there
    };
    /// A stored tensor, perhaps through Identity or Transpose nodes.
    struct Constant
    {
        std::size_t tensor = 0;
        bool transposed = false; ///< of rank 2 only
    };

    /// Both must outlive this. `tensors` bear the names of the graph's values.
    OnnxGraph(const onnx::GraphProto& graph, const std::vector<OnnxTensor>& tensors);

    const onnx::GraphProto& graph() const { return m_graph; }
    const onnx::NodeProto& node(int index) const;
    const OnnxTensor& tensor(std::size_t index) const { return m_tensors[index]; }
    /// Input `index` of a node; empty when it is left out.
    std::string_view input(const onnx::NodeProto& node, int index) const;
    Source source(std::string_view value, Between between) const;
    std::optional<Constant> constant(std::string_view value) const;
    /// Does whoever runs the graph give the value?
    bool isFree(std::string_view value) const;
    /// Is the value all zeros whatever goes into the graph?
    bool isZero(std::string_view value) const;

private:
    Source producer(std::string_view value) const;
    bool isZeroTensor(std::size_t index) const;
    /// The input that goes through `node` unchanged, or nothing.
    std::optional<std::string_view> passed(const onnx::NodeProto& node, Between between) const;

    const onnx::GraphProto& m_graph;
    const std::vector<OnnxTensor>& m_tensors;
    std::unordered_map<std::string_view, std::size_t> m_constants;
    std::unordered_map<std::string_view, Source> m_producers;
    mutable std::unordered_map<std::size_t, bool> m_zero; ///< tensors looked through already
};

/// An attribute of a node, or the value it has when it is left out.
std::int64_t integerAttribute(const onnx::NodeProto& node, std::string_view name, std::int64_t otherwise);
float floatAttribute(const onnx::NodeProto& node, std::string_view name, float otherwise);
bool hasAttribute(const onnx::NodeProto& node, std::string_view name);
/// The module's path as PyTorch names nodes ("/model/rnn/LSTM" gives "model.rnn"), the node's name, or its first
/// output.
std::string nameOf(const onnx::NodeProto& node);

} // namespace rnnscope::weights
