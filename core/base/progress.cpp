#include "core/base/progress.h"

namespace rnnscope {

Progress::~Progress() = default;

} // namespace rnnscope
