#pragma once

#include "core/base/matrix.h"

#include <cstddef>

namespace rnnscope::projection {

/// A map that is improved step by step. The same data, options and seed give the same map on any number of threads.
class Layout
{
public:
    virtual ~Layout();
    virtual std::size_t steps() const = 0; ///< to make
    virtual std::size_t made() const = 0;
    /// Once more, unless all are made: milliseconds for 9 000 points, below 100 for 100 000.
    virtual void step() = 0;
    /// [N, 2] as it is now; rows that hold NaN in the data hold NaN here.
    virtual Matrix map() const = 0;
};

} // namespace rnnscope::projection
