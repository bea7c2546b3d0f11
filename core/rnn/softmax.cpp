#include "core/rnn/softmax.h"

#include <algorithm>
#include <cmath>

namespace rnnscope::rnn {

void softmaxRows(std::span<float> values, std::size_t columns)
{
    for (std::size_t at = 0; at < values.size(); at += columns) {
        const auto row = values.subspan(at, columns);
        const float largest = *std::ranges::max_element(row);
        float total = 0.0F;
        for (float& value : row)
            total += value = std::exp(value - largest);
        for (float& value : row)
            value /= total;
    }
}

} // namespace rnnscope::rnn
