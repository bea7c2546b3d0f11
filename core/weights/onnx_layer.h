#pragma once

#include "core/weights/onnx_graph.h"
#include "core/weights/recurrent_stack.h"

namespace rnnscope::weights {

/// One LSTM, GRU or RNN node as a layer. ONNX: W [directions, gates H, I], R [directions, gates H, H], B [directions,
/// 2 gates H] (bias_ih, then bias_hh); gates i, o, f, c and z, r, h.
struct OnnxLayer
{
    int node = 0;
    zoo::Cell cell = zoo::Cell::Lstm;
    int inputSize = 0; ///< sizes are 0 when the weights are not stored
    int hiddenSize = 0;
    std::size_t outputs = 0; ///< numbers a step: H, or 2 H when it runs in both directions
    bool bias = false;
    StackLayer parts;
    std::string unfit; ///< as in RecurrentStack
    bool freeStart = false; ///< an initial state is an input of the graph
    std::vector<std::size_t> others; ///< initial states and peepholes
};

bool isRecurrent(const onnx::NodeProto& node);
OnnxLayer readOnnxLayer(const OnnxGraph& graph, int node);
/// Is the node of ONNX itself, not of another set of operators?
bool isStandard(const onnx::NodeProto& node);

} // namespace rnnscope::weights
