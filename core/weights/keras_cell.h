#pragma once

#include "core/weights/keras_units.h"

namespace rnnscope::weights {

/// One recurrent layer as PyTorch would have it.
struct KerasCell
{
    zoo::Cell cell = zoo::Cell::Lstm;
    bool tanhOrRelu = false;
    int inputs = 0;
    int hidden = 0;
    bool bias = false;
    StackLayer layer;
    std::string unfit; ///< a clause that follows the layer's name
};

/// Works out cell and parts from the config where there is one, else from the shapes.
KerasCell readKerasCell(const std::vector<TensorInfo>& tensors, const KerasUnit& unit);

} // namespace rnnscope::weights
