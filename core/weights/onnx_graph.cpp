#include "core/weights/onnx_graph.h"

#include <algorithm>
#include <array>
#include <onnx/onnx_pb.h>

namespace rnnscope::weights {

namespace {

constexpr int kMostSteps = 32;

template <std::size_t N>
bool isOneOf(std::string_view op, const std::array<std::string_view, N>& ops)
{
    return std::find(ops.begin(), ops.end(), op) != ops.end();
}

constexpr std::array<std::string_view, 7> kArranging {"Squeeze",  "Unsqueeze", "Transpose", "Reshape",
                                                      "Identity", "Cast",      "Dropout"};
constexpr std::array<std::string_view, 3> kTaking {"Slice", "Gather", "Flatten"};
constexpr std::array<std::string_view, 13> kActivations {
    "Relu",        "Tanh", "Sigmoid", "LeakyRelu",         "Elu", "Selu", "PRelu", "Gelu", "Softplus",
    "HardSigmoid", "Clip", "Softmax", "LayerNormalization"};
/// What an all-zero value may go through.
constexpr std::array<std::string_view, 1> kSpreading {"Expand"};

const onnx::AttributeProto* attribute(const onnx::NodeProto& node, std::string_view name)
{
    for (const onnx::AttributeProto& one : node.attribute())
        if (one.name() == name)
            return &one;
    return nullptr;
}

bool swapsTwoDimensions(const onnx::NodeProto& node)
{
    const onnx::AttributeProto* const order = attribute(node, "perm");
    return order == nullptr || (order->ints_size() == 2 && order->ints(0) == 1 && order->ints(1) == 0);
}

} // namespace

OnnxGraph::OnnxGraph(const onnx::GraphProto& graph, const std::vector<OnnxTensor>& tensors)
    : m_graph(graph)
    , m_tensors(tensors)
{
    for (std::size_t i = 0; i < tensors.size(); ++i)
        m_constants.emplace(tensors[i].info.name, i);
    for (int i = 0; i < graph.node_size(); ++i)
        for (int k = 0; k < graph.node(i).output_size(); ++k)
            if (const std::string& value = graph.node(i).output(k); !value.empty())
                m_producers.emplace(value, Source {i, k, value});
}

const onnx::NodeProto& OnnxGraph::node(int index) const
{
    return m_graph.node(index);
}

std::string_view OnnxGraph::input(const onnx::NodeProto& node, int index) const
{
    return index < node.input_size() ? std::string_view(node.input(index)) : std::string_view();
}

OnnxGraph::Source OnnxGraph::producer(std::string_view value) const
{
    const auto found = m_producers.find(value);
    return found == m_producers.end() ? Source {-1, 0, value} : found->second;
}

std::optional<std::string_view> OnnxGraph::passed(const onnx::NodeProto& node, Between between) const
{
    const std::string& op = node.op_type();
    const bool passes = isOneOf(op, kArranging) || (between != Between::Layers && isOneOf(op, kTaking))
        || (between == Between::LinearMaps && isOneOf(op, kActivations));
    if (passes)
        return input(node, 0);
    if (between == Between::LinearMaps && op == "Add") {
        if (m_constants.contains(input(node, 0)))
            return input(node, 1);
        if (m_constants.contains(input(node, 1)))
            return input(node, 0);
    }
    return {};
}

OnnxGraph::Source OnnxGraph::source(std::string_view value, Between between) const
{
    Source at = producer(value);
    for (int step = 0; step < kMostSteps && at.node >= 0 && at.output == 0; ++step) {
        const auto before = passed(node(at.node), between);
        if (!before)
            break;
        at = producer(*before);
    }
    return at;
}

std::optional<OnnxGraph::Constant> OnnxGraph::constant(std::string_view value) const
{
    bool transposed = false;
    for (int step = 0; step < kMostSteps; ++step) {
        if (const auto found = m_constants.find(value); found != m_constants.end()) {
            if (transposed && m_tensors[found->second].info.shape.size() != 2)
                return {};
            return Constant {found->second, transposed};
        }
        const Source at = producer(value);
        if (at.node < 0)
            return {};
        const onnx::NodeProto& maker = node(at.node);
        if (maker.op_type() == "Transpose" && swapsTwoDimensions(maker))
            transposed = !transposed;
        else if (maker.op_type() != "Identity")
            return {};
        value = input(maker, 0);
    }
    return {};
}

bool OnnxGraph::isZeroTensor(std::size_t index) const
{
    const auto [known, isNew] = m_zero.emplace(index, false);
    if (isNew && (isFloat(m_tensors[index].format.dtype) || m_tensors[index].format.dtype == Dtype::Integer)) {
        std::vector<float> values(m_tensors[index].info.entries());
        readOnnxTensor(m_tensors[index], values);
        known->second = std::all_of(values.begin(), values.end(), [](float one) { return one == 0.0F; });
    }
    return known->second;
}

bool OnnxGraph::isFree(std::string_view value) const
{
    const Source from = source(value, Between::LayerAndHead); // one layer's part of a state for all is a slice
    const auto& inputs = m_graph.input();
    return from.node < 0 && !constant(from.value)
        && std::any_of(inputs.begin(), inputs.end(), [&](const auto& input) { return input.name() == from.value; });
}

bool OnnxGraph::isZero(std::string_view value) const
{
    for (int step = 0; step < kMostSteps; ++step) {
        if (const auto found = m_constants.find(value); found != m_constants.end())
            return isZeroTensor(found->second);
        const Source at = producer(value);
        if (at.node < 0)
            return false;
        const onnx::NodeProto& maker = node(at.node);
        const std::string& op = maker.op_type();
        if (op == "ConstantOfShape") {
            const onnx::AttributeProto* const filler = attribute(maker, "value");
            if (filler == nullptr)
                return true;
            const auto number = openOnnxTensor(filler->t(), "value", {});
            float one = 1.0F;
            if (number && number->format.dtype != Dtype::Other && number->info.entries() == 1)
                readOnnxTensor(*number, {&one, 1});
            return one == 0.0F;
        }
        if (!isOneOf(op, kArranging) && !isOneOf(op, kTaking) && !isOneOf(op, kSpreading))
            return false;
        value = input(maker, 0);
    }
    return false;
}

std::int64_t integerAttribute(const onnx::NodeProto& node, std::string_view name, std::int64_t otherwise)
{
    const onnx::AttributeProto* const found = attribute(node, name);
    return found == nullptr ? otherwise : found->i();
}

float floatAttribute(const onnx::NodeProto& node, std::string_view name, float otherwise)
{
    const onnx::AttributeProto* const found = attribute(node, name);
    return found == nullptr ? otherwise : found->f();
}

bool hasAttribute(const onnx::NodeProto& node, std::string_view name)
{
    return attribute(node, name) != nullptr;
}

std::string nameOf(const onnx::NodeProto& node)
{
    std::string_view name = node.name();
    if (const auto end = name.rfind('/'); name.starts_with('/') && end > 0) {
        std::string path(name.substr(1, end - 1));
        std::replace(path.begin(), path.end(), '/', '.');
        return path;
    }
    if (name.empty() && node.output_size() > 0)
        name = node.output(0);
    return std::string(name);
}

} // namespace rnnscope::weights
