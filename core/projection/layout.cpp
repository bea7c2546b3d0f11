#include "core/projection/layout.h"

namespace rnnscope::projection {

Layout::~Layout() = default;

} // namespace rnnscope::projection
