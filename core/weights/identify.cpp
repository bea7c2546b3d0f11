#include "core/weights/identify.h"

namespace rnnscope::weights {

Result<InputKind> identify(const fs::path& path)
{
    return fail(Errc::BadFormat, path.string() + " is not known");
}

} // namespace rnnscope::weights
