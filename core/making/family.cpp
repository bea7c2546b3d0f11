#include "core/making/family.h"

#include "core/base/random.h"

namespace rnnscope::making {

Course::~Course() = default;
Family::~Family() = default;

std::uint64_t runKey(std::uint64_t seed, std::size_t run, Purpose purpose)
{
    return keyOf(seed, {run, static_cast<std::uint64_t>(purpose)});
}

} // namespace rnnscope::making
