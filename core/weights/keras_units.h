#pragma once

#include "core/weights/keras_config.h"
#include "core/weights/tensor_file.h"

namespace rnnscope::weights {

/// Tensors of one folder that belong together: a recurrent cell, a Dense layer, or something else with weights.
struct KerasUnit
{
    enum class Kind { Cell, Dense, Other };
    Kind kind = Kind::Other;
    std::string folder; ///< of the tensors: "model_weights/lstm/lstm/lstm_cell"
    std::string layer; ///< name for the user
    const KerasLayer* config = nullptr; ///< what the model says of the layer; nullptr: nothing
    std::size_t order = 0; ///< place in the model, as far as the file tells
    std::size_t kernel = Part::kAbsent; ///< [inputs, gates H] or [H, outputs]
    std::size_t recurrent = Part::kAbsent; ///< [H, gates H]
    std::size_t bias = Part::kAbsent;
    bool forward = false; ///< one direction of a bidirectional layer
    bool backward = false; ///< the other
    bool weights = false; ///< has floats: not only the state of a dropout's random numbers
    std::vector<std::size_t> tensors;
};

struct KerasUnits
{
    std::vector<KerasUnit> units; ///< in the model's order
    bool ordered = false; ///< by what the file says; otherwise by names alone, lstm_2 before lstm_10
    std::size_t optimizer = 0; ///< tensors of the optimizer, in no unit
};

/// Do these names look like a Keras file's?
bool looksLikeKeras(const std::vector<TensorInfo>& tensors);
/// `layerNames`: attribute of Keras 2, may be empty. The result points into `config`.
KerasUnits findKerasUnits(const std::vector<TensorInfo>& tensors, const KerasConfig& config,
                          const std::vector<std::string>& layerNames);

} // namespace rnnscope::weights
