#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace rnnscope::weights {

enum class Role { WeightIh, WeightHh, BiasIh, BiasHh, Projection };

/// Who names tensors how.
enum class Scheme {
    Torch, ///< nn.LSTM, nn.GRU, nn.RNN: "lstm.weight_ih_l0"
    Cells, ///< nn.LSTMCell and its kin, alone or numbered: "cells.0.weight_ih", "net.0.cell.weight_ih"
    Authors ///< two linear layers a cell: "lstm_cells.0.i2h.weight"
};

/// What a tensor's name says of its place in a recurrent stack. The views lie in the name.
struct RecurrentName
{
    Scheme scheme = Scheme::Torch;
    Role role = Role::WeightIh;
    std::size_t layer = 0; ///< the cell's number; 0 for a single cell
    bool numbered = false; ///< cells only: is there a number in the name?
    bool reverse = false; ///< of a bidirectional network's other direction
    std::string_view list; ///< before the cell's number, or before the last part: "lstm", "cells", "net"
    std::string_view inner; ///< between the cell's number and the last part: "cell"; mostly empty
    std::string_view module; ///< everything before the last part, its dot included: "lstm.", "cells.0."
};

/// Nothing for tensors that are no part of a recurrent stack: other layers', optimisers'.
std::optional<RecurrentName> recurrentName(std::string_view name);

/// The last part of a tensor's name: "weight_ih_l0_reverse", "weight_ih", "i2h.weight".
std::string lastPart(Scheme scheme, Role role, std::size_t layer);

/// Parts of names are separated by dots, in HDF5 files also by slashes.
bool isSeparator(char c);
/// What is before the last separator; empty when there is none.
std::string_view parentOf(std::string_view name);
/// What is behind it.
std::string_view leafOf(std::string_view name);
/// Up to six digits.
std::optional<std::size_t> numberIn(std::string_view text);

} // namespace rnnscope::weights
