#pragma once

#include "core/weights/tensor_file.h"
#include "core/weights/zip_archive.h"

#include <string_view>

/// One function a format. Each gets a file whose first bytes look like that format (see open.cpp) and refuses what is
/// not. None executes, and none trusts a size before it is checked.
namespace rnnscope::weights {

using OpenedFile = Result<std::shared_ptr<const TensorFile>>;

/// torch.save since 1.6 and TorchScript: a zip with data.pkl and records of tensors. Code in it is not read.
OpenedFile openTorchZip(const std::shared_ptr<const ZipArchive>& archive);
/// torch.save before 1.6: pickles one after the other, then the storages. Other pickles are refused, by the name of
/// what they would run where there is one.
OpenedFile openTorchLegacy(const std::shared_ptr<const MappedFile>& file);
OpenedFile openSafetensors(const std::shared_ptr<const MappedFile>& file);
/// numpy.savez: a zip of .npy.
OpenedFile openNpz(const std::shared_ptr<const ZipArchive>& archive);
/// One array: a flat parameter vector, or one network a row.
OpenedFile openNpy(const std::shared_ptr<const MappedFile>& file);
/// Keras 2 and 3 weights, and state_dicts stored as datasets.
OpenedFile openHdf5(const std::shared_ptr<const MappedFile>& file);
/// Keras 3: a zip with config.json and model.weights.h5.
OpenedFile openKerasArchive(const std::shared_ptr<const ZipArchive>& archive);
OpenedFile openOnnx(const std::shared_ptr<const MappedFile>& file);

/// Does the file begin as a pickle would? Protocols 0 and 1 have no magic number.
bool looksLikePickle(std::string_view head);
/// Does the file begin as protobuf's ModelProto would? (ONNX has no magic number.)
bool looksLikeOnnx(std::string_view head);

} // namespace rnnscope::weights
