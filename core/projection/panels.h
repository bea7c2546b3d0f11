#pragma once

#include "core/base/matrix.h"
#include "core/projection/kernels.h"

#include <span>
#include <vector>

namespace rnnscope::projection {

/// Points kLanes side by side, for squaredDistances(). The last panel is filled up with points infinitely far away.
class Panels
{
public:
    static constexpr std::size_t kTogether = 4; ///< queries at once, at most

    explicit Panels(const Matrix& data);
    std::size_t count() const { return m_count; }
    /// Of rows first to first + queries of `data` from the points of `panels` panels: [queries, panels, kLanes] into
    /// `distances`, the smallest of each row into `smallest`.
    void distances(const Matrix& data, std::size_t first, std::size_t queries, std::size_t panel, std::size_t panels,
                   std::span<float> distances, std::span<float> smallest) const;

private:
    std::size_t m_columns;
    std::size_t m_count;
    std::vector<float> m_values; ///< [count, D, kLanes]
};

} // namespace rnnscope::projection
