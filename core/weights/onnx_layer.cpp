#include "core/weights/onnx_layer.h"

#include "core/base/printable.h"
#include "core/zoo/array_source.h"

#include <algorithm>
#include <cctype>
#include <onnx/onnx_pb.h>

namespace rnnscope::weights {

namespace {

constexpr std::size_t kLargest = std::size_t {1} << 20U; ///< wider layers are no network anyone trained
enum Input { X, W, R, B, SequenceLengths, InitialH, InitialC, Peepholes };

struct Kind
{
    zoo::Cell cell;
    std::size_t gates;
    std::vector<int> order; ///< the file's block for every one of PyTorch's
    std::vector<std::string> activations;
};

Kind kindOf(const std::string& op)
{
    if (op == "LSTM")
        return {zoo::Cell::Lstm, 4, {0, 2, 3, 1}, {"sigmoid", "tanh", "tanh"}};
    if (op == "GRU")
        return {zoo::Cell::Gru, 3, {1, 0, 2}, {"sigmoid", "tanh"}};
    return {zoo::Cell::RnnTanh, 1, {}, {"tanh"}};
}

std::vector<std::string> activationsOf(const onnx::NodeProto& node)
{
    std::vector<std::string> found;
    for (const onnx::AttributeProto& one : node.attribute())
        if (one.name() == "activations")
            found.assign(one.strings().begin(), one.strings().end());
    for (std::string& text : found)
        std::transform(text.begin(), text.end(), text.begin(),
                       [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return found;
}

std::string directionOf(const onnx::NodeProto& node)
{
    for (const onnx::AttributeProto& one : node.attribute())
        if (one.name() == "direction")
            return one.s();
    return "forward";
}

class LayerReader
{
public:
    LayerReader(const OnnxGraph& graph, int index)
        : m_graph(graph)
        , m_node(graph.node(index))
        , m_kind(kindOf(m_node.op_type()))
    {
        m_layer.node = index;
        m_layer.cell = m_kind.cell;
    }

    OnnxLayer read()
    {
        checkDirection();
        checkActivations();
        checkAttributes();
        readWeights();
        checkState(InitialH, "initial_h");
        checkState(InitialC, "initial_c");
        checkState(Peepholes, "P");
        return std::move(m_layer);
    }

private:
    /// The first reason is told.
    void unfit(std::string why)
    {
        if (m_layer.unfit.empty())
            m_layer.unfit = std::move(why);
    }

    std::string ofNode() const { return fmt::format("node {}", printable(m_node.name())); }

    void checkDirection()
    {
        const std::string direction = directionOf(m_node);
        if (direction == "bidirectional")
            unfit(fmt::format("is bidirectional ({}), only networks that run forwards can be used", ofNode()));
        else if (direction == "reverse")
            unfit(fmt::format("runs backwards (direction reverse of {}), only networks that run forwards can be used",
                              ofNode()));
        else if (direction != "forward")
            unfit(fmt::format("has the unknown direction {} ({})", printable(direction), ofNode()));
    }

    void checkActivations()
    {
        const auto found = activationsOf(m_node);
        if (m_kind.cell == zoo::Cell::RnnTanh && found == std::vector<std::string> {"relu"})
            m_layer.cell = zoo::Cell::RnnRelu;
        else if (!found.empty() && found != m_kind.activations)
            unfit(fmt::format("has other activations than PyTorch's ({} of {})",
                              printable(fmt::format("{}", fmt::join(found, ", "))), ofNode()));
    }

    void checkAttributes()
    {
        if (floatAttribute(m_node, "clip", 0.0F) != 0.0F)
            unfit(fmt::format("clips what goes into its gates (clip of {})", ofNode()));
        if (integerAttribute(m_node, "input_forget", 0) != 0)
            unfit(fmt::format("couples its input and forget gates (input_forget of {})", ofNode()));
        if (m_kind.cell == zoo::Cell::Gru && integerAttribute(m_node, "linear_before_reset", 0) == 0)
            unfit(fmt::format("resets its state before the weights (linear_before_reset is 0 in {}), PyTorch's GRU "
                              "does so after them",
                              ofNode()));
    }

    /// A stored input of the expected shape, or nothing.
    const OnnxTensor* stored(Input input, const char* letter, std::vector<std::size_t> expected)
    {
        const auto constant = m_graph.constant(m_graph.input(m_node, input));
        if (!constant) {
            unfit(fmt::format("computes its weights ({} of {} is no stored tensor); export the model with constant "
                              "folding",
                              letter, ofNode()));
            return nullptr;
        }
        const OnnxTensor& tensor = m_graph.tensor(constant->tensor);
        if (tensor.info.shape != expected) {
            unfit(fmt::format("has {} of shape {} in {}, expected {}", letter,
                              printable(zoo::describeShape(tensor.info.shape)), ofNode(),
                              zoo::describeShape(expected)));
            return nullptr;
        }
        return &tensor;
    }

    Part part(Input input, std::size_t offset) const
    {
        return {
            .tensor = m_graph.constant(m_graph.input(m_node, input))->tensor, .offset = offset, .gates = m_kind.order};
    }

    /// Sizes are those of W, as far as it is there.
    void readWeights()
    {
        const auto weight = m_graph.constant(m_graph.input(m_node, W));
        const auto shape = weight ? m_graph.tensor(weight->tensor).info.shape : std::vector<std::size_t> {};
        const std::size_t directions = directionOf(m_node) == "bidirectional" ? 2 : 1;
        const std::size_t hidden = shape.size() == 3 ? shape[1] / m_kind.gates : 0;
        const std::size_t inputs = shape.size() == 3 ? shape[2] : 0;
        if (weight && (hidden == 0 || inputs == 0 || hidden > kLargest || inputs > kLargest))
            return unfit(fmt::format("has W of shape {} in {}, expected [directions, gates H, inputs]",
                                     printable(zoo::describeShape(shape)), ofNode()));
        const std::size_t rows = m_kind.gates * hidden;
        if (stored(W, "W", {directions, rows, inputs}) == nullptr
            || stored(R, "R", {directions, rows, hidden}) == nullptr)
            return;
        if (const auto claimed = integerAttribute(m_node, "hidden_size", static_cast<std::int64_t>(hidden));
            claimed != static_cast<std::int64_t>(hidden))
            return unfit(
                fmt::format("says that it is {} wide, its weights are {} wide ({})", claimed, hidden, ofNode()));
        m_layer.inputSize = static_cast<int>(inputs);
        m_layer.hiddenSize = static_cast<int>(hidden);
        m_layer.outputs = directions * hidden;
        m_layer.parts.weightIh = part(W, 0);
        m_layer.parts.weightHh = part(R, 0);
        m_layer.bias = !m_graph.input(m_node, B).empty();
        if (m_layer.bias && stored(B, "B", {directions, 2 * rows}) != nullptr) {
            m_layer.parts.biasIh = part(B, 0);
            m_layer.parts.biasHh = part(B, rows);
        }
    }

    bool isMadeOfInput(std::string_view value) const
    {
        const auto origin
            = [this](std::string_view name) { return m_graph.source(name, OnnxGraph::Between::LayerAndHead).value; };
        return origin(value) == origin(m_graph.input(m_node, X));
    }

    void checkState(Input input, const char* what)
    {
        const auto value = m_graph.input(m_node, input);
        if (value.empty())
            return;
        if (const auto constant = m_graph.constant(value))
            m_layer.others.push_back(constant->tensor);
        if (m_graph.isZero(value))
            return;
        if (input != Peepholes && m_graph.isFree(value) && !isMadeOfInput(value)) {
            m_layer.freeStart = true;
            return;
        }
        unfit(input == Peepholes ? fmt::format("has peepholes (P of {})", ofNode())
                                 : fmt::format("does not start from zeros ({} of {})", what, ofNode()));
    }

    const OnnxGraph& m_graph;
    const onnx::NodeProto& m_node;
    Kind m_kind;
    OnnxLayer m_layer;
};

} // namespace

bool isStandard(const onnx::NodeProto& node)
{
    return node.domain().empty() || node.domain() == "ai.onnx";
}

bool isRecurrent(const onnx::NodeProto& node)
{
    const std::string& op = node.op_type();
    return isStandard(node) && (op == "LSTM" || op == "GRU" || op == "RNN");
}

OnnxLayer readOnnxLayer(const OnnxGraph& graph, int node)
{
    return LayerReader(graph, node).read();
}

} // namespace rnnscope::weights
