#include "core/weights/save.h"

namespace rnnscope::weights {

std::string_view extension(SaveFormat format)
{
    return format == SaveFormat::Npz ? ".npz" : ".safetensors";
}
Result<void> saveNetwork(const zoo::Architecture&, std::span<const float>, const fs::path& path, SaveFormat)
{
    return fail(Errc::Io, "cannot write " + path.string());
}
Result<std::vector<fs::path>> saveNetworks(const zoo::Zoo&, std::span<const std::size_t>, const fs::path& folder,
                                           SaveFormat, Progress&, std::stop_token)
{
    return fail(Errc::Io, "cannot write " + folder.string());
}

} // namespace rnnscope::weights
