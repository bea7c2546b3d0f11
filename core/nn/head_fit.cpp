#include "core/nn/head_fit.h"

#include "core/nn/head_model.h"
#include "core/nn/head_network.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

namespace rnnscope::nn {

namespace {

struct Standard
{
    std::vector<double> mean; ///< [D]
    std::vector<double> scale;
};

Standard standardOf(const Matrix& inputs)
{
    constexpr double kLeast = 1e-6; // of embeddings of length 1: a column that does not vary
    const auto n = static_cast<double>(inputs.rows);
    Standard found {std::vector<double>(inputs.columns, 0.0), std::vector<double>(inputs.columns, 1.0)};
    for (std::size_t d = 0; d < inputs.columns; ++d) {
        double sum = 0.0;
        for (std::size_t i = 0; i < inputs.rows; ++i)
            sum += static_cast<double>(inputs(i, d));
        found.mean[d] = sum / n;
        double squares = 0.0;
        for (std::size_t i = 0; i < inputs.rows; ++i)
            squares += std::pow(static_cast<double>(inputs(i, d)) - found.mean[d], 2);
        const double deviation = std::sqrt(squares / n);
        found.scale[d] = deviation > kLeast ? deviation : 1.0;
    }
    return found;
}

Matrix standardised(Matrix inputs, const Standard& standard)
{
    for (std::size_t i = 0; i < inputs.rows; ++i)
        for (std::size_t d = 0; d < inputs.columns; ++d)
            inputs(i, d)
                = static_cast<float>((static_cast<double>(inputs(i, d)) - standard.mean[d]) / standard.scale[d]);
    return inputs;
}

/// A view that lives as long as the matrix.
at::Tensor tensorOf(const Matrix& matrix)
{
    return at::from_blob(const_cast<float*>(matrix.values.data()), // NOLINT: torch has no constant tensors
                         {static_cast<std::int64_t>(matrix.rows), static_cast<std::int64_t>(matrix.columns)});
}

double meanLoss(const zoo::Head& head, const Matrix& outputs, const at::Tensor& targets)
{
    const at::NoGradGuard noGrad;
    return headLosses(head, tensorOf(outputs), targets).to(at::kDouble).mean().item<double>();
}

/// Of the mean loss with respect to the outputs.
Matrix gradientOf(const zoo::Head& head, const Matrix& outputs, const at::Tensor& targets)
{
    const at::AutoGradMode withGrad(true);
    const at::Tensor leaf = tensorOf(outputs).clone().requires_grad_();
    const at::Tensor losses = headLosses(head, leaf, targets);
    const at::Tensor share = at::full_like(losses, 1.0 / static_cast<double>(outputs.rows));
    const at::Tensor found = torch::autograd::grad({losses}, {leaf}, {share}).front().contiguous();
    Matrix gradient(outputs.rows, outputs.columns);
    std::copy_n(found.data_ptr<float>(), gradient.values.size(), gradient.values.begin());
    return gradient;
}

/// Stretches of a shuffled list, shuffled anew whenever it is used up.
class Batches
{
public:
    Batches(const HeadRows& rows, std::size_t batch, std::uint64_t seed)
        : m_all(rows)
        , m_batch(std::min(batch, rows.inputs.rows))
        , m_random(seed)
        , m_order(rows.inputs.rows)
        , m_next(m_order.size())
    {
        std::iota(m_order.begin(), m_order.end(), std::int64_t {0});
    }

    const HeadRows& next()
    {
        if (m_batch == m_order.size())
            return m_all;
        if (m_next + m_batch > m_order.size()) {
            for (std::size_t i = m_order.size(); i-- > 1;)
                std::swap(m_order[i], m_order[m_random() % (i + 1)]);
            m_next = 0;
        }
        const std::span<std::int64_t> chosen = std::span(m_order).subspan(m_next, m_batch);
        m_next += m_batch;
        m_some.inputs = Matrix(m_batch, m_all.inputs.columns);
        for (std::size_t i = 0; i < m_batch; ++i) {
            const auto row = m_all.inputs.row(static_cast<std::size_t>(chosen[i]));
            std::copy(row.begin(), row.end(), m_some.inputs.row(i).begin());
        }
        m_some.targets = m_all.targets.index_select(
            0, at::from_blob(chosen.data(), {static_cast<std::int64_t>(m_batch)}, at::kLong));
        return m_some;
    }

private:
    const HeadRows& m_all;
    std::size_t m_batch;
    std::mt19937_64 m_random;
    std::vector<std::int64_t> m_order;
    std::size_t m_next;
    HeadRows m_some;
};

} // namespace

zoo::State fitHead(const zoo::Head& head, const HeadRows& training, const HeadRows& validation,
                   const FitOptions& options, const std::stop_token& stop)
{
    const Standard standard = standardOf(training.inputs);
    const HeadRows rows {standardised(training.inputs, standard), training.targets};
    const HeadRows& judge = validation.inputs.rows > 0 ? validation : training;
    const Matrix judged = standardised(judge.inputs, standard);
    const auto columns = static_cast<std::size_t>(training.targets.size(1));
    HeadNetwork network(training.inputs.columns, kHeadHidden, static_cast<std::size_t>(headOutputs(head, columns)),
                        options.seed);
    Batches batches(rows, options.batch, options.seed + 1);
    double least = std::numeric_limits<double>::infinity();
    std::size_t best = 0;
    HeadNetwork kept = network;
    for (std::size_t step = 0; step <= options.steps; ++step) {
        if (stop.stop_requested())
            return {};
        if (step % options.evaluateEvery == 0) {
            const double loss = meanLoss(head, network.forward(judged), judge.targets);
            if (loss < least) {
                least = loss;
                best = step;
                kept = network;
            } else if (step - best >= options.patience) {
                break;
            }
        }
        const HeadRows& batch = batches.next();
        const Matrix gradient = gradientOf(head, network.forward(batch.inputs), batch.targets);
        network.step(batch.inputs, gradient, options.learningRate, options.weightDecay);
    }
    return kept.state(standard.mean, standard.scale);
}

} // namespace rnnscope::nn
