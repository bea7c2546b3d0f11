#pragma once

namespace rnnscope::nn {

/// Lets the C library keep up to 128 MB of what is freed, and take no mapping of its own for anything below 32 MB: a
/// tensor of some megabytes would otherwise begin with fresh pages every time, which the system clears. For the whole
/// process; does nothing where the library is not glibc.
void keepFreedMemory();

/// Gives all of it back to the system: after work that others may not follow.
void returnFreedMemory();

} // namespace rnnscope::nn
