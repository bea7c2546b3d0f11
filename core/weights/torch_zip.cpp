#include "core/weights/readers.h"

namespace rnnscope::weights {

OpenedFile openTorchZip(const std::shared_ptr<const ZipArchive>& archive)
{
    return fail(Errc::BadFormat, archive->path().string() + " cannot be read yet");
}

} // namespace rnnscope::weights
