#include "core/base/printable.h"
#include "core/weights/hdf5_tensors.h"
#include "core/weights/keras_config.h"
#include "core/weights/readers.h"

#include <algorithm>

namespace rnnscope::weights {

namespace {

constexpr std::size_t kMostConfig = std::size_t {64} << 20U; ///< bytes of config.json

/// model.weights.h5, or the only weights there are.
const ZipArchive::Entry* weightsIn(const ZipArchive& archive)
{
    if (const auto* usual = archive.find("model.weights.h5"); usual != nullptr)
        return usual;
    const auto& entries = archive.entries();
    const auto found = std::find_if(entries.begin(), entries.end(),
                                    [](const auto& entry) { return entry.name.ends_with(".weights.h5"); });
    return found == entries.end() ? nullptr : &*found;
}

} // namespace

OpenedFile openKerasArchive(const std::shared_ptr<const ZipArchive>& archive)
{
    const auto* weights = weightsIn(*archive);
    if (weights == nullptr)
        return fail(
            Errc::BadFormat,
            fmt::format("{} is a ZIP archive like Keras', but has no model.weights.h5", archive->path().string()));
    KerasConfig config;
    if (const auto* entry = archive->find("config.json"); entry != nullptr) {
        const auto text = archive->readAll(*entry, kMostConfig);
        if (!text)
            return forward(text);
        config = parseKerasConfig(*text);
    }
    auto bytes = archive->readAll(*weights, kMostBytes);
    if (!bytes)
        return forward(bytes);
    return openHdf5Tensors(MappedFile::ofBytes(archive->path(), std::move(*bytes)), config);
}

} // namespace rnnscope::weights
