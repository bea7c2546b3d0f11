#include "core/weights/readers.h"

namespace rnnscope::weights {

OpenedFile openHdf5(const std::shared_ptr<const MappedFile>& file)
{
    return fail(Errc::BadFormat, file->path().string() + " cannot be read yet");
}

} // namespace rnnscope::weights
