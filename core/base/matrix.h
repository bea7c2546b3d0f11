#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace rnnscope {

/// Dense row-major float32.
struct Matrix
{
    std::size_t rows = 0;
    std::size_t columns = 0;
    std::vector<float> values;

    Matrix() = default;
    Matrix(std::size_t r, std::size_t c, float fill = 0.0F)
        : rows(r)
        , columns(c)
        , values(r * c, fill)
    {
    }

    std::span<float> row(std::size_t i) { return {values.data() + i * columns, columns}; }
    std::span<const float> row(std::size_t i) const { return {values.data() + i * columns, columns}; }
    float& operator()(std::size_t i, std::size_t j) { return values[i * columns + j]; }
    float operator()(std::size_t i, std::size_t j) const { return values[i * columns + j]; }
    bool empty() const { return values.empty(); }
};

} // namespace rnnscope
