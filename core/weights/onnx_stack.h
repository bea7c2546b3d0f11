#pragma once

#include "core/weights/onnx_graph.h"
#include "core/weights/recurrent_stack.h"

namespace rnnscope::weights {

struct OnnxStacks
{
    std::vector<RecurrentStack> stacks;
    std::vector<std::string> notes;
};

/// The recurrent layers of a graph that feed each other, with the linear maps that read the last ones.
OnnxStacks findOnnxStacks(const OnnxGraph& graph);

} // namespace rnnscope::weights
