#pragma once

#include "core/weights/tensor_file.h"
#include "core/zoo/architecture.h"

#include <vector>

namespace rnnscope::weights {

/// A stored input sequence and what the network made of it.
struct Recorded
{
    std::vector<float> input; ///< [T, I]
    std::vector<float> output; ///< [T, O]
};

/// Group `name` of an expected.h5.
Recorded recorded(const fs::path& file, const std::string& name);

/// The values of the tensor of this name; fails the test when it cannot be read.
std::vector<float> valuesOf(const TensorFile& file, const std::string& name);
/// The tensors of the architecture under PyTorch's names with `prefix` before those of the layers: [P].
std::vector<float> parametersByName(const TensorFile& file, const zoo::Architecture& architecture,
                                    const std::string& prefix);

zoo::Architecture architectureOf(const RecurrentStack& stack, const LinearHead& head);
/// The stack's parts and the head's, put in canonical order by the words of recurrent_stack.h: [P].
std::vector<float> parametersOf(const TensorFile& file, const RecurrentStack& stack, const LinearHead& head);

/// [T, O] from a zero state.
std::vector<float> run(const zoo::Architecture& architecture, const std::vector<float>& parameters,
                       const std::vector<float>& input);

/// Largest difference; infinite when there is a NaN or the sizes differ.
float largestDifference(const std::vector<float>& a, const std::vector<float>& b);

} // namespace rnnscope::weights
