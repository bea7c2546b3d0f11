#pragma once

#include "core/weights/tensor_file.h"

#include <optional>

namespace rnnscope::weights {

/// Numbers without names: one network a row, parameters in PyTorch's order.
struct FlatParameters
{
    std::size_t networks = 0;
    std::size_t parameters = 0; ///< P
    std::vector<std::size_t> tensors; ///< one [P] or [N, P] array, or a list of tensors in parameter order
};

/// What a weight file holds, by its tensors' names and shapes alone.
struct Inspection
{
    std::vector<RecurrentStack> stacks; ///< every one found, usable or not
    std::optional<FlatParameters> flat; ///< only where there are no names to go by
    std::vector<std::size_t> ignored; ///< tensors that belong to no stack and no head
};

/// Groups of tensors that form a recurrent stack under any prefix, in PyTorch's names (lstm.weight_ih_l0), those of
/// lists of cells (cells.0.weight_ih) or of the authors (lstm_cells.0.i2h.weight), and linear heads that fit; or what
/// the format declares. NotFound when nothing recurrent is there; NotFound or ShapeMismatch naming the tensor when a
/// stack lacks one or one does not fit the others and there is no other stack.
Result<Inspection> inspect(const TensorFile& file);

} // namespace rnnscope::weights
