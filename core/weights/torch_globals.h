#pragma once

#include "core/weights/pickle_value.h"
#include "core/weights/torch_type.h"

#include <optional>

/// The names that a PyTorch file may mention, and nothing else.
namespace rnnscope::weights {

enum class TorchMeaning : std::uint8_t {
    Inert, ///< no tensor comes of it
    Mapping, ///< a dictionary by another name
    Attributes, ///< an object of which only its attributes matter
    FirstArgument, ///< stands for its first argument
    Tensor, ///< storage, offset, shape, strides, …
    TypedTensor, ///< the same with the dtype as the seventh argument
    WrappedTensor, ///< how to make a tensor, its type, the arguments for that, …
    Storage,
    UntypedStorage,
    Dtype
};

struct TorchGlobal
{
    TorchMeaning meaning = TorchMeaning::Inert;
    const TorchType* type = nullptr; ///< of a Storage or Dtype
};

/// What a pickle may name where. TorchScript: classes that its code defines, and its helpers, too.
enum class TorchDialect : std::uint8_t { Python, Script };

/// What the allow-list says of "module.name"; nothing for what is not on it.
std::optional<TorchGlobal> torchGlobal(std::string_view name, TorchDialect dialect);

/// Refuses a pickle that names what is not on the allow-list or calls what is no name, or that is damaged. What it
/// names comes first: the sentence tells what the file would have run, or that it is a whole module and how to save its
/// weights instead. `where` is the file's name.
Result<void> checkPickle(const Pickle& pickle, TorchDialect dialect, const std::string& where);

} // namespace rnnscope::weights
