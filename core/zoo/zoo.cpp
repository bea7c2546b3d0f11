#include "core/zoo/zoo.h"

#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/zoo/authors_zoo.h"
#include "core/zoo/file_kind.h"
#include "core/zoo/hdf5_zoo.h"

#include <algorithm>

namespace rnnscope::zoo {

ParameterSource::~ParameterSource() = default;
RolloutSource::~RolloutSource() = default;

const Property* Zoo::property(std::string_view propertyName) const
{
    const auto found = std::find_if(properties.begin(), properties.end(),
                                    [&](const Property& property) { return property.name == propertyName; });
    return found == properties.end() ? nullptr : &*found;
}

Result<std::shared_ptr<const Zoo>> openZoo(const fs::path& path)
{
    const auto kind = fileKind(path);
    if (!kind)
        return forward(kind);
    switch (*kind) {
    case FileKind::Zoo:
        return openHdf5Zoo(path);
    case FileKind::AuthorsFolder:
        return openAuthorsFolder(path);
    case FileKind::Checkpoint:
        break;
    }
    return fail(Errc::BadFormat, path.string() + " is an encoder checkpoint, not a zoo");
}

Result<std::string> fingerprint(const Zoo& zoo)
{
    const Architecture& rnn = zoo.architecture;
    const std::size_t columns = rnn.parameterCount();
    Hash64 hash;
    hash.update(fmt::format("{} {} {} {} {} {} {}\n", name(rnn.cell), rnn.inputSize, rnn.hiddenSize, rnn.numLayers,
                            rnn.outputSize, rnn.bias ? 1 : 0, zoo.size));
    constexpr std::size_t kBlock = std::size_t {1} << 20; // floats
    const std::size_t rows = std::max<std::size_t>(1, kBlock / columns);
    std::vector<float> block(std::min(rows, zoo.size) * columns);
    for (std::size_t first = 0; first < zoo.size; first += rows) {
        const std::size_t count = std::min(rows, zoo.size - first);
        const auto values = std::span(block).first(count * columns);
        if (const auto read = zoo.parameters->read(first, count, values); !read)
            return forward(read);
        hash.update(std::span<const float>(values));
    }
    return hash.hex();
}

} // namespace rnnscope::zoo
