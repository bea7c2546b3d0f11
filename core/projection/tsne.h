#pragma once

#include "core/base/result.h"
#include "core/projection/layout.h"
#include "core/projection/nearest_neighbours.h"

#include <memory>
#include <stop_token>

namespace rnnscope::projection {

struct TsneOptions
{
    double perplexity = 30.0; ///< at most a third of the other points
    std::size_t iterations = 1000;
    std::size_t exaggerated = 250; ///< of them, with `exaggeration` times the attraction and little momentum
    double exaggeration = 12.0;
    double learningRate = 0.0; ///< 0: N / exaggeration / 4, at least 50
    double angle = 0.5; ///< how large a square of points far away may look, to count as one; up to 0.7
    int threads = 1;
};

/// Van der Maaten 2014 (Barnes and Hut's approximation), with scikit-learn's defaults, from principal components on. A
/// step is an iteration. Finding neighbours, before the first, can be stopped.
Result<std::unique_ptr<Layout>> tsne(const Matrix& data, const TsneOptions& options, const std::stop_token& stop,
                                     const NeighboursFound& found = {});

/// What t-SNE makes small: the Kullback-Leibler divergence in nat between similarities of `data` [N, D], without NaN,
/// and of the map [N, 2]. Exact but for similarities beyond three times the perplexity's neighbours, which are 0.
Result<double> tsneDivergence(const Matrix& data, const Matrix& map, const TsneOptions& options,
                              const std::stop_token& stop);

} // namespace rnnscope::projection
