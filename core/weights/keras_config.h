#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rnnscope::weights {

/// One layer as a Keras model describes itself, wrappers (Bidirectional, TimeDistributed) taken off.
struct KerasLayer
{
    std::string name; ///< the outermost's: "lstm_1", "bidirectional"
    std::string kind; ///< class: "LSTM", "Dense", "Dropout"
    std::string wrapper; ///< class of what is around it; empty: nothing
    std::string file; ///< where Keras 3 keeps its weights: "lstm_1", "sequential/lstm"
    std::vector<std::string> inputs; ///< layers that feed it; empty in models that are lists of layers
    std::string activation; ///< "tanh"; "?" for one of the user's own; empty: not said
    std::string recurrentActivation;
    std::optional<bool> bias;
    std::optional<bool> resetAfter; ///< GRU
    bool backwards = false;
};

/// A model's layers in its order, those of models in it included.
struct KerasConfig
{
    std::vector<KerasLayer> layers;
    bool list = true; ///< each layer feeds the next; otherwise KerasLayer::inputs tell
};

/// Reads model_config or config.json; what is not there or not understood is left out. Nothing in it is run.
KerasConfig parseKerasConfig(std::string_view json);

/// "SimpleRNN" -> "simple_rnn", as Keras 3 names what it saves.
std::string kerasFileName(std::string_view kind);

} // namespace rnnscope::weights
