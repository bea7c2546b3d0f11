#pragma once

#include "core/weights/onnx_graph.h"
#include "core/weights/recurrent_stack.h"

namespace rnnscope::weights {

/// A product with a stored matrix, perhaps with a stored bias: Gemm, or MatMul and Add.
struct OnnxLinear
{
    int node = 0;
    OnnxGraph::Source reads; ///< what it reads, past nodes that only arrange numbers
    std::size_t inputs = 0;
    LinearHead head;
    bool readOn = false; ///< its output goes into another one: not the last
};

/// All of a graph.
std::vector<OnnxLinear> findOnnxLinear(const OnnxGraph& graph);

} // namespace rnnscope::weights
