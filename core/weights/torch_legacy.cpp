#include "core/weights/readers.h"

namespace rnnscope::weights {

OpenedFile openTorchLegacy(const std::shared_ptr<const MappedFile>& file)
{
    return fail(Errc::BadFormat, file->path().string() + " cannot be read yet");
}
bool looksLikePickle(std::string_view head)
{
    return head.starts_with("\x80");
}

} // namespace rnnscope::weights
