#pragma once

#include "core/base/mapped_file.h"
#include "core/weights/recurrent_stack.h"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Other people's weight files. They are hostile until parsed: nothing in them is ever executed, every size is checked
/// against the file and a budget before memory is taken, and a bad file is one sentence.
namespace rnnscope::weights {

enum class Format {
    TorchZip,
    TorchLegacy,
    TorchScript,
    Safetensors,
    Npz,
    Npy,
    KerasHdf5,
    KerasArchive,
    StateHdf5,
    Onnx
};

/// "PyTorch file", "PyTorch file (before 1.6)", "TorchScript archive", "safetensors file", …
std::string_view title(Format format);

enum class Dtype { Float16, BFloat16, Float32, Float64, Integer, Boolean, Other };

/// "float16", "bfloat16", "float32", "float64", "integer", "boolean", "other"
std::string_view name(Dtype dtype);
bool isFloat(Dtype dtype);

struct TensorInfo
{
    /// As the file says, containers on the way joined by dots: "state_dict.model.lstm.weight_ih_l0". Entries of lists
    /// are numbered from 0: "0", "1". HDF5: the path without the first slash, "lstm/lstm/lstm_cell/kernel:0".
    std::string name;
    std::vector<std::size_t> shape; ///< empty: a single number
    Dtype dtype = Dtype::Float32;

    std::size_t entries() const;
};

/// Most tensors and most entries of one tensor that a reader lists; more is refused.
inline constexpr std::size_t kMostTensors = 100'000;
inline constexpr std::size_t kMostEntries = std::size_t {1} << 40U;
/// Most bytes a reader takes at once for what it has to unpack or convert as a whole.
inline constexpr std::size_t kMostBytes = std::size_t {2} << 30U;

/// The tensors of an open weight file. Opening reads what names and places them and nothing else, so that a small
/// network in a large file costs no more than itself. Not for two threads at once.
class TensorFile
{
public:
    virtual ~TensorFile();
    TensorFile(const TensorFile&) = delete;
    TensorFile& operator=(const TensorFile&) = delete;

    const fs::path& path() const { return m_path; }
    Format format() const { return m_format; }
    /// In the order of the file; every one lies inside it.
    const std::vector<TensorInfo>& tensors() const { return m_tensors; }
    /// Recurrent stacks that the format itself declares (Keras' layers, an ONNX graph), with their heads. Empty where
    /// only the tensors' names tell.
    const std::vector<RecurrentStack>& declared() const { return m_declared; }
    /// Sentences for the load report, without final stops: "the optimizer's 12 tensors were left out".
    const std::vector<std::string>& notes() const { return m_notes; }

    /// All entries of one tensor, row-major, as float32. `out` has entries() of them. BadFormat for dtypes that are
    /// not floats or integers.
    virtual Result<void> read(std::size_t tensor, std::span<float> out) const = 0;

protected:
    TensorFile(fs::path path, Format format);

    std::vector<TensorInfo> m_tensors;
    std::vector<RecurrentStack> m_declared;
    std::vector<std::string> m_notes;
    Format m_format;

private:
    fs::path m_path;
};

/// Opens a weight file; the format is worked out from the content. A file of another kind is BadFormat and says what
/// it is instead.
Result<std::shared_ptr<const TensorFile>> openTensorFile(const fs::path& path);

} // namespace rnnscope::weights
