#include "core/making/initial_parameters.h"

#include "core/base/random.h"

#include <cmath>

namespace rnnscope::making {

std::vector<float> initialParameters(const zoo::Architecture& architecture, std::uint64_t key)
{
    RandomStream random(key);
    const double bound = 1.0 / std::sqrt(static_cast<double>(architecture.hiddenSize));
    std::vector<float> parameters(architecture.parameterCount());
    for (float& value : parameters)
        value = static_cast<float>(bound * (2.0 * random.next() - 1.0));
    return parameters;
}

} // namespace rnnscope::making
