#pragma once

#include "core/zoo/architecture.h"

#include <cstddef>
#include <string>
#include <vector>

namespace rnnscope::weights {

/// Where one parameter tensor of the canonical form (PyTorch's shapes and gate order: LSTM i, f, g, o; GRU r, z, n)
/// lies in a file. Its shape follows from the stack it belongs to.
struct Part
{
    static constexpr std::size_t kAbsent = static_cast<std::size_t>(-1);

    std::size_t tensor = kAbsent; ///< index into TensorFile::tensors(); kAbsent: zeros
    std::size_t offset = 0; ///< first entry in the tensor's row-major values
    bool transposed = false; ///< stored as [columns, rows]
    std::vector<int> gates; ///< block of rows in the file for every canonical block; empty: the same order

    bool present() const { return tensor != kAbsent; }
};

/// A linear read-out: weight [O, H], bias [O].
struct LinearHead
{
    std::string name; ///< what --head takes: "linear", "decoder", Keras: the layer's name
    int outputSize = 0;
    Part weight;
    Part bias; ///< absent: zeros
};

struct StackLayer
{
    Part weightIh; ///< [gates H, inputs]
    Part weightHh; ///< [gates H, H]
    Part biasIh; ///< [gates H]; absent: zeros
    Part biasHh;
};

/// Recurrent layers that feed each other, found in a file.
struct RecurrentStack
{
    std::string name; ///< what --rnn-prefix takes: "lstm", "model.encoder.lstm"; Keras: the first layer's name
    zoo::Cell cell = zoo::Cell::Lstm;
    bool tanhOrRelu = false; ///< a plain RNN whose nonlinearity the file does not tell; `cell` is RnnTanh
    int inputSize = 0;
    int hiddenSize = 0;
    bool bias = true; ///< false: no layer has bias_ih or bias_hh
    std::vector<StackLayer> layers;
    /// Read-outs whose width fits, best first; more than one is a choice unless `headIsClear`.
    std::vector<LinearHead> heads;
    bool headIsClear = false; ///< heads.front() is meant: the only one, or the one with a usual name
    /// Why this stack cannot be loaded, a clause that follows its name: "is bidirectional (weight_ih_l0_reverse), …".
    /// Empty: it can.
    std::string unfit;
    /// Tensors that belong to the stack beyond its parts, for the report (projections, reversed directions).
    std::vector<std::size_t> others;

    int numLayers() const { return static_cast<int>(layers.size()); }
    /// "LSTM 2×32, 6 in"
    std::string description() const;
};

} // namespace rnnscope::weights
