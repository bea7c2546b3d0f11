#include "core/nn/attention.h"

#include "core/nn/dropout.h"
#include "core/rnn/packed_matrix.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/bmm.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/zeros_like.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace rnnscope::nn {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr std::int64_t kRows = 48; // scores of so many queries and a head's keys stay in the second cache

/// What a training step draws from a seed: which of a head's scores are dropped.
struct Dropped
{
    double probability = 0.0;
    std::uint64_t seed = 0;
};

/// One head of one network.
class Head
{
public:
    Head(std::int64_t queries, std::int64_t tokens, std::int64_t size, const Dropped& dropped)
        : m_kernels(rnn::bestKernels())
        , m_queries(queries)
        , m_tokens(tokens)
        , m_size(size)
        , m_dropped(dropped)
        , m_keysAcross(size, tokens)
        , m_keys(tokens, size)
        , m_valuesAcross(size, tokens)
        , m_values(tokens, size)
        , m_scores(static_cast<std::size_t>(kRows * tokens))
        , m_kept(m_scores.size())
        , m_gradient(m_scores.size())
    {
    }

    void forward(std::int64_t head, const float* q, const float* k, const float* v, float* out)
    {
        m_keysAcross.set(0, m_size, 0, m_tokens, k, 1, m_size);
        m_values.set(0, m_tokens, 0, m_size, v, m_size, 1);
        for (std::int64_t first = 0; first < m_queries; first += kRows) {
            const std::int64_t rows = std::min(kRows, m_queries - first);
            scores(rows, q + first * m_size);
            drop(m_scores.data(), rows, head, first);
            multiply(m_values, m_scores.data(), m_tokens, rows, out + first * m_size, m_size);
        }
    }

    /// Adds to kGradient and vGradient, overwrites qGradient.
    void backward(std::int64_t head, const float* q, const float* k, const float* v, const float* out,
                  const float* outGradient, float* qGradient, float* kGradient, float* vGradient)
    {
        m_keysAcross.set(0, m_size, 0, m_tokens, k, 1, m_size);
        m_keys.set(0, m_tokens, 0, m_size, k, m_size, 1);
        m_valuesAcross.set(0, m_size, 0, m_tokens, v, 1, m_size);
        for (std::int64_t first = 0; first < m_queries; first += kRows) {
            const std::int64_t rows = std::min(kRows, m_queries - first);
            const std::int64_t at = first * m_size;
            scores(rows, q + at);
            const float* kept = m_scores.data();
            multiply(m_valuesAcross, outGradient + at, m_size, rows, m_gradient.data(), m_tokens);
            if (m_dropped.probability > 0.0) {
                std::copy_n(m_scores.data(), rows * m_tokens, m_kept.data());
                drop(m_kept.data(), rows, head, first);
                drop(m_gradient.data(), rows, head, first);
                kept = m_kept.data();
            }
            addTransposed(kept, rows, outGradient + at, vGradient);
            throughSoftmax(rows, out + at, outGradient + at);
            multiply(m_keys, m_gradient.data(), m_tokens, rows, qGradient + at, m_size);
            addTransposed(m_gradient.data(), rows, q + at, kGradient);
        }
    }

private:
    void scores(std::int64_t rows, const float* q)
    {
        multiply(m_keysAcross, q, m_size, rows, m_scores.data(), m_tokens);
        m_kernels.softmaxRows(m_scores.data(), m_tokens, rows, m_tokens);
    }

    void multiply(const rnn::PackedMatrix& by, const float* a, std::int64_t lda, std::int64_t rows, float* c,
                  std::int64_t ldc) const
    {
        rnn::Product product = by.product();
        product.a = a;
        product.lda = lda;
        product.rows = rows;
        product.c = c;
        product.ldc = ldc;
        by.multiply(product);
    }

    /// sum [S, d] += weights^T [S, rows] values [rows, d]
    void addTransposed(const float* weights, std::int64_t rows, const float* values, float* sum) const
    {
        m_kernels.multiplyTransposed({.a = weights,
                                      .lda = m_tokens,
                                      .rows = m_tokens,
                                      .b = values,
                                      .ldb = m_size,
                                      .columns = m_size,
                                      .k = rows,
                                      .c = sum,
                                      .ldc = m_size,
                                      .add = true});
    }

    void drop(float* values, std::int64_t rows, std::int64_t head, std::int64_t first) const
    {
        if (m_dropped.probability <= 0.0)
            return;
        constexpr double kRange = 4294967296.0;
        for (std::int64_t row = 0; row < rows; ++row) {
            const auto place = static_cast<std::uint64_t>(head * m_queries + first + row);
            std::uint64_t mixed = (m_dropped.seed + place * 0x9e3779b97f4a7c15ULL) * 0xbf58476d1ce4e5b9ULL;
            mixed ^= mixed >> 32U;
            m_kernels.dropout({.values = values + row * m_tokens,
                               .count = m_tokens,
                               .seed = static_cast<std::uint32_t>(mixed),
                               .dropped = static_cast<std::uint32_t>(m_dropped.probability * kRange),
                               .scale = static_cast<float>(1.0 / (1.0 - m_dropped.probability))});
        }
    }

    /// The scores' gradient, from that of the softmax: p (g - sum p g); the sum is also that of out and its gradient.
    void throughSoftmax(std::int64_t rows, const float* out, const float* outGradient)
    {
        for (std::int64_t row = 0; row < rows; ++row) {
            float sum = 0.0F;
            for (std::int64_t i = row * m_size; i < (row + 1) * m_size; ++i)
                sum += out[i] * outGradient[i];
            for (std::int64_t i = row * m_tokens; i < (row + 1) * m_tokens; ++i)
                m_gradient[i] = m_scores[i] * (m_gradient[i] - sum);
        }
    }

    const rnn::Kernels& m_kernels;
    std::int64_t m_queries;
    std::int64_t m_tokens;
    std::int64_t m_size;
    Dropped m_dropped;
    rnn::PackedMatrix m_keysAcross, m_keys; ///< [d, S], [S, d]
    rnn::PackedMatrix m_valuesAcross, m_values;
    std::vector<float> m_scores; ///< [rows, S] after the softmax
    std::vector<float> m_kept; ///< and dropout
    std::vector<float> m_gradient; ///< of either
};

float* at(const at::Tensor& tensor, std::int64_t b)
{
    return tensor.data_ptr<float>() + b * tensor.stride(0);
}

at::Tensor attended(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value, double probability,
                    std::int64_t seed)
{
    const at::Tensor q = query.contiguous();
    const at::Tensor k = key.contiguous();
    const at::Tensor v = value.contiguous();
    at::Tensor out = at::empty_like(q);
    Head head(q.size(1), k.size(1), q.size(2), {probability, static_cast<std::uint64_t>(seed)});
    for (std::int64_t b = 0; b < q.size(0); ++b)
        head.forward(b, at(q, b), at(k, b), at(v, b), at(out, b));
    return out;
}

struct AttentionFunction : torch::autograd::Function<AttentionFunction>
{
    static at::Tensor forward(AutogradContext* context, const at::Tensor& query, const at::Tensor& key,
                              const at::Tensor& value, double probability, std::int64_t seed)
    {
        const at::Tensor q = query.contiguous();
        const at::Tensor k = key.contiguous();
        const at::Tensor v = value.contiguous();
        at::Tensor out = attended(q, k, v, probability, seed);
        context->save_for_backward({q, k, v, out});
        context->saved_data["probability"] = probability;
        context->saved_data["seed"] = seed;
        return out;
    }

    static variable_list backward(AutogradContext* context, const variable_list& outputs)
    {
        const variable_list saved = context->get_saved_variables();
        const at::Tensor& q = saved[0];
        const at::Tensor& k = saved[1];
        const at::Tensor outGradient = outputs[0].contiguous();
        const at::Tensor qGradient = at::empty_like(q);
        const at::Tensor kGradient = at::zeros_like(k);
        const at::Tensor vGradient = at::zeros_like(k);
        Head head(q.size(1), k.size(1), q.size(2),
                  {context->saved_data["probability"].toDouble(),
                   static_cast<std::uint64_t>(context->saved_data["seed"].toInt())});
        for (std::int64_t b = 0; b < q.size(0); ++b)
            head.backward(b, at(q, b), at(k, b), at(saved[2], b), at(saved[3], b), at(outGradient, b), at(qGradient, b),
                          at(kGradient, b), at(vGradient, b));
        return {qGradient, kGradient, vGradient, at::Tensor(), at::Tensor()};
    }
};

} // namespace

at::Tensor attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, double dropoutProbability)
{
    if (!q.is_cpu() || q.scalar_type() != at::kFloat || dropoutProbability >= 1.0) {
        const at::Tensor weights = at::bmm(q, k.transpose(1, 2)).softmax(-1);
        return at::bmm(dropoutProbability > 0.0 ? dropout(weights, dropoutProbability) : weights, v);
    }
    if (!at::GradMode::is_enabled())
        return attended(q, k, v, dropoutProbability, dropoutProbability > 0.0 ? dropoutSeed() : 0);
    return AttentionFunction::apply(q, k, v, dropoutProbability, dropoutProbability > 0.0 ? dropoutSeed() : 0);
}

} // namespace rnnscope::nn
